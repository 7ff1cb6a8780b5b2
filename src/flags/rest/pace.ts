import type { Clock } from '../../platform/clock';

/** Kept for what a person asks for: reads of ours stop before the last calls of a window are gone. */
const KEPT_BACK = 2;
const MOST_MS = 60 * 60_000;
const MOST_BACKOFF_MS = 60_000;

export type Headers = Readonly<Record<string, string>>;

/** How a system tells its limits. */
export interface Limits {
  /** How long a window is where its end is not told, in milliseconds; longer is not waited for with a request in hand. */
  readonly windowMs: number;
  /** Calls that are left, null when nothing is said. */
  remaining(headers: Headers): number | null;
  /** Milliseconds from now (epoch ms) until there are new ones. */
  resetMs(headers: Headers, now: number): number | null;
}

/**
 * How soon a system may be asked again. All clients of an account share its limits: what its headers say is left counts,
 * until they say there is more. A refusal without any header is waited for longer each time.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #limits: Limits;
  #closedUntil = Number.NEGATIVE_INFINITY;
  #scarceUntil = Number.NEGATIVE_INFINITY;
  #refusals = 0;

  constructor(clock: Clock, limits: Limits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Milliseconds until a request may go out; 0: now. */
  waitMs(urgent: boolean): number {
    const until = urgent ? this.#closedUntil : Math.max(this.#closedUntil, this.#scarceUntil);
    return Math.max(0, until - this.#clock.monotonic());
  }

  /** Takes in what an answer says of the limits. */
  heard(status: number, headers: Headers): void {
    if (status === 429) return;
    this.#refusals = 0;
    const left = this.#limits.remaining(headers);
    if (left === null || left > KEPT_BACK) return;
    const until =
      this.#clock.monotonic() +
      Math.min(MOST_MS, this.#limits.resetMs(headers, this.#clock.now()) ?? this.#limits.windowMs);
    this.#scarceUntil = Math.max(this.#scarceUntil, until);
    if (left <= 0) this.#closedUntil = Math.max(this.#closedUntil, until);
  }

  /** A 429: how long nothing is asked, in milliseconds. */
  refused(headers: Headers): number {
    const now = this.#clock.now();
    const said = retryAfterMs(headers, now) ?? this.#limits.resetMs(headers, now);
    const backoff = Math.min(MOST_BACKOFF_MS, 1_000 * 2 ** this.#refusals) * (0.5 + Math.random() / 2);
    this.#refusals += 1;
    const wait = Math.min(MOST_MS, Math.max(said ?? backoff, 250));
    this.#closedUntil = Math.max(this.#closedUntil, this.#clock.monotonic() + wait);
    return wait;
  }

  forget(): void {
    this.#closedUntil = this.#scarceUntil = Number.NEGATIVE_INFINITY;
    this.#refusals = 0;
  }
}

/** `Retry-After`: seconds, a date, or (in proxies) epoch seconds; null when nothing readable is said. */
export function retryAfterMs(headers: Headers, now: number): number | null {
  const after = headers['retry-after']?.trim() ?? '';
  if (after === '') return null;
  const seconds = Number(after);
  const wait = !Number.isFinite(seconds)
    ? Date.parse(after) - serverNow(headers, now)
    : seconds > 1e9
      ? seconds * 1000 - serverNow(headers, now)
      : seconds * 1000;
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

/** This machine's clock may be wrong by minutes: times of the server are compared with its own `Date`. */
export function serverNow(headers: Headers, now: number): number {
  const date = Date.parse(headers.date ?? '');
  return Number.isFinite(date) ? date : now;
}
