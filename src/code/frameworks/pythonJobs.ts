import type { Evaluator } from '../resolve/evaluate';
import type { FileView } from '../resolve/view';
import type { Call, Expr, FunctionSummary, Piece } from '../summary';

const taskDecorators = new Set(['task', 'shared_task', 'periodic_task', 'actor']);
const taskModules = /^(celery|dramatiq|huey)\b/;
const queueModules = /^(confluent_kafka|kafka|aiokafka|pika|aio_pika)\b/;

/** Celery's tasks, and functions that consume a topic or a queue. */
export function pythonJobs(view: FileView, evaluator: Evaluator): ReadonlyMap<FunctionSummary, string> {
  const jobs = new Map<FunctionSummary, string>();
  const modules = [...view.modules];
  const queues = modules.some((module) => queueModules.test(module));
  for (const piece of view.summary.pieces) {
    for (const fn of piece.fns) {
      for (const { n, o, kw } of fn.deco) {
        // `@app.task` of a Celery made elsewhere, `@shared_task` of its own package.
        if (!taskDecorators.has(n) || (o === undefined && !modules.some((module) => taskModules.test(module))))
          continue;
        const name = kw?.find(([word]) => word === 'name')?.[1];
        jobs.set(fn, `task ${name?.k === 'str' ? name.v : (fn.n ?? n)}`);
      }
    }
    if (queues) for (const call of piece.calls) consumer(view, piece, call, evaluator, jobs);
  }
  return jobs;
}

/** `consumer.subscribe(['orders'])`, `KafkaConsumer('orders')`, `channel.basic_consume(queue='orders', on_message_callback=f)`. */
function consumer(
  view: FileView,
  piece: Piece,
  call: Call,
  evaluator: Evaluator,
  jobs: Map<FunctionSummary, string>,
): void {
  if (call.c.k !== 'id' && call.c.k !== 'mem') return;
  const { n } = call.c;
  const named = (word: string): Expr | undefined => call.kw?.find(([name]) => name === word)?.[1];
  if (n === 'basic_consume') {
    const given = named('on_message_callback') ?? call.a[1];
    const callback = given ? evaluator.evaluate({ view, piece }, given) : undefined;
    if (callback?.k === 'function' && callback.site.view === view)
      jobs.set(callback.fn, `consumer ${text(view, piece, named('queue') ?? call.a[0], evaluator) ?? n}`);
    return;
  }
  if (n !== 'subscribe' && n !== 'KafkaConsumer' && n !== 'AIOKafkaConsumer') return;
  const fn = piece.fns[call.f];
  const first = call.a[0]?.k === 'arr' ? call.a[0].e[0] : (call.a[0] ?? named('topics'));
  const topic = text(view, piece, first?.k === 'arr' ? first.e[0] : first, evaluator);
  if (fn && topic !== undefined) jobs.set(fn, `consumer ${topic}`);
}

function text(view: FileView, piece: Piece, e: Expr | undefined, evaluator: Evaluator): string | undefined {
  const value = e ? evaluator.evaluate({ view, piece }, e) : undefined;
  return value?.k === 'text' ? value.v : undefined;
}
