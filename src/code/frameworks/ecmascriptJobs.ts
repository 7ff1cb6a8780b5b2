import type { FileView } from '../resolve/view';
import type { FunctionSummary } from '../summary';

/** Calls whose function argument is a job, with what names it: cron and queue libraries, Kafka consumers. */
const jobMakers: Readonly<Record<string, string>> = {
  schedule: 'schedule',
  process: 'process',
  Worker: 'worker',
  eachMessage: 'consumer',
  eachBatch: 'consumer',
};
const jobModules = new Set([
  'node-cron',
  'cron',
  'node-schedule',
  'bull',
  'bullmq',
  'kafkajs',
  'agenda',
  'bee-queue',
  'pg-boss',
]);

/** Functions given to a schedule, a queue or a consumer. */
export function ecmascriptJobs(view: FileView): Map<FunctionSummary, string> {
  const jobs = new Map<FunctionSummary, string>();
  if (![...view.modules].some((module) => jobModules.has(module))) return jobs;
  for (const piece of view.summary.pieces) {
    for (const call of piece.calls) {
      const name = call.c.k === 'id' || call.c.k === 'mem' ? call.c.n : '';
      if (!Object.hasOwn(jobMakers, name)) continue;
      const title = call.a[0]?.k === 'str' ? call.a[0].v : name;
      for (const argument of call.a) {
        const fn = argument.k === 'fn' ? piece.fns[argument.f] : undefined;
        if (fn) jobs.set(fn, `${jobMakers[name] ?? name} ${title}`);
      }
    }
    for (const fn of piece.fns) if (fn.n === 'eachMessage' || fn.n === 'eachBatch') jobs.set(fn, `consumer ${fn.n}`);
  }
  return jobs;
}
