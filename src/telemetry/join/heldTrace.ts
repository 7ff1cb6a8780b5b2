import type { SpanLink, SpanRecord } from '../otlp/record';
import type { CountedCall } from '../rollup/cell';
import type { EvaluationCell } from '../rollup/minute';
import type { ArmEntry, ServiceEntry } from '../rollup/tables';

export interface Node {
  readonly spanId: string;
  readonly parentId: string;
  readonly service: ServiceEntry;
  /** Set exactly when this is an entry span. */
  call: CountedCall | undefined;
  /** Kept while the span may still turn out to be an entry: its parent has not come and may be another service's. */
  undecided: SpanRecord | undefined;
  /** Of a consumer of messages, where they came from: kept until an edge is made of them, as its parent may come first. */
  links: readonly SpanLink[] | undefined;
  /** The one that came before it in the same trace, here and below: a list costs as much as all that is in it. */
  readonly before: Node | undefined;
}

/** What a service was given for a flag within one trace; undefined as long as no variant was named. */
export interface Choice {
  readonly service: ServiceEntry;
  readonly flag: string;
  arm: ArmEntry | undefined;
  readonly before: Choice | undefined;
}

/** Evaluations of one flag on one span. */
export interface Held {
  readonly spanId: string;
  readonly choice: Choice;
  entry: Node | undefined;
  /** The arm that the entry's call was put into. */
  labelled: ArmEntry | undefined;
  /** Where the evaluations are counted, one for each record of the same, until they have found their entry. */
  cells: EvaluationCell[] | undefined;
  readonly before: Held | undefined;
}

/** Up to so many are gone through one by one: most traces are small, and a map costs more than all that is in them. */
const searchedThrough = 12;

/** The parts of a trace that have come, the newest first. Maps are made of them as they grow. */
export class HeldTrace {
  items = 0;
  isTouched = false;
  /** Its neighbours in the {@link TraceQueue}. */
  older: HeldTrace | undefined;
  newer: HeldTrace | undefined;
  #held: Held | undefined;
  #heldCount = 0;
  #node: Node | undefined;
  #nodeCount = 0;
  #choice: Choice | undefined;
  #choiceCount = 0;
  #nodesById: Map<string, Node> | undefined;
  #choicesByKey: Map<string, Choice> | undefined;
  #heldByKey: Map<string, Held> | undefined;
  /** Spans whose parent has not come, by that parent's id. */
  #waiting: Map<string, Node[]> | undefined;

  constructor(
    readonly id: string,
    public lastTouched: number,
  ) {}

  /** The evaluation that came last; the others are before it. */
  get held(): Held | undefined {
    return this.#held;
  }

  node(spanId: string): Node | undefined {
    if (this.#nodesById) return this.#nodesById.get(spanId);
    let node = this.#node;
    while (node && node.spanId !== spanId) node = node.before;
    return node;
  }

  addNode(of: Omit<Node, 'before'>): Node {
    const { spanId, parentId, service, call, undecided, links } = of;
    const node: Node = { spanId, parentId, service, call, undecided, links, before: this.#node };
    this.#node = node;
    this.#nodeCount++;
    if (this.#nodesById) this.#nodesById.set(spanId, node);
    else if (this.#nodeCount > searchedThrough) {
      this.#nodesById = new Map();
      for (const each of chain(node)) this.#nodesById.set(each.spanId, each);
    }
    return node;
  }

  wait(node: Node): void {
    this.#waiting ??= new Map();
    const siblings = this.#waiting.get(node.parentId);
    if (siblings) siblings.push(node);
    else this.#waiting.set(node.parentId, [node]);
  }

  /** Those that waited for this parent, who no longer do. */
  takeWaiting(parentId: string): readonly Node[] | undefined {
    const waited = this.#waiting?.get(parentId);
    if (waited) this.#waiting?.delete(parentId);
    return waited;
  }

  /** Those whose parent has not come. */
  *waiting(): Iterable<Node> {
    for (const nodes of this.#waiting?.values() ?? []) yield* nodes;
  }

  /** What `service` was given for `flag` in this trace; made when there is none yet. */
  choice(service: ServiceEntry, flag: string): Choice {
    const known = this.#knownChoice(service, flag);
    if (known) return known;
    const made: Choice = { service, flag, arm: undefined, before: this.#choice };
    this.#choice = made;
    this.#choiceCount++;
    if (this.#choicesByKey) this.#choicesByKey.set(choiceKey(made), made);
    else if (this.#choiceCount > searchedThrough) {
      this.#choicesByKey = new Map();
      for (const each of chain(made)) this.#choicesByKey.set(choiceKey(each), each);
    }
    return made;
  }

  heldOf(spanId: string, choice: Choice): Held | undefined {
    if (this.#heldByKey) return this.#heldByKey.get(heldKey(spanId, choice));
    let held = this.#held;
    while (held && (held.choice !== choice || held.spanId !== spanId)) held = held.before;
    return held;
  }

  hold(spanId: string, choice: Choice, cell: EvaluationCell | undefined): void {
    const cells = cell ? [cell] : undefined;
    const held: Held = { spanId, choice, entry: undefined, labelled: undefined, cells, before: this.#held };
    this.#held = held;
    this.#heldCount++;
    if (this.#heldByKey) this.#heldByKey.set(heldKey(spanId, choice), held);
    else if (this.#heldCount > searchedThrough) {
      this.#heldByKey = new Map();
      for (const each of chain(held)) this.#heldByKey.set(heldKey(each.spanId, each.choice), each);
    }
  }

  /** The nearest entry span at or above a span, undefined while a part of the way is missing. */
  entryOf(spanId: string): Node | undefined {
    let node = this.node(spanId);
    // Parents that form a ring are possible on the wire.
    for (let steps = 0; node && steps < this.#nodeCount; steps++) {
      if (node.call) return node;
      const parent: Node | undefined = this.node(node.parentId);
      if (parent?.service !== node.service) return undefined;
      node = parent;
    }
    return node?.call ? node : undefined;
  }

  #knownChoice(service: ServiceEntry, flag: string): Choice | undefined {
    if (this.#choicesByKey) return this.#choicesByKey.get(choiceKey({ service, flag }));
    let choice = this.#choice;
    while (choice && (choice.flag !== flag || choice.service !== service)) choice = choice.before;
    return choice;
  }
}

function* chain<T extends { readonly before: T | undefined }>(last: T): Iterable<T> {
  for (let each: T | undefined = last; each; each = each.before) yield each;
}

const choiceKey = ({ service, flag }: Pick<Choice, 'service' | 'flag'>): string => `${service.index}\n${flag}`;

const heldKey = (spanId: string, choice: Choice): string => `${spanId}${choiceKey(choice)}`;
