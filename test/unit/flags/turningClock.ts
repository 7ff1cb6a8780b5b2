import { MemoryClock } from '../../../src/platform/memory/clock';

/** Each look at it takes a while, and every wait is over at once: how often long work lets others have their turn. */
export class TurningClock extends MemoryClock {
  rests = 0;
  #at = 0;

  constructor(readonly stepMs: number) {
    super();
  }

  override monotonic(): number {
    return (this.#at += this.stepMs);
  }

  override after(_ms: number, run: () => void): { dispose: () => void } {
    this.rests++;
    queueMicrotask(run);
    return { dispose: () => undefined };
  }
}
