import type { Clock } from '../clock';
import { disposable } from '../disposable';

/** The extension host's clock and timers. */
export const hostClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return disposable(() => clearTimeout(timer));
  },
  every: (ms, run) => {
    const timer = setInterval(run, ms);
    return disposable(() => clearInterval(timer));
  },
};
