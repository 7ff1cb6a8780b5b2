import type { Clock } from '../../platform/clock';
import type { ApiClient } from '../rest/apiClient';
import { ApiError } from '../rest/apiErrors';
import { apiPaths } from './paths';
import { rampSchema, rampsSchema, staleSchema, type Ramp } from './schema';

const PAGE = 100;
const MOST_RAMPS = 500;
/** What is stale stays so for days. */
const STALE_MS = 30 * 60_000;
/** Keys go into the address. */
const KEYS_AT_ONCE = 50;

/**
 * What GrowthBook says of the lives of flags beside the flags themselves: ramp schedules, and which are stale. Plans that do not
 * have them, and tokens that may not see them, cost no flag.
 */
export class Lifecycle {
  readonly #client: ApiClient;
  readonly #project: string;
  readonly #clock: Clock;
  readonly #ramps = new Map<string, readonly Ramp[]>();
  readonly #stale = new Map<string, string | null>();
  readonly #staleAt = new Map<string, number>();

  constructor(client: ApiClient, project: string, clock: Clock) {
    this.#client = client;
    this.#project = project;
    this.#clock = clock;
  }

  ramps(key: string): readonly Ramp[] {
    return this.#ramps.get(key) ?? none;
  }

  /** Why a flag is called stale; null: it is not, undefined: nobody asked. */
  stale(key: string): string | null | undefined {
    return this.#stale.get(key);
  }

  async askRamps(signal: AbortSignal): Promise<void> {
    const found: Ramp[] = [];
    for (let offset = 0; offset < MOST_RAMPS; offset += PAGE) {
      const answer = await this.#optional(signal, () =>
        this.#client.getKept(apiPaths.ramps(PAGE, offset), rampsSchema, { about: { project: this.#project }, signal }),
      );
      if (!answer) break;
      found.push(...answer.rampSchedules.flatMap((item) => rampSchema.safeParse(item).data ?? []));
      if (answer.hasMore !== true) break;
    }
    const keys = new Set([...this.#ramps.keys(), ...found.map(({ entityId }) => entityId)]);
    for (const key of keys)
      this.#keep(
        key,
        found.filter(({ entityId }) => entityId === key),
      );
  }

  async look(key: string, signal: AbortSignal): Promise<void> {
    const asked = { about: { project: this.#project, key }, signal, urgent: true };
    const answer = await this.#optional(signal, () => this.#client.get(apiPaths.rampsOf(key), rampsSchema, asked));
    if (answer)
      this.#keep(
        key,
        answer.rampSchedules.flatMap((item) => rampSchema.safeParse(item).data ?? []),
      );
    await this.askStale([key], signal, true);
  }

  /** Asks for some of those that were not asked for lately. */
  async askStale(keys: Iterable<string>, signal: AbortSignal, urgent = false): Promise<void> {
    const now = this.#clock.monotonic();
    const due: string[] = [];
    for (const key of keys) {
      if (now - (this.#staleAt.get(key) ?? Number.NEGATIVE_INFINITY) >= STALE_MS && !key.includes(',')) due.push(key);
      if (due.length >= KEYS_AT_ONCE) break;
    }
    if (due.length === 0) return;
    const asked = { about: { project: this.#project }, signal, urgent };
    const answer = await this.#optional(signal, () => this.#client.get(apiPaths.stale(due), staleSchema, asked));
    for (const key of due) {
      this.#staleAt.set(key, now);
      const said = answer && Object.hasOwn(answer.features, key) ? answer.features[key] : undefined;
      if (said) this.#stale.set(key, said.isStale ? (said.staleReason ?? '') : null);
    }
  }

  forget(): void {
    this.#ramps.clear();
    this.#stale.clear();
    this.#staleAt.clear();
  }

  /** The same list as long as nothing of it changed, so that readers can tell at a glance. */
  #keep(key: string, ramps: readonly Ramp[]): void {
    if (JSON.stringify(this.ramps(key)) !== JSON.stringify(ramps)) this.#ramps.set(key, ramps);
  }

  async #optional<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (ApiError.is(error)) return null;
      throw error;
    }
  }
}

const none: readonly Ramp[] = [];
