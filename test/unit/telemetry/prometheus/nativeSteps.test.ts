import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classicHistogram, nativeHistogram } from '../../../../src/telemetry/prometheus/histograms';
import { difference, growths } from '../../../../src/telemetry/prometheus/nativeSteps';
import type { NativeHistogram, Row } from '../../../../src/telemetry/prometheus/response';

const step = 60_000;
/** Bucket i of scale 0: (2^i, 2^(i+1)]. */
const of = (counts: readonly number[]): NativeHistogram => ({
  count: counts.reduce((sum, count) => sum + count, 0),
  buckets: counts.flatMap((count, index) => (count > 0 ? [{ left: 2 ** index, right: 2 ** (index + 1), count }] : [])),
});
const sum = (counts: readonly number[], more: readonly number[]): number[] =>
  counts.map((count, index) => count + (more[index] ?? 0));

const grown = fc.array(fc.nat(20), { minLength: 4, maxLength: 4 });
/** What one instance saw in each step, and whether it began anew before it; `null`: it was away. */
const life = fc.array(
  fc.oneof({ weight: 6, arbitrary: fc.record({ grown, reset: fc.boolean() }) }, fc.constant(null)),
  {
    minLength: 2,
    maxLength: 12,
  },
);

describe('differences of native histograms', () => {
  it('are what each step saw, through resets that can be seen', () => {
    fc.assert(
      fc.property(life, (steps) => {
        let counts = [0, 0, 0, 0];
        let known: number[] | null = null;
        let away = 0;
        const histograms: [number, NativeHistogram][] = [];
        let truth = 0;
        for (const [index, one] of steps.entries()) {
          if (one === null) {
            away += 1;
            continue;
          }
          const next: number[] = one.reset ? one.grown : sum(counts, one.grown);
          const fell = known !== null && next.some((count, at) => count < (known?.[at] ?? 0));
          // What cannot be told from going on counts as going on; what comes after too long a silence does not count.
          if (known !== null && away < 5) truth += total(fell ? next : minus(next, known));
          histograms.push([(index + 1) * step, of(next)]);
          [counts, known, away] = [next, next, 0];
        }
        const [found] = growths([{ metric: { s: 'a' }, samples: [], histograms }], step, () => 'a');
        expect(found!.steps.reduce((all, { histogram }) => all + histogram.count, 0)).toBe(truth);
        for (const { histogram } of found!.steps)
          expect(histogram.buckets.reduce((all, { count }) => all + count, 0)).toBe(histogram.count);
      }),
    );
  });

  it('count a series that begins, but only where its service was measured already', () => {
    const row = (name: string, at: readonly number[]): Row => ({
      metric: { name },
      samples: [],
      histograms: at.map((each) => [each * step, of([each])]),
    });
    const rows = [row('old', [1, 2, 3, 4]), row('error', [3, 4]), row('alone', [2, 3])];
    const found = growths(rows, step, ({ name }) => (name === 'alone' ? 'other' : 'shop'));
    const counted = found.map(({ steps }) => steps.map(({ at, histogram }) => [at / step, histogram.count]));
    expect(counted).toEqual([
      [
        [1, 1],
        [2, 1],
        [3, 1],
      ],
      [
        [2, 3],
        [3, 1],
      ],
      [[2, 1]],
    ]);
  });

  it('hold where a histogram became coarser in between', () => {
    const fine = of([1, 2, 0, 3]);
    const coarse: NativeHistogram = {
      count: 10,
      buckets: [
        { left: 1, right: 4, count: 4 },
        { left: 4, right: 16, count: 6 },
      ],
    };
    expect(difference(coarse, fine)).toEqual({
      count: 4,
      buckets: [
        { left: 1, right: 4, count: 1 },
        { left: 4, right: 16, count: 3 },
      ],
    });
    expect(nativeHistogram(difference(coarse, fine), 1_000)).toEqual({
      bounds: [0.001, 0.004, 0.016],
      counts: [0, 1, 3, 0],
    });
  });
});

describe('classic buckets', () => {
  it('become counts in seconds, whatever way bounds are written', () => {
    const buckets = new Map([
      ['+Inf', 10],
      ['100', 9],
      ['5', 2],
      ['5.0', 2],
      ['1e+01', 7],
    ]);
    expect(classicHistogram(buckets, 1_000)).toEqual({ bounds: [0.005, 0.01, 0.1], counts: [2, 5, 2, 1] });
    expect(classicHistogram(new Map([['much', 1]]), 1)).toBeNull();
  });

  it('never count less than nothing, nor more than the last bucket holds', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 1, maxLength: 10 }), (cumulative) => {
        const buckets = new Map(cumulative.map((count, index) => [String(index + 1), count]));
        const { counts } = classicHistogram(buckets, 1)!;
        expect(counts.every((count) => count >= 0)).toBe(true);
        expect(total(counts)).toBe(Math.max(...cumulative));
      }),
    );
  });
});

const total = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
const minus = (counts: readonly number[], less: readonly number[]): number[] =>
  counts.map((count, index) => count - (less[index] ?? 0));
