import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bucketBounds, bucketIndex, ExponentialHistogram, zeroThreshold } from '../../../src/telemetry/histogram';
import { describeShared } from '../../sharedData';

interface GoldenRow {
  readonly x: number;
  readonly scale: number;
  readonly base: number;
  readonly index: number;
  readonly lower: number;
  readonly upper: number;
}

const seconds = fc.double({ min: 1e-5, max: 50_000, noNaN: true });
const samples = fc.array(seconds, { minLength: 1, maxLength: 200 });

function of(values: readonly number[], scale?: number): ExponentialHistogram {
  const histogram = new ExponentialHistogram(scale);
  for (const value of values) histogram.add(value);
  return histogram;
}

describeShared('exponential histogram: golden index rows', 'statistics/golden.json', (path) => {
  const golden = JSON.parse(readFileSync(path, 'utf8')) as { otel_exp_hist_index: GoldenRow[] };
  it('has rows', () => expect(golden.otel_exp_hist_index.length).toBeGreaterThan(0));
  for (const row of golden.otel_exp_hist_index) {
    it(`x ${row.x} at scale ${row.scale}`, () => {
      expect(bucketIndex(row.x, row.scale)).toBe(row.index);
      const { lower, upper } = bucketBounds(row.index, row.scale);
      expect(Math.abs(lower / row.lower - 1)).toBeLessThan(1e-9);
      expect(Math.abs(upper / row.upper - 1)).toBeLessThan(1e-9);
      expect(Math.abs(upper / lower / row.base - 1)).toBeLessThan(1e-9);
    });
  }
});

describe('exponential histogram', () => {
  it('puts every edge into the bucket below it', () => {
    for (let index = -640; index < 544; index += 1) expect(bucketIndex(bucketBounds(index).upper)).toBe(index);
  });

  it('holds each value between its bucket edges', () => {
    fc.assert(
      fc.property(seconds, (value) => {
        const { lower, upper } = bucketBounds(bucketIndex(value));
        expect(value).toBeGreaterThan(lower * (1 - 1e-10));
        expect(value).toBeLessThanOrEqual(upper * (1 + 1e-10));
      }),
    );
  });

  it('answers quantiles within 1.1 % of the sample of that rank', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0.01, max: 1, noNaN: true }), (values, q) => {
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(q * values.length - 1e-9) - 1] ?? Number.NaN;
        expect(Math.abs((of(values).quantile(q) ?? 0) / exact - 1)).toBeLessThanOrEqual(0.011);
      }),
    );
  });

  it('is merged exactly, in any order', () => {
    fc.assert(
      fc.property(samples, samples, (left, right) => {
        const one = of(left);
        one.merge(of(right));
        const other = of(right);
        other.merge(of(left));
        expect(one.serialise()).toEqual(of([...left, ...right]).serialise());
        expect(other.serialise()).toEqual(one.serialise());
      }),
    );
  });

  it('coarsened, is what it would have been at that scale', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: 0, max: 5 }), (values, steps) => {
        const coarse = of(values);
        coarse.downscale(steps);
        expect(coarse.serialise()).toEqual(of(values, 5 - steps).serialise());
      }),
    );
  });

  it('merges scales into the coarser of both and leaves the other alone', () => {
    const fine = of([0.1, 0.2, 3], 5);
    const coarse = of([0.1], 2);
    coarse.merge(fine);
    expect(coarse.serialise()).toEqual(of([0.1, 0.1, 0.2, 3], 2).serialise());
    expect(fine.scale).toBe(5);
    fine.merge(of([0.1], 2));
    expect(fine.scale).toBe(2);
  });

  it('counts above an edge exactly, and survives being written and read', () => {
    fc.assert(
      fc.property(samples, fc.integer({ min: -300, max: 400 }), (values, index) => {
        const edge = bucketBounds(index).upper;
        const histogram = of(values);
        const above = values.filter((value) => bucketIndex(value) > index).length;
        expect(histogram.countAbove(edge)).toBe(above);
        const read = ExponentialHistogram.deserialise(JSON.parse(JSON.stringify(histogram.serialise())) as number[]);
        expect(read.countAbove(edge)).toBe(above);
        expect(read.count).toBe(values.length);
      }),
    );
  });

  it('gives a model histogram with one count more than bounds, ascending, nothing lost', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1e7, noNaN: true })), (values) => {
        const { bounds, counts } = of(values).toModel();
        expect(counts).toHaveLength(bounds.length + 1);
        expect(bounds).toEqual([...new Set(bounds)].sort((a, b) => a - b));
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
      }),
    );
  });

  it('stays bounded and counts what cannot be told apart', () => {
    const histogram = new ExponentialHistogram();
    for (let exponent = -40; exponent < 40; exponent += 0.01) histogram.add(2 ** exponent);
    expect(histogram.size).toBeLessThanOrEqual(37 * 32);
    const odd = of([0, -5, zeroThreshold, Number.POSITIVE_INFINITY]);
    odd.add(Number.NaN);
    odd.add(1, 0);
    expect([odd.count, odd.zeroCount, odd.size]).toEqual([4, 3, 1]);
    expect(odd.quantile(0.5)).toBe(0);
    expect(odd.countAbove(0)).toBe(1);
    expect(new ExponentialHistogram().quantile(0.5)).toBeNull();
  });

  it('refuses damaged data', () => {
    const damaged: number[][] = [
      [],
      [5],
      [5, 0, 1],
      [5.5, 0],
      [99, 0],
      [5, -1],
      [5, 0, 1, 0],
      [5, 0, 1, Number.NaN],
      [5, 0, 10, 1, 0, 1],
      [5, 0, 0.5, 1],
      [5, 0, 1e9, 1],
    ];
    for (const data of damaged)
      expect(() => ExponentialHistogram.deserialise(data), JSON.stringify(data)).toThrow(RangeError);
    expect(() => of([1]).downscale(6)).toThrow(RangeError);
  });
});
