import type { Clock } from '../../platform/clock';
import { UnleashError, type UnleashClient } from './client';
import type { News } from './eventLog';
import { adminPaths } from './paths';
import { archivedSchema, summarySchema, type Summary } from './schema';

const MOST = 200;
/** The search answers 15 questions a minute, everybody's together. */
const ASKED_EVERY_MS = 60_000;
const TRUSTED_MS = 10 * 60_000;

/** Archived flags, which code may still name. Only the search lists them; what it refuses is asked for later. */
export class Archived {
  readonly #client: UnleashClient;
  readonly #project: string;
  readonly #clock: Clock;
  #flags: readonly Summary[] = [];
  #doubted = true;
  #askedAt = Number.NEGATIVE_INFINITY;
  #readAt = Number.NEGATIVE_INFINITY;
  #waitUntil = Number.NEGATIVE_INFINITY;

  constructor(client: UnleashClient, project: string, clock: Clock) {
    this.#client = client;
    this.#project = project;
    this.#clock = clock;
  }

  get flags(): readonly Summary[] {
    return this.#flags;
  }

  /** Never rejects but for the signal: flags that are in use do not wait for those that are not. */
  async refresh(news: News, signal: AbortSignal): Promise<void> {
    const now = this.#clock.now();
    this.#doubted ||= news.features.size > 0 || now - this.#readAt > TRUSTED_MS;
    if (!this.#doubted || now < this.#waitUntil || now - this.#askedAt < ASKED_EVERY_MS) return;
    this.#askedAt = now;
    try {
      const { features } = await this.#client.get(adminPaths.archived(this.#project, MOST), archivedSchema, signal);
      this.#flags = features.flatMap((item) => summarySchema.safeParse(item).data ?? []);
      this.#doubted = false;
      this.#readAt = now;
    } catch (error) {
      signal.throwIfAborted();
      if (UnleashError.is(error)) this.#waitUntil = now + (error.retryAfterMs ?? ASKED_EVERY_MS);
    }
  }
}
