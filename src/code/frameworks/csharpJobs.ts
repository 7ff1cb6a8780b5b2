import type { Evaluator } from '../resolve/evaluate';
import type { FileView } from '../resolve/view';
import type { FunctionSummary } from '../summary';
import { textsOf } from './annotated';

/** Methods that consume a topic or a queue: MassTransit's, Confluent's Kafka, RabbitMQ's. */
export function csharpJobs(view: FileView, evaluator: Evaluator): ReadonlyMap<FunctionSummary, string> {
  const jobs = new Map<FunctionSummary, string>();
  const consumes = [...view.modules].some((module) => /^(Confluent\.Kafka|RabbitMQ\.Client)\b/.test(module));
  for (const piece of view.summary.pieces) {
    for (const fn of piece.fns)
      if (fn.n === 'Consume' && fn.cls !== null && view.classOf(fn)?.it.impl.includes('IConsumer'))
        jobs.set(fn, `consumer ${fn.cls}`);
    for (const call of consumes ? piece.calls : []) {
      const fn = piece.fns[call.f];
      if (call.c.k !== 'mem' || !fn || !/^(Subscribe|BasicConsume(Async)?)$/.test(call.c.n)) continue;
      const deco = { n: call.c.n, a: call.a, ...(call.kw && { kw: call.kw }) };
      const [topic] = textsOf({ view, piece }, deco, ['queue', 'topic'], evaluator);
      if (topic !== undefined) jobs.set(fn, `consumer ${topic}`);
    }
  }
  return jobs;
}
