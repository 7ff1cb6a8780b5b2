import type { Clock } from '../../platform/clock';

/** Unchanged for so long, a project is asked half as often, and so on. */
const CALM_MS = 5 * 60_000;
const SLOWEST_MS = 60_000;
/** Everything is asked for now and then, whatever the audit log says. */
const ALL_MS = 15 * 60_000;
/** Without an audit log everything is asked for, each page of it costing this much time. */
const PAGE_MS = 3_000;
const SLOWEST_ALL_MS = 5 * 60_000;

/** When a project is asked again: there is no push, so that calm ones are asked less often, and moving ones more. */
export class Rounds {
  readonly #clock: Clock;
  readonly #pollMs: number;
  #askedAt = Number.NEGATIVE_INFINITY;
  #calledAt = Number.NEGATIVE_INFINITY;
  #allAt = Number.NEGATIVE_INFINITY;
  #movedAt: number;
  /** Milliseconds between times that all is asked for, where nothing else tells what changed; else 0. */
  #everyAllMs = 0;

  constructor(clock: Clock, pollMs: number) {
    this.#clock = clock;
    this.#pollMs = pollMs;
    this.#movedAt = clock.monotonic();
  }

  /** Milliseconds between rounds as things are. */
  get intervalMs(): number {
    const calm = Math.floor((this.#clock.monotonic() - this.#movedAt) / CALM_MS);
    return Math.max(this.#everyAllMs, Math.min(SLOWEST_MS, this.#pollMs * 2 ** Math.min(Math.max(calm, 0), 4)));
  }

  /** `restMs`: for which nothing should be asked. A call between the rounds is somebody's, and is not put off. */
  isDue(restMs: number): boolean {
    const now = this.#clock.monotonic();
    const between = now - this.#calledAt < this.#pollMs - 1_000;
    this.#calledAt = now;
    return restMs <= 0 && (between || now - this.#askedAt >= this.intervalMs - 1_000);
  }

  /** Whether a round asks for all flags. `again`: what changed cannot be told from the audit log. */
  wantsAll(again: boolean, readable: boolean, pages: number): boolean {
    const age = this.#clock.monotonic() - this.#allAt;
    this.#everyAllMs = readable ? 0 : Math.min(SLOWEST_ALL_MS, Math.max(this.#pollMs, pages * PAGE_MS));
    return age >= ALL_MS || (again && age >= this.#everyAllMs - 1_000);
  }

  readAll(): void {
    this.#allAt = this.#clock.monotonic();
  }

  done(moved: boolean): void {
    this.#askedAt = this.#calledAt = this.#clock.monotonic();
    if (moved) this.hurry();
  }

  hurry(): void {
    this.#movedAt = this.#clock.monotonic();
  }

  forget(): void {
    this.#askedAt = this.#calledAt = this.#allAt = Number.NEGATIVE_INFINITY;
    this.hurry();
  }
}
