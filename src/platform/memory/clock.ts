import type { Clock } from '../clock';
import { disposable, type Disposable } from '../disposable';

/** Time that stands still until it is moved. */
export class MemoryClock implements Clock {
  #now: number;
  #timers: { at: number; readonly every: number | undefined; readonly run: () => void }[] = [];

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Disposable {
    return this.#add({ at: this.#now + ms, every: undefined, run });
  }

  every(ms: number, run: () => void): Disposable {
    return this.#add({ at: this.#now + ms, every: ms, run });
  }

  /** Moves time on, running what falls due in order; what it starts is given a turn after each. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#now = Math.max(this.#now, next.at);
      if (next.every === undefined) this.#timers = this.#timers.filter((timer) => timer !== next);
      else next.at += Math.max(next.every, 1);
      next.run();
      await settled();
    }
    this.#now = until;
    await settled();
  }

  #add(timer: { at: number; readonly every: number | undefined; readonly run: () => void }): Disposable {
    this.#timers.push(timer);
    return disposable(() => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    });
  }
}

/** Lets the promises that are ready run. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}
