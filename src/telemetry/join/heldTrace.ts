import type { SpanRecord } from '../otlp/record';
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
}

/** What a service was given for a flag within one trace; undefined as long as no variant was named. */
export interface Choice {
  readonly service: ServiceEntry;
  readonly flag: string;
  arm: ArmEntry | undefined;
}

/** Evaluations of one flag on one span. */
export interface Held {
  readonly spanId: string;
  readonly choice: Choice;
  entry: Node | undefined;
  /** The arm that the entry's call was put into. */
  labelled: ArmEntry | undefined;
  /** Where the evaluations are counted, one for each record of the same. */
  readonly cells: EvaluationCell[];
}

/** Up to so many a list is searched through: most traces are small, and a map costs more than all that is in them. */
const searchedThrough = 12;

/** The parts of a trace that have come. Lists become maps as they grow. */
export class HeldTrace {
  lastTouched: number;
  items = 0;
  isTouched = false;
  readonly held: Held[] = [];
  readonly #nodes: Node[] = [];
  readonly #choices: Choice[] = [];
  #nodesById: Map<string, Node> | undefined;
  #choicesByKey: Map<string, Choice> | undefined;
  #heldByKey: Map<string, Held> | undefined;
  /** Spans whose parent has not come, by that parent's id. */
  #waiting: Map<string, Node[]> | undefined;

  constructor(now: number) {
    this.lastTouched = now;
  }

  node(spanId: string): Node | undefined {
    if (this.#nodesById) return this.#nodesById.get(spanId);
    for (const node of this.#nodes) if (node.spanId === spanId) return node;
    return undefined;
  }

  addNode(node: Node): void {
    this.#nodes.push(node);
    if (this.#nodesById) this.#nodesById.set(node.spanId, node);
    else if (this.#nodes.length > searchedThrough)
      this.#nodesById = new Map(this.#nodes.map((each) => [each.spanId, each] as const));
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

  /** What `service` was given for `flag` in this trace; made when there is none yet. */
  choice(service: ServiceEntry, flag: string): Choice {
    const known = this.#knownChoice(service, flag);
    if (known) return known;
    const made: Choice = { service, flag, arm: undefined };
    this.#choices.push(made);
    if (this.#choicesByKey) this.#choicesByKey.set(choiceKey(made), made);
    else if (this.#choices.length > searchedThrough)
      this.#choicesByKey = new Map(this.#choices.map((each) => [choiceKey(each), each] as const));
    return made;
  }

  heldOf(spanId: string, choice: Choice): Held | undefined {
    if (this.#heldByKey) return this.#heldByKey.get(heldKey(spanId, choice));
    for (const held of this.held) if (held.choice === choice && held.spanId === spanId) return held;
    return undefined;
  }

  hold(held: Held): void {
    this.held.push(held);
    if (this.#heldByKey) this.#heldByKey.set(heldKey(held.spanId, held.choice), held);
    else if (this.held.length > searchedThrough)
      this.#heldByKey = new Map(this.held.map((each) => [heldKey(each.spanId, each.choice), each] as const));
  }

  /** The nearest entry span at or above a span, undefined while a part of the way is missing. */
  entryOf(spanId: string): Node | undefined {
    let node = this.node(spanId);
    // Parents that form a ring are possible on the wire.
    for (let steps = 0; node && steps < this.#nodes.length; steps++) {
      if (node.call) return node;
      const parent: Node | undefined = this.node(node.parentId);
      if (parent?.service !== node.service) return undefined;
      node = parent;
    }
    return node?.call ? node : undefined;
  }

  #knownChoice(service: ServiceEntry, flag: string): Choice | undefined {
    if (this.#choicesByKey) return this.#choicesByKey.get(choiceKey({ service, flag }));
    for (const choice of this.#choices) if (choice.flag === flag && choice.service === service) return choice;
    return undefined;
  }
}

const choiceKey = ({ service, flag }: Pick<Choice, 'service' | 'flag'>): string => `${service.index}\n${flag}`;

const heldKey = (spanId: string, choice: Choice): string => `${spanId}${choiceKey(choice)}`;
