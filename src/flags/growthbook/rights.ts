import type { Clock } from '../../platform/clock';
import type { ApiClient } from '../rest/apiClient';
import { ApiError } from '../rest/apiErrors';
import { apiPaths } from './paths';
import { anyAnswerSchema } from './schema';

/** A right that was found is believed for this long. */
const TRUSTED_MS = 5 * 60_000;

/** What a token may, and whose review changes need: GrowthBook tells neither before it is asked to do something. */
export class Rights {
  readonly #client: ApiClient;
  readonly #project: string;
  readonly #clock: Clock;
  readonly #refused = new Set<string>();
  readonly #reviewed = new Set<string>();
  readonly #passed = new Set<string>();
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(client: ApiClient, project: string, clock: Clock) {
    this.#client = client;
    this.#project = project;
    this.#clock = clock;
  }

  isRefused(environment: string): boolean {
    return this.#refused.has(environment);
  }

  refuse(environment: string): void {
    this.#refused.add(environment);
    this.#triedAt = Number.NEGATIVE_INFINITY;
  }

  /** Changes there were told to want a review, or were let pass by the token's own right: one is requested from then on. */
  wantsReview(environment: string): boolean {
    return this.#reviewed.has(environment) || this.#passed.has(environment);
  }

  noteReview(environment: string): void {
    this.#reviewed.add(environment);
  }

  /** The token's own right let a change pass by its review: nothing else would tell again that one is wanted there. */
  notePassedBy(environment: string): void {
    this.#passed.add(environment);
  }

  /** Rights change, and one refusal may have been a gateway's: the next write tells anew. */
  doubt(): void {
    this.#refused.clear();
    this.#reviewed.clear();
  }

  /**
   * Has GrowthBook toggle a flag in no environment at all, which changes nothing and is refused to those who only look.
   * Rejects with {@link ApiError} `forbidden` or `signedOut` alone: another answer says nothing of rights.
   */
  async rehearse(key: string, environment: string, reason: string, signal: AbortSignal): Promise<void> {
    const now = this.#clock.monotonic();
    if (now - this.#triedAt < TRUSTED_MS) return;
    const asked = { about: { project: this.#project, environment, key }, signal };
    try {
      const body = { reason, environments: {} };
      await this.#client.write('POST', apiPaths.toggle(key), body, anyAnswerSchema, asked);
      this.#triedAt = now;
    } catch (error) {
      signal.throwIfAborted();
      if (!ApiError.is(error) || error.reason === 'forbidden' || error.reason === 'signedOut') throw error;
    }
  }

  forget(): void {
    this.doubt();
    this.#passed.clear();
    this.#triedAt = Number.NEGATIVE_INFINITY;
  }
}
