import { expect } from 'vitest';
import { faults } from './faults';
import type { LoopFigures } from './loop';

/** `npm run soak` says how long; a minute in the tests of every day. */
export const loopMs = Number(process.env.SIGHTGLASS_SOAK_MINUTES ?? 1) * 60_000;
/** What happens hangs on the clock too: a seed narrows a failure down, and does not repeat it. */
export const loopSeed = Number(process.env.SIGHTGLASS_SOAK_SEED ?? Date.now() % 1_000_000);
export const loopTimeout = loopMs + 240_000;

export function expectTrue(figures: LoopFigures, name: string): void {
  const { wrong, ...rest } = figures;
  console.log(`${name}, ${String(loopMs / 1_000)} s behind faults: ${JSON.stringify(rest)}`);
  expect(wrong, `seed ${String(figures.seed)}`).toEqual([]);
  // A loop in which nothing was changed, or nothing failed, shows nothing.
  expect(rest.outcomes.done ?? 0).toBeGreaterThan(10);
  expect(Object.keys(rest.struck).length).toBeGreaterThan(Object.keys(faults).length / 2);
}
