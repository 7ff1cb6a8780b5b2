import { expect, it } from 'vitest';
import { Pace } from '../../../src/code/pace';

it('lets requests in as often with many parts at once as with one', async () => {
  const [lanes, ms] = [8, 3];
  let now = 0;
  const pace = new Pace({ now: () => now, breathe: () => new Promise((resolve) => void setImmediate(resolve)) });
  let isDone = false;
  let turnedAt = 0;
  let longest = 0;
  const turn = (): void => {
    longest = Math.max(longest, now - turnedAt);
    turnedAt = now;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  const lane = async (): Promise<void> => {
    for (let part = 0; part < 40; part++) {
      await pace.step();
      now += ms;
      // As a file is read: what waits for it goes on without the thread being let go of.
      await Promise.resolve();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  isDone = true;
  expect(longest).toBeGreaterThan(0);
  // Eight milliseconds, and what each had begun by then.
  expect(longest).toBeLessThanOrEqual(8 + lanes * ms);
});
