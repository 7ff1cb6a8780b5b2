import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArmWindow } from '../../../src/telemetry/compare/armWindow';
import { locationShift, standardisedRankSum } from '../../../src/telemetry/compare/mannWhitney';
import { secondOpinion } from '../../../src/telemetry/compare/secondOpinion';

const minutes = (count: number, make: (at: number) => readonly [number, number]): ArmWindow[] =>
  Array.from({ length: count }, (_, end) => {
    const [e1, e0] = make(end);
    return { end, n1: 100, e1, n0: 200, e0 };
  });

describe('the second opinion', () => {
  it('calls what Kayenta would: high, low or pass', () => {
    expect(secondOpinion(minutes(15, (at) => [8 + (at % 3), 2 + (at % 3)]))).toBe('high');
    expect(secondOpinion(minutes(15, (at) => [1 + (at % 2), 12 + (at % 5)]))).toBe('low');
    expect(secondOpinion(minutes(15, (at) => [3 + (at % 4), 6 + 2 * ((at + 1) % 4)]))).toBe('pass');
    expect(secondOpinion(minutes(15, () => [1, 2]))).toBe('pass');
    expect(secondOpinion(minutes(15, () => [5, 2]))).toBe('high');
  });

  it('says nothing of few minutes, and leaves out those that only one side has', () => {
    expect(secondOpinion(minutes(7, () => [50, 1]))).toBe('nodata');
    const lone = minutes(20, () => [50, 1]).map((each, index) => (index % 3 === 0 ? each : { ...each, n0: 0, e0: 0 }));
    expect(secondOpinion(lone)).toBe('nodata');
    expect(secondOpinion([])).toBe('nodata');
  });
});

describe('location shift', () => {
  const sample = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 25 });

  it('ends, lies in order, and turns its sign with the samples', () => {
    fc.assert(
      fc.property(sample, sample, (x, y) => {
        const shift = locationShift(x, y, 1.96);
        const other = locationShift(y, x, 1.96);
        expect(shift === null).toBe(other === null);
        if (!shift || !other) return;
        // Roots of a step function are found to 1e-4 on either of its sides.
        expect(shift.low).toBeLessThanOrEqual(shift.high + 1e-3);
        expect(Math.abs(standardisedRankSum(x, y, 0) + standardisedRankSum(y, x, 0))).toBeLessThan(1e-9);
        const [least, most] = [Math.min(...x) - Math.max(...y), Math.max(...x) - Math.min(...y)];
        for (const value of Object.values(shift) as number[]) {
          expect(value).toBeGreaterThanOrEqual(least);
          expect(value).toBeLessThanOrEqual(most);
        }
      }),
    );
  });

  it('of one value each is their difference, of equal ones nothing', () => {
    expect(locationShift([3, 3], [1, 1], 1.96)).toEqual({ low: 2, high: 2, estimate: 2 });
    expect(locationShift([1, 1], [1], 1.96)).toBeNull();
    expect(locationShift([], [1], 1.96)).toBeNull();
  });
});
