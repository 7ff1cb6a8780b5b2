import type { Evaluator } from '../resolve/evaluate';
import type { FileView } from '../resolve/view';
import type { FunctionSummary } from '../summary';
import { textsOf } from './annotated';

/** Annotations of methods that a queue calls, and under which names they say which. */
const listeners: Readonly<Record<string, readonly string[]>> = {
  KafkaListener: ['topics', 'topicPattern'],
  RabbitListener: ['queues'],
  JmsListener: ['destination'],
  SqsListener: ['value', 'queueNames'],
  PulsarListener: ['topics'],
  StreamListener: ['value', 'target'],
  Incoming: ['value'],
};
const kafka = /^org\.apache\.kafka\b/;

/** Methods that consume a topic or a queue, or run by a schedule. */
export function javaJobs(view: FileView, evaluator: Evaluator): ReadonlyMap<FunctionSummary, string> {
  const jobs = new Map<FunctionSummary, string>();
  const consumes = [...view.modules].some((module) => kafka.test(module));
  for (const piece of view.summary.pieces) {
    const site = { view, piece };
    for (const fn of piece.fns) {
      for (const deco of fn.deco) {
        const names = listeners[deco.n];
        if (names) jobs.set(fn, `consumer ${textsOf(site, deco, names, evaluator)[0] ?? fn.n ?? deco.n}`);
        else if (deco.n === 'Scheduled') jobs.set(fn, `schedule ${fn.n ?? deco.n}`);
      }
    }
    // `consumer.subscribe(List.of("orders"))`
    for (const call of consumes ? piece.calls : []) {
      const [first] = call.a;
      const fn = piece.fns[call.f];
      if (call.c.k !== 'mem' || call.c.n !== 'subscribe' || !first || !fn) continue;
      const [topic] = textsOf(site, { n: call.c.n, a: [first] }, [], evaluator);
      if (topic !== undefined) jobs.set(fn, `consumer ${topic}`);
    }
  }
  return jobs;
}
