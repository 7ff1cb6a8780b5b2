import { expect, it } from 'vitest';
import { Tally, figuresOf } from '../../demo/load/tally.mjs';
import { compareArm } from '../../demo/steps/compare.mjs';

const answer = { route: 'POST /orders', status: 200, milliseconds: 100, at: 0 };

it('counts answers that may be of either variant one way, and knows the rate the other way', () => {
  const tally = new Tally();
  for (let i = 0; i < 8; i++) tally.add({ ...answer, variants: { f: 'on' }, orElse: { f: 'on' } });
  for (let i = 0; i < 2; i++) tally.add({ ...answer, variants: { f: 'on' }, orElse: { f: 'on' }, status: 500 });
  for (let i = 0; i < 10; i++) tally.add({ ...answer, variants: { f: 'off' } });
  for (let i = 0; i < 5; i++) tally.add({ ...answer, variants: { f: 'off' }, orElse: { f: 'on' }, status: 503 });
  expect(figuresOf(tally.arms(), 'f', 'on')).toMatchObject({ calls: 10, errorRate: 0.2, otherwise: 7 / 15 });
  expect(figuresOf(tally.arms(), 'f', 'off')).toMatchObject({ calls: 15, errorRate: 1 / 3, otherwise: 0 });
});

it.each([
  [0.2, 0],
  [0.3, 0],
  [0.46, 0],
  [0.19, 1],
  [0.48, 1],
])('agrees with %f between one way and the other, not beyond half a point', (errorRate, problems) => {
  const tallied = { calls: 100, errorRate: 0.2, otherwise: 7 / 15, p50: 100, p94: 100, p95: 100, p96: 100 };
  const shown = { calls: 100, errorRate, p95: 100 };
  expect(compareArm('f', 'on', shown, { when: () => tallied }).problems).toHaveLength(problems);
});

it.each([
  [440, 1],
  [460, 0],
  [540, 0],
  [760, 0],
  [780, 1],
])('agrees with a p95 of %i ms within a tenth of what lies around it', (p95, problems) => {
  const tallied = { calls: 200, errorRate: 0, otherwise: 0, p50: 100, p94: 500, p95: 650, p96: 700 };
  expect(compareArm('f', 'on', { calls: 200, errorRate: 0, p95 }, { when: () => tallied }).problems).toHaveLength(
    problems,
  );
});
