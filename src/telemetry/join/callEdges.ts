import type { SpanLink } from '../otlp/record';
import type { EdgeKind, ServiceEdges } from '../rollup/serviceEdges';
import type { OperationEntry, ServiceEntry } from '../rollup/tables';
import type { Node } from './heldTrace';

/** Messages whose producers have not come, at most. */
const mostWaiting = 10_000;

/** Of a counted span what an edge to it is made of: the span itself holds the whole trace that it came in. */
interface Called {
  readonly service: ServiceEntry;
  readonly operation: OperationEntry;
  readonly kind: EdgeKind;
  readonly minute: number;
}

interface Waiting {
  readonly called: Called;
  /** The producer's trace and span. */
  readonly key: string;
  readonly since: number;
}

/**
 * Who called what: a counted span whose parent is another service's, or that names a span of another service's in a link,
 * as consumers of messages do (OpenTelemetry's conventions for messaging spans). A parent goes before links. What has
 * no parent, or one that never comes, was called by somebody who is not traced.
 */
export class CallEdges {
  readonly #edges: ServiceEdges;
  readonly #find: (link: SpanLink) => Node | undefined;
  /** In the order in which they began to wait, as those of one producer are. */
  readonly #waiting = new Set<Waiting>();
  readonly #byProducer = new Map<string, Waiting[]>();

  constructor(edges: ServiceEdges, find: (link: SpanLink) => Node | undefined) {
    this.#edges = edges;
    this.#find = find;
  }

  /** A span whose parent is known, or that has none, or none that comes any more. `now` is monotonic milliseconds. */
  decide(node: Node, parent: Node | undefined, now: number): void {
    const called = calledBy(node);
    if (!called) return;
    if (parent && parent.service !== node.service) this.#add(parent.service, called);
    else if (node.links) this.#follow(called, node.links, now);
    else if (!parent) this.#untraced(called);
  }

  /** A span came that messages may be waiting for. */
  came(traceId: string, node: Node): void {
    if (this.#waiting.size === 0) return;
    const key = traceId + node.spanId;
    for (const waiting of this.#byProducer.get(key) ?? []) {
      this.#waiting.delete(waiting);
      if (waiting.called.service !== node.service) this.#add(node.service, waiting.called);
    }
    this.#byProducer.delete(key);
  }

  /** Lets go of messages whose producer did not come since `before`. */
  expire(before: number): void {
    for (const waiting of this.#waiting) {
      if (waiting.since >= before) return;
      this.#waiting.delete(waiting);
      const ofProducer = this.#byProducer.get(waiting.key);
      ofProducer?.shift();
      if (ofProducer?.length === 0) this.#byProducer.delete(waiting.key);
      this.#untraced(waiting.called);
    }
  }

  #follow(called: Called, links: readonly SpanLink[], now: number): void {
    for (const link of links) {
      const producer = this.#find(link);
      if (producer) {
        if (producer.service !== called.service) this.#add(producer.service, called);
        continue;
      }
      if (this.#waiting.size >= mostWaiting) {
        this.#edges.leftOut();
        continue;
      }
      const waiting = { called, key: link.traceId + link.spanId, since: now };
      this.#waiting.add(waiting);
      const others = this.#byProducer.get(waiting.key);
      if (others) others.push(waiting);
      else this.#byProducer.set(waiting.key, [waiting]);
    }
  }

  #add(from: ServiceEntry, { operation, kind, minute }: Called): void {
    this.#edges.add(from, operation, kind, minute);
  }

  /** What a service does of itself (a job, a timer) nobody called. */
  #untraced({ operation, kind, minute }: Called): void {
    if (operation.operation.kind !== 'root') this.#edges.add(undefined, operation, kind, minute);
  }
}

function calledBy({ service, call }: Node): Called | undefined {
  if (!call) return undefined;
  const { operation, minute } = call;
  return { service, operation, minute, kind: operation.operation.kind === 'consumer' ? 'messaging' : 'call' };
}
