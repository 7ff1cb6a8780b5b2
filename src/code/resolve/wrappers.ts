import type { TraceStep } from '../../model/reference';
import type { EvaluatedOn } from '../sdks/callShape';
import type { FunctionSummary } from '../summary';

/**
 * A project function that asks for the flag which one of its parameters names: calling it is an evaluation, and the
 * call inside it is none of its own.
 */
export interface Wrapper {
  readonly path: string;
  readonly fn: FunctionSummary;
  /** Names its receiver may go by: class, implemented interfaces, variable of its object, maker's return type. */
  readonly owners: readonly string[];
  /** Parameter that names the flag, and the property of it where the parameter is an object. */
  readonly index: number;
  readonly property: string | null;
  /** What is written around the name: `exp-` and `` for `exp-${name}`. */
  readonly prefix: string;
  readonly suffix: string;
  readonly sdk: string;
  readonly evaluatedOn: EvaluatedOn;
  /** 1 = passes its parameter to an SDK, 2 = to a wrapper of level 1. */
  readonly level: number;
  readonly trace: readonly TraceStep[];
}

/** Deepest wrapper of a wrapper that is followed. */
export const deepestWrapper = 2;

/** All wrappers found so far, by the function they are and by the name they are called by. */
export class Wrappers {
  readonly #byFile = new Map<string, readonly Wrapper[]>();
  readonly #byFunction = new Map<FunctionSummary, Wrapper[]>();
  readonly #byName = new Map<string, Wrapper[]>();

  /** Replaces the wrappers of a file; answers the names that may now be called differently. */
  set(path: string, wrappers: readonly Wrapper[]): readonly string[] {
    const before = this.#byFile.get(path) ?? [];
    if (before.length === 0 && wrappers.length === 0) return [];
    const outward = (list: readonly Wrapper[]): string =>
      JSON.stringify(list.map(({ fn, trace, ...rest }) => [rest, fn.q, fn.from, trace]));
    if (outward(before) === outward(wrappers) && before.every((wrapper, i) => wrapper.fn === wrappers[i]?.fn))
      return [];
    if (wrappers.length === 0) this.#byFile.delete(path);
    else this.#byFile.set(path, wrappers);
    this.#index();
    return [...new Set([...before, ...wrappers].map((wrapper) => wrapper.fn.n ?? ''))];
  }

  #index(): void {
    this.#byFunction.clear();
    this.#byName.clear();
    for (const wrapper of [...this.#byFile.values()].flat()) {
      push(this.#byFunction, wrapper.fn, wrapper);
      if (wrapper.fn.n !== null) push(this.#byName, wrapper.fn.n, wrapper);
    }
  }

  of(fn: FunctionSummary): readonly Wrapper[] {
    return this.#byFunction.get(fn) ?? [];
  }

  named(name: string): readonly Wrapper[] {
    return this.#byName.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  files(): readonly string[] {
    return [...this.#byFile.keys()];
  }
}

function push<K>(map: Map<K, Wrapper[]>, key: K, wrapper: Wrapper): void {
  const list = map.get(key);
  if (list) list.push(wrapper);
  else map.set(key, [wrapper]);
}
