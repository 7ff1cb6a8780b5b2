import type { Clock } from '../../platform/clock';
import { UnleashError, type UnleashClient } from './client';
import { adminPaths } from './paths';
import { detailSchema, type Detail } from './schema';

/** Looked at again this long after it was read, whatever the event log says. */
const TRUSTED_MS = 5 * 60_000;
const AT_ONCE = 4;
/** Asked for in one round: what somebody looks at, and besides that some that nobody asked for yet. */
const MOST_WANTED = 200;
const MOST_UNASKED = 50;
/** Unasked ones are read up to this many; beyond, only what somebody looks at. */
const MOST_KEPT_UNASKED = 1_000;

export type DetailAnswer =
  | { readonly kind: 'read'; readonly detail: Detail }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'gone' };

/** Strategies and variants of single flags: what is looked at first, then the others, never all at once. */
export class Details {
  readonly #client: UnleashClient;
  readonly #project: string;
  readonly #clock: Clock;
  readonly #answers = new Map<string, { readonly answer: DetailAnswer; readonly at: number }>();
  readonly #stale = new Set<string>();
  readonly #wanted = new Set<string>();

  constructor(client: UnleashClient, project: string, clock: Clock) {
    this.#client = client;
    this.#project = project;
    this.#clock = clock;
  }

  of(feature: string): DetailAnswer | undefined {
    return this.#answers.get(feature)?.answer;
  }

  /** True when it is not known yet and was not wanted before. */
  want(feature: string): boolean {
    if (this.#wanted.has(feature)) return false;
    this.#wanted.add(feature);
    return !this.#answers.has(feature);
  }

  /** What was read of it may be over. */
  doubt(feature: string): void {
    if (this.#answers.has(feature)) this.#stale.add(feature);
  }

  doubtAll(): void {
    for (const feature of this.#answers.keys()) this.#stale.add(feature);
  }

  /** Reads one now. */
  async read(feature: string, signal: AbortSignal): Promise<DetailAnswer> {
    const answer = await this.#ask(feature, signal);
    this.#stale.delete(feature);
    this.#answers.set(feature, { answer, at: this.#clock.now() });
    return answer;
  }

  /**
   * Reads what is missing or doubted among these flags (in their order), as far as one round goes. One that cannot be
   * read is an answer of its own. Rejects when Unleash as a whole cannot be asked.
   */
  async fill(features: readonly string[], signal: AbortSignal): Promise<void> {
    const all = new Set(features);
    for (const feature of [...this.#answers.keys()]) if (!all.has(feature)) this.#answers.delete(feature);
    const stale = features.filter((feature) => this.#stale.has(feature) && !this.#wanted.has(feature));
    const room = Math.max(0, MOST_KEPT_UNASKED - this.#answers.size);
    const unasked = features
      .filter((feature) => !this.#wanted.has(feature) && !this.#stale.has(feature) && this.#isDue(feature))
      .filter((feature, index) => this.#answers.has(feature) || index < room)
      .slice(0, MOST_UNASKED);
    await this.#readAll([...this.#wantedOf(features), ...this.#oldestFirst(stale), ...unasked], signal);
  }

  /** As {@link fill}, only what somebody looks at. */
  async fillWanted(features: readonly string[], signal: AbortSignal): Promise<void> {
    await this.#readAll(this.#wantedOf(features), signal);
  }

  #wantedOf(features: readonly string[]): string[] {
    return this.#oldestFirst(features.filter((feature) => this.#wanted.has(feature) && this.#isDue(feature)));
  }

  #oldestFirst(features: readonly string[]): string[] {
    const age = (feature: string): number => this.#answers.get(feature)?.at ?? 0;
    return features.toSorted((a, b) => age(a) - age(b)).slice(0, MOST_WANTED);
  }

  #isDue(feature: string): boolean {
    const known = this.#answers.get(feature);
    return !known || this.#stale.has(feature) || known.at < this.#clock.now() - TRUSTED_MS;
  }

  async #readAll(features: readonly string[], signal: AbortSignal): Promise<void> {
    const queue = [...features];
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await this.read(next, signal);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  async #ask(feature: string, signal: AbortSignal): Promise<DetailAnswer> {
    try {
      const detail = await this.#client.get(adminPaths.feature(this.#project, feature), detailSchema, signal);
      return { kind: 'read', detail };
    } catch (error) {
      if (UnleashError.is(error, 'notFound')) return { kind: 'gone' };
      if (UnleashError.is(error, 'unreadable', 'server', 'invalid'))
        return { kind: 'unreadable', reason: error.message };
      throw error;
    }
  }
}
