import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArmWindow } from '../../../src/telemetry/compare/armWindow';
import { compareArms, type ArmsToCompare } from '../../../src/telemetry/compare/compareArms';
import { gridProcess, phiBeforeEstimate, ratioGrid } from '../../../src/telemetry/compare/gridProcess';
import { riskRatio } from '../../../src/telemetry/compare/mantelHaenszel';
import { slowWindows } from '../../../src/telemetry/compare/slowWindows';
import { wilson95 } from '../../../src/telemetry/compare/wilson';
import { ExponentialHistogram } from '../../../src/telemetry/histogram';
import { LatencySum } from '../../../src/telemetry/latencySum';
import { SeededDraws } from './seededDraws';

const window = fc
  .record({
    end: fc.constant(0),
    n1: fc.integer({ min: 1, max: 400 }),
    n0: fc.integer({ min: 1, max: 400 }),
    share1: fc.double({ min: 0, max: 1, noNaN: true }),
    share0: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ end, n1, n0, share1, share0 }): ArmWindow => ({
    end,
    n1,
    n0,
    e1: Math.floor(n1 * share1),
    e0: Math.floor(n0 * share0),
  }));
const history = fc.array(window, { minLength: 1, maxLength: 20 });
const lastLogE = (windows: readonly ArmWindow[], direction: 'worse' | 'better' = 'worse'): number =>
  gridProcess(windows, direction).at(-1)?.logE ?? 0;
const near = (actual: number, expected: number): void =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)));

describe('grid e-process', () => {
  it('does not change when a window is split in two of the same ratio of arms', () => {
    const even = fc.record({
      n1: fc.integer({ min: 1, max: 200 }),
      n0: fc.integer({ min: 1, max: 200 }),
      e1: fc.integer({ min: 0, max: 100 }),
      e0: fc.integer({ min: 0, max: 100 }),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(even, ({ n1, n0, e1, e0, part }) => {
        const first = { end: 1, n1, n0, e1: Math.floor(e1 * part), e0: Math.floor(e0 * part) };
        const second = { end: 2, n1, n0, e1: e1 - first.e1, e0: e0 - first.e0 };
        near(lastLogE([first, second]), lastLogE([{ end: 2, n1: 2 * n1, n0: 2 * n0, e1, e0 }]));
      }),
    );
  });

  it('says the same when the arms are swapped and the ratios inverted', () => {
    fc.assert(
      fc.property(history, (windows) => {
        const swapped = windows.map(({ end, n1, n0, e1, e0 }) => ({ end, n1: n0, n0: n1, e1: e0, e0: e1 }));
        const one = gridProcess(windows, 'worse');
        gridProcess(swapped, 'better').forEach((other, index) => {
          near(other.logE, one[index]!.logE);
          near(other.phi, one[index]!.phi);
          near(other.p, one[index]!.p);
        });
      }),
    );
  });

  it('rises with every further bad call of the treatment', () => {
    fc.assert(
      fc.property(history, fc.nat(), (windows, pick) => {
        const at = pick % windows.length;
        const more = windows.map((each, index) => (index === at ? { ...each, e1: each.e1 + 1 } : each));
        expect(lastLogE(more)).toBeGreaterThan(lastLogE(windows));
      }),
    );
  });

  it('skips windows without calls on both sides, and its p never rises', () => {
    fc.assert(
      fc.property(history, (windows) => {
        const gaps = windows.flatMap((each) => [{ end: 0, n1: 0, n0: 50, e1: 0, e0: 50 }, each]);
        const steps = gridProcess(gaps, 'worse');
        expect(steps).toEqual(gridProcess(windows, 'worse'));
        let before = 1;
        for (const { p } of steps) {
          expect(p).toBeLessThanOrEqual(before);
          before = p;
        }
      }),
    );
  });

  it('tempers by a fixed phi until ten windows had bad calls, then by Pearson chi-squared per window', () => {
    const burst = (end: number): ArmWindow => ({ end, n1: 100, n0: 100, e1: end % 2 ? 20 : 0, e0: end % 2 ? 0 : 20 });
    const steps = gridProcess(
      Array.from({ length: 12 }, (_, end) => burst(end)),
      'worse',
    );
    expect(steps.map(({ phiEstimated }) => phiEstimated)).toEqual(steps.map((_, index) => index >= 9));
    expect(steps[8]?.phi).toBe(phiBeforeEstimate);
    near(steps[11]!.phi, 20);
    near(steps[11]!.tempered, steps[11]!.logE / 20);
    const calm = Array.from({ length: 12 }, (_, end) => ({ end, n1: 100, n0: 100, e1: 2, e0: 2 }));
    expect(gridProcess(calm, 'worse').at(-1)?.phi).toBe(1);
  });
});

/** 95 % of such simulations alarm at most this often: alpha and three standard deviations. */
const bound = (runs: number): number => 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs);
const rampShares = [0.01, 0.05, 0.1, 0.25, 0.5, 0.5];

function simulate(options: {
  readonly runs: number;
  readonly windows: number;
  readonly share: (at: number) => number;
  readonly rate: (at: number) => number;
  readonly ratio: number;
  readonly burst: number;
}): { readonly untempered: number; readonly alarms: number; readonly ratios: readonly number[] } {
  const draws = new SeededDraws(20_261_122);
  const bad = (calls: number, rate: number): number => {
    const sessions = draws.binomial(calls, rate / options.burst);
    let sum = 0;
    for (let session = 0; session < sessions; session += 1) sum += draws.geometric(options.burst);
    return Math.min(calls, sum);
  };
  let untempered = 0;
  let alarms = 0;
  const ratios: number[] = [];
  for (let run = 0; run < options.runs; run += 1) {
    const windows = Array.from({ length: options.windows }, (_, end) => {
      const n1 = draws.binomial(200, options.share(end));
      const n0 = 200 - n1;
      const rate = options.rate(end);
      return { end, n1, n0, e1: bad(n1, rate * options.ratio), e0: bad(n0, rate) };
    });
    const steps = gridProcess(windows, 'worse');
    if (steps.some(({ logE }) => logE >= Math.log(20))) untempered += 1;
    if (steps.some(({ p }) => p <= 0.05)) alarms += 1;
    ratios.push(riskRatio(windows)?.value ?? Number.NaN);
  }
  return { untempered: untempered / options.runs, alarms: alarms / options.runs, ratios };
}

describe('seeded simulations', () => {
  const ramp = (at: number): number => rampShares[Math.floor(at / 20)] ?? 0.5;
  const drift = (at: number): number => 0.005 + (0.025 * at) / 120;
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

  it('equal arms under a ramping share and a drifting base rate seldom alarm, tempered or not', () => {
    const runs = 200;
    const { untempered, alarms, ratios } = simulate({
      runs,
      windows: 120,
      share: ramp,
      rate: drift,
      ratio: 1,
      burst: 1,
    });
    expect(untempered).toBeLessThanOrEqual(bound(runs));
    expect(alarms).toBeLessThanOrEqual(bound(runs));
    expect(Math.abs(median(ratios) - 1)).toBeLessThan(0.05);
  });

  it('equal arms whose errors come in bursts seldom alarm because of the tempering', () => {
    for (const windows of [15, 120]) {
      const runs = 200;
      const share = (): number => 0.2;
      const { untempered, alarms } = simulate({ runs, windows, share, rate: () => 0.01, ratio: 1, burst: 4 });
      expect(untempered).toBeGreaterThan(2 * bound(runs));
      expect(alarms).toBeLessThanOrEqual(bound(runs));
    }
  });

  it('finds a trebled error rate, gross ones within fifteen minutes, and estimates the ratio under ramp and drift', () => {
    const treble = simulate({ runs: 40, windows: 120, share: ramp, rate: drift, ratio: 3, burst: 1 });
    expect(treble.alarms).toBeGreaterThan(0.95);
    expect(Math.abs(median(treble.ratios) - 3)).toBeLessThan(0.15);
    const gross = simulate({ runs: 40, windows: 15, share: () => 0.25, rate: () => 0.01, ratio: 7, burst: 1 });
    expect(gross.alarms).toBeGreaterThan(0.95);
  });
});

describe('risk ratio', () => {
  it('gives a one-sided bound where one side has no bad call', () => {
    const none = riskRatio([{ end: 0, n1: 100, n0: 300, e1: 8, e0: 0 }]);
    expect(none).toMatchObject({ value: null, high: null, varianceOfLog: null });
    const low = none!.low;
    near(((low * 100) / (low * 100 + 300)) ** 8, 0.05);
    const better = riskRatio([{ end: 0, n1: 100, n0: 300, e1: 0, e0: 8 }]);
    expect(better).toMatchObject({ value: 0, low: 0 });
    near((300 / (better!.high! * 100 + 300)) ** 8, 0.05);
    expect(riskRatio([{ end: 0, n1: 100, n0: 300, e1: 0, e0: 0 }])).toBeNull();
    expect(riskRatio([{ end: 0, n1: 0, n0: 300, e1: 0, e0: 3 }])).toBeNull();
  });

  it('is finite, ordered, and inverted when the arms are swapped', () => {
    fc.assert(
      fc.property(history, (windows) => {
        const ratio = riskRatio(windows);
        const swapped = riskRatio(windows.map(({ end, n1, n0, e1, e0 }) => ({ end, n1: n0, n0: n1, e1: e0, e0: e1 })));
        if (!ratio?.value || !swapped?.value) return;
        near(ratio.value * swapped.value, 1);
        expect(ratio.low).toBeLessThanOrEqual(ratio.value);
        expect(ratio.high).toBeGreaterThanOrEqual(ratio.value);
        expect(Number.isFinite(ratio.high)).toBe(true);
      }),
    );
  });
});

describe('Wilson interval', () => {
  it('contains the share, stays within 0..1, is null without calls', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const bad = Math.floor(n * share);
        const { value, low, high } = wilson95(bad, n)!;
        expect(0 <= low && low <= value && value <= high && high <= 1).toBe(true);
      }),
    );
    expect(wilson95(0, 0)).toBeNull();
  });
});

describe('verdict', () => {
  const minute = 60_000;
  const steady = (counts: Omit<ArmWindow, 'end'>, windows = 15): ArmWindow[] =>
    Array.from({ length: windows }, (_, index) => ({ end: (index + 1) * minute, ...counts }));
  const compare = (windows: readonly ArmWindow[], more: Partial<ArmsToCompare> = {}): ReturnType<typeof compareArms> =>
    compareArms({
      metric: 'errors',
      treatment: 'on',
      control: 'off',
      randomised: 'yes',
      windows,
      mixedCalls: 0,
      thresholdSeconds: null,
      ...more,
    });
  const bad = steady({ n1: 80, e1: 6, n0: 240, e0: 2 });

  it('regression: with ratio, sequential p and the minute the evidence crossed', () => {
    const verdict = compare(bad);
    expect(verdict).toMatchObject({ verdict: 'regression', n1: 1200, bad1: 90, n0: 3600, bad0: 30, windows: 15 });
    near(verdict.ratio!.value!, 9);
    expect(verdict.p).toBeLessThanOrEqual(0.05);
    const crossed = gridProcess(bad, 'worse').find(({ p }) => p <= 0.05)!.end;
    expect(verdict.since).toBe(crossed);
    expect(compare(bad.filter(({ end }) => end < crossed)).verdict).toBe('noEvidence');
  });

  it('improvement: the same the other way round', () => {
    const verdict = compare(bad.map(({ end, n1, n0, e1, e0 }) => ({ end, n1: n0, n0: n1, e1: e0, e0: e1 })));
    expect(verdict.verdict).toBe('improvement');
    expect(verdict.since).toBe(compare(bad).since);
  });

  it('no evidence: nobody is told that it is safe', () => {
    const verdict = compare(steady({ n1: 80, e1: 1, n0: 240, e0: 3 }));
    expect(verdict).toMatchObject({ verdict: 'noEvidence', since: null });
    expect(JSON.stringify(verdict)).not.toContain('safe');
  });

  it('floors: 30 calls of the treatment and 5 bad calls together', () => {
    const few = (n1: number, e1: number, e0: number): string => compare([{ end: 1, n1, n0: 1000, e1, e0 }]).verdict;
    expect(few(29, 10, 0)).toBe('insufficient');
    expect(few(30, 10, 0)).not.toBe('insufficient');
    expect(few(30, 4, 0)).toBe('insufficient');
    expect(few(30, 4, 1)).not.toBe('insufficient');
    expect(compare(steady({ n1: 0, e1: 0, n0: 9, e0: 9 })).because).toBe('no calls on the treatment side');
    expect(compare(steady({ n1: 9, e1: 9, n0: 0, e0: 0 })).because).toBe('no calls on the control side');
    expect(compare([]).ratio).toBeNull();
  });

  it('association: without random assignment the ratio stands but no evidence is given', () => {
    for (const randomised of ['partly', 'no', 'unknown'] as const) {
      const verdict = compare(bad, { randomised });
      expect(verdict).toMatchObject({ verdict: 'association', randomised, p: null, logE: null, since: null });
      expect(verdict.because).not.toBe('');
      near(verdict.ratio!.value!, 9);
    }
    expect(compare(bad, { randomised: 'no', notRandomBecause: 'why' }).because).toBe('why');
  });

  it('unhealthy: when many traces saw several variants', () => {
    expect(compare(bad, { mixedCalls: 400 }).verdict).toBe('regression');
    expect(compare(bad, { mixedCalls: 700 }).verdict).toBe('unhealthy');
  });

  it('the ratios bet on are those of the reference', () => expect(ratioGrid).toEqual([1.1, 1.25, 1.5, 2, 3, 5, 10]));
});

describe('slow calls', () => {
  const of = (values: readonly number[]): LatencySum => {
    const histogram = new ExponentialHistogram();
    for (const value of values) histogram.add(value);
    const sum = new LatencySum();
    sum.add(histogram.toModel());
    return sum;
  };
  const spread = Array.from({ length: 60 }, (_, index) => 0.1 + index / 1000);
  const slow = spread.map((value) => value * 2);

  it('freezes the threshold at the control p95 of the first windows and does not count those', () => {
    const windows = Array.from({ length: 10 }, (_, end) => ({ end, treatment: of(slow), control: of(spread) }));
    const found = slowWindows(windows)!;
    expect(found.windows.map(({ end }) => end)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(found.thresholdSeconds).toBeGreaterThanOrEqual(0.156);
    expect(found.thresholdSeconds).toBeLessThan(0.16 * 1.022);
    for (const { n1, e1, n0, e0 } of found.windows) {
      expect([n1, n0, e1]).toEqual([60, 60, 60]);
      expect(e0).toBeLessThanOrEqual(3);
    }
    const later = windows.map((each, index) => (index < 2 ? each : { ...each, control: of(slow) }));
    expect(slowWindows(later)!.thresholdSeconds).toBe(found.thresholdSeconds);
  });

  it('has no threshold without a hundred calls of the control, or without a window left to use it on', () => {
    expect(slowWindows([])).toBeNull();
    expect(slowWindows([{ end: 0, treatment: of(slow), control: of(spread) }])).toBeNull();
    const lone = [0, 1, 2].map((end) => ({ end, treatment: of(slow), control: end === 0 ? of(spread) : null }));
    expect(slowWindows(lone)).toBeNull();
    const two = [0, 1].map((end) => ({ end, treatment: null, control: of(spread) }));
    expect(slowWindows(two)).toBeNull();
    expect(slowWindows([...two, { end: 2, treatment: null, control: null }])!.windows).toEqual([
      { end: 2, n1: 0, e1: 0, n0: 0, e0: 0 },
    ]);
  });
});
