import type { Evaluator } from '../resolve/evaluate';
import type { FileView } from '../resolve/view';
import type { Call, Expr, FunctionSummary, Piece } from '../summary';

const queueModules = /\/sarama\b|\/kafka-go\b|\/confluent-kafka-go\b|\/nats\.go\b/;
const cronModule = /\/robfig\/cron\b/;

/** Functions that consume a topic or run by a schedule. */
export function goJobs(view: FileView, evaluator: Evaluator): ReadonlyMap<FunctionSummary, string> {
  const jobs = new Map<FunctionSummary, string>();
  const modules = [...view.modules];
  const queues = modules.some((module) => queueModules.test(module));
  const crons = modules.some((module) => cronModule.test(module));
  for (const piece of queues || crons ? view.summary.pieces : []) {
    // Sarama's consumer group asks whoever has this method.
    for (const fn of piece.fns) if (queues && fn.n === 'ConsumeClaim' && fn.method) jobs.set(fn, `consumer ${fn.n}`);
    for (const call of piece.calls) {
      const job = jobOf(view, piece, call, evaluator, queues, crons);
      if (job) jobs.set(job.fn, job.title);
    }
  }
  return jobs;
}

/** `consumer.SubscribeTopics([]string{"orders"}, nil)`, `nc.Subscribe("orders", f)`, `c.AddFunc("@daily", f)`. */
function jobOf(
  view: FileView,
  piece: Piece,
  call: Call,
  evaluator: Evaluator,
  queues: boolean,
  crons: boolean,
): { fn: FunctionSummary; title: string } | undefined {
  if (call.c.k !== 'mem') return undefined;
  const { n } = call.c;
  const text = (e: Expr | undefined): string | undefined => {
    const value = e ? evaluator.evaluate({ view, piece }, e) : undefined;
    return value?.k === 'text' ? value.v : undefined;
  };
  const [first, second] = call.a;
  if (queues && n === 'SubscribeTopics') {
    const topic = text(first?.k === 'arr' ? first.e[0] : first);
    const fn = piece.fns[call.f];
    return fn && topic !== undefined ? { fn, title: `consumer ${topic}` } : undefined;
  }
  const title =
    queues && /^(Queue)?Subscribe$/.test(n) ? 'consumer' : crons && n === 'AddFunc' ? 'schedule' : undefined;
  const given = title === undefined ? undefined : (call.a[2] ?? second);
  const callback = given ? evaluator.evaluate({ view, piece }, given) : undefined;
  const name = text(first);
  if (title === undefined || name === undefined || callback?.k !== 'function') return undefined;
  return callback.site.view === view ? { fn: callback.fn, title: `${title} ${name}` } : undefined;
}
