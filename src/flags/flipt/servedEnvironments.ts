import * as z from 'zod';
import type { Clock } from '../../platform/clock';
import type { Remote } from '../../platform/remotes';
import { apiPaths } from './apiPaths';

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 256 * 1024;
const TRUSTED_MS = 5 * 60_000;

const answerSchema = z.looseObject({ environments: z.array(z.looseObject({ key: z.string() })) });

/**
 * Which environments a Flipt has (`GET /api/v2/environments`). Asked for one that it does not have, it evaluates in its
 * default one and says nothing of it.
 */
export class ServedEnvironments {
  #known: readonly string[] | null = null;
  #askedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly remote: Remote,
    private readonly clock: Clock,
  ) {}

  /** null: it does not say, as version 1, which has none, or one that shows them to nobody. */
  async all(signal: AbortSignal | undefined): Promise<readonly string[] | null> {
    const now = this.clock.monotonic();
    if (now - this.#askedAt < TRUSTED_MS) return this.#known;
    this.#known = await this.#asked(signal).catch(() => null);
    signal?.throwIfAborted();
    this.#askedAt = now;
    return this.#known;
  }

  async #asked(signal: AbortSignal | undefined): Promise<readonly string[] | null> {
    const { status, body } = await this.remote.request({
      method: 'GET',
      path: apiPaths.environments,
      headers: { accept: 'application/json' },
      timeoutMs: TIMEOUT_MS,
      maxBytes: MOST_BYTES,
      ...(signal && { signal }),
    });
    if (status !== 200) return null;
    const read = answerSchema.safeParse(JSON.parse(new TextDecoder().decode(body)));
    return read.data?.environments.map(({ key }) => key) ?? null;
  }
}
