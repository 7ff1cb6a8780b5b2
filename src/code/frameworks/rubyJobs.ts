import type { FileView } from '../resolve/view';
import { lastName, type FunctionSummary } from '../summary';

const jobBase = /^(ApplicationJob|BaseJob|ApplicationWorker|BaseWorker|ApplicationConsumer)$|Job$|Worker$/;
const jobModule = /^(Job|Worker|ApplicationWorker|Perform)$/;

/** Methods that a queue runs: `perform` of Active Job, Sidekiq, Resque and Shoryuken, `consume` of Karafka. */
export function rubyJobs(view: FileView): ReadonlyMap<FunctionSummary, string> {
  const jobs = new Map<FunctionSummary, string>();
  for (const piece of view.summary.pieces) {
    for (const { n, ext, impl } of piece.classes) {
      const base = ext ? (lastName(ext) ?? '') : '';
      // `ActiveJob::Base`
      const isActiveJob = ext?.k === 'mem' && ext.n === 'Base' && lastName(ext.o) === 'ActiveJob';
      const isConsumer = base === 'ApplicationConsumer' || (ext?.k === 'mem' && base === 'BaseConsumer');
      if (!isActiveJob && !isConsumer && !jobBase.test(base) && !impl.some((name) => jobModule.test(name))) continue;
      const method = isConsumer ? 'consume' : 'perform';
      const found = view.member(n, method);
      const fn = found?.it.f === undefined ? undefined : found.piece.fns[found.it.f];
      if (fn) jobs.set(fn, `${isConsumer ? 'consumer' : 'job'} ${n}`);
    }
  }
  return jobs;
}
