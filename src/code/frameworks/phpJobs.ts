import type { Evaluator } from '../resolve/evaluate';
import type { FileView } from '../resolve/view';
import type { FunctionSummary } from '../summary';
import { textsOf } from './annotated';

/** Laravel's queued jobs and commands, Symfony's message handlers, commands and schedules. */
export function phpJobs(view: FileView, evaluator: Evaluator): ReadonlyMap<FunctionSummary, string> {
  const jobs = new Map<FunctionSummary, string>();
  for (const piece of view.summary.pieces) {
    const site = { view, piece };
    for (const fn of piece.fns) {
      const cls = view.classOf(fn)?.it;
      if (!cls || fn.n === null) continue;
      const marks = new Map([...cls.deco, ...fn.deco].map((deco) => [deco.n, deco]));
      const command = marks.get('AsCommand');
      const isRun = fn.n === '__invoke' || fn.n === 'execute' || fn.n === 'handle';
      const isMarked = isRun || fn.deco.length > 0;
      if (command && isRun) jobs.set(fn, `command ${textsOf(site, command, ['name'], evaluator)[0] ?? cls.n}`);
      else if (marks.has('AsMessageHandler') && isMarked) jobs.set(fn, `consumer ${cls.n}`);
      else if ((marks.has('AsCronTask') || marks.has('AsPeriodicTask')) && isMarked) jobs.set(fn, `schedule ${cls.n}`);
      else if (fn.n === 'handle' && cls.impl.includes('ShouldQueue')) jobs.set(fn, `job ${cls.n}`);
    }
  }
  return jobs;
}
