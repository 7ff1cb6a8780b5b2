import type { Reference } from '../model/reference';
import type { DefinedKeys } from './definedKeys';

/** SDKs that ask what a flag file of flagd or a manifest of OpenFeature defines. */
const ofFiles: ReadonlySet<string> = new Set(['openfeature', 'flagd', 'ofrep']);

/**
 * Keys that code certainly evaluates and that nothing defines, each by its first evaluation. Empty where no definitions
 * are known. A list of the user's (`isWhole`) is of all flags, files are of those that their SDKs ask.
 */
export class UndefinedKeys {
  readonly #defined: ReadonlySet<string>;
  readonly #first = new Map<string, Reference>();

  constructor(
    defined: DefinedKeys,
    private readonly isWhole: boolean,
  ) {
    this.#defined = new Set(defined.keys);
  }

  add(references: readonly Reference[]): void {
    if (this.#defined.size === 0) return;
    for (const reference of references) {
      const { key, kind, certainty, sdk } = reference;
      if (key === null || kind !== 'evaluation' || certainty !== 'certain' || this.#defined.has(key)) continue;
      if ((this.isWhole || ofFiles.has(sdk ?? '')) && !this.#first.has(key)) this.#first.set(key, reference);
    }
  }

  list(): readonly Reference[] {
    return [...this.#first.values()];
  }
}
