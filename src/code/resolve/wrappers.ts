import type { Json } from '../../model/json';
import type { TraceStep, ValueType } from '../../model/reference';
import type { EvaluatedOn } from '../sdks/callShape';
import type { FunctionSummary } from '../summary';
import type { BagMaker } from './modules';

/**
 * How a call is known to ask for a flag: `followed` to an SDK's; `likely` an SDK's, whose names others may have; `named`:
 * by its names it asks a flag service of another package, which is certain for keys out of a table of flags only.
 */
export type Evidence = 'followed' | 'likely' | 'named';

/**
 * A project function that asks for the flag which one of its parameters names: calling it is an evaluation, and the
 * call inside it is none of its own.
 */
export interface Wrapper {
  readonly path: string;
  readonly fn: FunctionSummary;
  /** By which name it is called: its own, or its class's where it makes an instance. */
  readonly name: string;
  /** Names its receiver may go by: class, implemented interfaces, variable of its object, maker's return type. */
  readonly owners: readonly string[];
  /** Parameter that names the flag, and the property of it where the parameter is an object. */
  readonly index: number;
  readonly property: string | null;
  /** The field of its object that holds the key, where no parameter names it: `new Flag('k').isOn()`. */
  readonly field: string | null;
  /** The function whose parameter names the flag where it returned the object with this method: `createFlag('k').isOn()`. */
  readonly closure: FunctionSummary | null;
  /** What the parameter is called; null where it has no name of its own. */
  readonly parameter: string | null;
  /** Its type, where a caller may leave that out: Swift's `.newCheckout`. */
  readonly type: string | null;
  /** The flag that a generated accessor asks for, whatever it is given; null for wrappers. */
  readonly fixed: string | null;
  /** By which word its callers are searched for. */
  readonly searched: string;
  /** What is written around the name: `exp-` and `` for `exp-${name}`. */
  readonly prefix: string;
  readonly suffix: string;
  readonly sdk: string | null;
  /** The type it asks for, and the default that it writes itself, where they are known. */
  readonly asks: ValueType | null;
  readonly fallback: { readonly value: Json } | null;
  readonly evaluatedOn: EvaluatedOn;
  readonly evidence: Evidence;
  /** It gives the opposite of what the flag says: `isDisabled`. */
  readonly negated: boolean;
  /** 1 = passes its parameter to an SDK, 2 = to a wrapper of level 1. */
  readonly level: number;
  readonly trace: readonly TraceStep[];
}

/**
 * Deepest wrapper of a wrapper that is followed: what bounds wrappers that call each other in a circle once the SDK's
 * call that they led to is gone.
 */
export const deepestWrapper = 10;

/** All wrappers found so far, by the function they are and by the name they are called by. */
export class Wrappers {
  readonly #byFile = new Map<string, readonly Wrapper[]>();
  readonly #byFunction = new Map<FunctionSummary, readonly Wrapper[]>();
  readonly #byName = new Map<string, readonly Wrapper[]>();
  /** Files in the order in which they first had wrappers, which is that of the wrappers of one name. */
  readonly #turns = new Map<string, number>();
  readonly #turnOf = new WeakMap<Wrapper, number>();
  #turn = 0;
  /** Functions that hand out all flags, by name. */
  readonly #makers = new Map<string, readonly BagMaker[]>();

  /** Names under which files give out what SDKs give, by file. */
  readonly #handedOut = new Map<string, readonly string[]>();
  #handedOutNames: ReadonlySet<string> = new Set();

  /** Replaces the wrappers of a file; answers the names that may now be called differently. */
  set(
    path: string,
    wrappers: readonly Wrapper[],
    makers: readonly BagMaker[] = [],
    handedOut: readonly string[] = [],
  ): readonly string[] {
    this.#setHandedOut(path, handedOut);
    return [...new Set([...this.#setMakers(path, makers), ...this.#setWrappers(path, wrappers)])];
  }

  #setHandedOut(path: string, names: readonly string[]): void {
    const before = this.#handedOut.get(path) ?? [];
    if (before.join() === names.join()) return;
    if (names.length > 0) this.#handedOut.set(path, names);
    else this.#handedOut.delete(path);
    this.#handedOutNames = new Set([...this.#handedOut.values()].flat());
  }

  #setMakers(path: string, makers: readonly BagMaker[]): readonly string[] {
    const before = this.#makers.get(path) ?? [];
    if (JSON.stringify(before) === JSON.stringify(makers)) return [];
    if (makers.length === 0) this.#makers.delete(path);
    else this.#makers.set(path, makers);
    return [...before, ...makers].map(({ name }) => name);
  }

  /** Functions of this name that hand out all flags. */
  handingOut(name: string): readonly BagMaker[] {
    return [...this.#makers.values()].flatMap((makers) => makers.filter((maker) => maker.name === name));
  }

  #setWrappers(path: string, wrappers: readonly Wrapper[]): readonly string[] {
    const before = this.#byFile.get(path) ?? [];
    if (before.length === 0 && wrappers.length === 0) return [];
    const outward = (list: readonly Wrapper[]): string =>
      JSON.stringify(list.map(({ fn, closure, trace, ...rest }) => [rest, closure?.from, fn.q, fn.from, trace]));
    if (outward(before) === outward(wrappers) && before.every((wrapper, i) => wrapper.fn === wrappers[i]?.fn))
      return [];
    // Only what this file changes: a tree has as many files with wrappers as it likes.
    const gone = new Set(before);
    for (const { fn, name } of before) {
      leaveOut(this.#byFunction, fn, gone);
      leaveOut(this.#byName, name, gone);
    }
    if (wrappers.length === 0) {
      this.#byFile.delete(path);
      this.#turns.delete(path);
    } else {
      this.#byFile.set(path, wrappers);
      if (!this.#turns.has(path)) this.#turns.set(path, this.#turn++);
    }
    const turn = this.#turns.get(path) ?? 0;
    for (const wrapper of wrappers) {
      this.#turnOf.set(wrapper, turn);
      this.#put(this.#byFunction, wrapper.fn, wrapper);
      this.#put(this.#byName, wrapper.name, wrapper);
    }
    return [...new Set([...before, ...wrappers].map((wrapper) => wrapper.name))];
  }

  #put<K>(map: Map<K, readonly Wrapper[]>, key: K, wrapper: Wrapper): void {
    const list = map.get(key) ?? [];
    const turn = this.#turnOf.get(wrapper) ?? 0;
    const later = list.findIndex((other) => (this.#turnOf.get(other) ?? 0) > turn);
    map.set(key, later < 0 ? [...list, wrapper] : list.toSpliced(later, 0, wrapper));
  }

  of(fn: FunctionSummary): readonly Wrapper[] {
    return this.#byFunction.get(fn) ?? [];
  }

  named(name: string): readonly Wrapper[] {
    return this.#byName.get(name) ?? [];
  }

  /** Whether anything is known that asks for flags under this name. */
  has(name: string): boolean {
    return this.#byName.has(name) || this.#handedOutNames.has(name);
  }

  names(): readonly string[] {
    const makers = [...this.#makers.values()].flat().map(({ name }) => name);
    const searched = [...this.#byName.values()].flat().map((wrapper) => wrapper.searched);
    return [...new Set([...searched, ...makers, ...this.#handedOutNames])];
  }

  inFile(path: string): readonly Wrapper[] {
    return this.#byFile.get(path) ?? [];
  }

  files(): readonly string[] {
    return [...this.#byFile.keys()];
  }
}

function leaveOut<K>(map: Map<K, readonly Wrapper[]>, key: K, gone: ReadonlySet<Wrapper>): void {
  const left = map.get(key)?.filter((wrapper) => !gone.has(wrapper)) ?? [];
  if (left.length > 0) map.set(key, left);
  else map.delete(key);
}
