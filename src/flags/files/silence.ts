import type { SilentEnvironment } from '../../model/flag';
import type { EnvironmentRef } from '../../model/identity';
import type { FlagSource } from './flagSource';

/** Remembers when each source of an environment was last as it is shown, to say of one that no longer answers how old it is. */
export class Silence {
  readonly #environment: EnvironmentRef;
  readonly #knownAt = new Map<FlagSource, number>();
  #found: SilentEnvironment | null = null;

  constructor(environment: EnvironmentRef) {
    this.#environment = environment;
  }

  /** Null while every source answers. */
  get found(): SilentEnvironment | null {
    return this.#found;
  }

  /** Looks at sources that were just loaded; `now` in epoch ms. */
  look(sources: readonly FlagSource[], now: number): void {
    for (const source of sources) if (source.reached && source.file) this.#knownAt.set(source, now);
    const silent = sources.filter((source) => !source.reached || !source.file);
    // What was never known says less than what is old: it goes first.
    const first = silent.find(({ file }) => !file) ?? silent[0];
    if (!first) {
      this.#found = null;
      return;
    }
    const { refusal, waiting, problems } = first;
    const state = refusal && !first.file ? 'notAsked' : waiting === true ? 'asking' : 'unreachable';
    this.#found = {
      environment: this.#environment,
      state,
      reason: refusal?.message ?? problems[0]?.message ?? '',
      since: this.#found?.state === state ? this.#found.since : now,
      knownAt: first.file ? (this.#knownAt.get(first) ?? null) : null,
    };
  }
}
