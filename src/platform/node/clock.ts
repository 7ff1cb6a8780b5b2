import { performance } from 'node:perf_hooks';
import type { Clock } from '../clock';
import { disposable } from '../disposable';

/** The machine's clock. A wait keeps its process alive (someone awaits it); a repetition does not. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return disposable(() => clearTimeout(timer));
  },
  every(ms, run) {
    const timer = setInterval(run, ms).unref();
    return disposable(() => clearInterval(timer));
  },
};
