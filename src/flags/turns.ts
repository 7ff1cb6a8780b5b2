import { sleep, type Clock } from '../platform/clock';

/** Long work on the host thread in turns: after each few milliseconds others get theirs. */
export class Turns {
  readonly #clock: Clock;
  readonly #budgetMs: number;
  #since: number;

  constructor(clock: Clock, budgetMs = 6) {
    this.#clock = clock;
    this.#budgetMs = budgetMs;
    this.#since = clock.monotonic();
  }

  /** True when it is time to `await rest()`. Cheap enough to ask often. */
  get over(): boolean {
    return this.#clock.monotonic() - this.#since >= this.#budgetMs;
  }

  async rest(signal: AbortSignal): Promise<void> {
    await sleep(this.#clock, 0, signal);
    this.#since = this.#clock.monotonic();
  }
}
