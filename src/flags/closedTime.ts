import type { Clock } from '../platform/clock';
import type { HttpResponse } from '../platform/http';
import { retryAfterMs } from './rest/pace';

/** Where a server says 429 and not for how long. */
const UNTOLD_MS = 10_000;
const MOST_MS = 60 * 60_000;

/** Since when, and for how long, a server wants not to be asked (429, or any answer that says when to come again). */
export class ClosedTime {
  #until = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Clock) {}

  get isOver(): boolean {
    return this.clock.monotonic() >= this.#until;
  }

  /** Takes note of an answer; ms that it is not asked from now on, 0 where it says nothing of it. */
  note({ status, headers }: Pick<HttpResponse, 'status' | 'headers'>): number {
    const told = status === 429 || status === 503 ? retryAfterMs(headers, this.clock.now()) : null;
    const wait = Math.min(MOST_MS, told ?? (status === 429 ? UNTOLD_MS : 0));
    this.#until = this.clock.monotonic() + wait;
    return wait;
  }
}
