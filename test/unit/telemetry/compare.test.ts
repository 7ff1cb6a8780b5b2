import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ArmWindow } from '../../../src/telemetry/compare/armWindow';
import { compareArms, type ArmsToCompare } from '../../../src/telemetry/compare/compareArms';
import { endlessLook, startsFor } from '../../../src/telemetry/compare/endlessLook';
import {
  averaged,
  gridProcess,
  notWorseProcess,
  phiBeforeEstimate,
  ratioGrid,
} from '../../../src/telemetry/compare/gridProcess';
import { riskRatio } from '../../../src/telemetry/compare/mantelHaenszel';
import { slowCalls } from '../../../src/telemetry/compare/latencyOrder';
import { wilson95 } from '../../../src/telemetry/compare/wilson';
import { ExponentialHistogram } from '../../../src/telemetry/histogram';
import { LatencySum } from '../../../src/telemetry/latencySum';
import { SeededDraws } from './seededDraws';

const minute = 60_000;
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

  it('tempers by a fixed phi until ten windows had bad calls, then by what windows scatter around the ratio so far', () => {
    const burst = (end: number): ArmWindow => ({ end, n1: 100, n0: 100, e1: end % 2 ? 20 : 0, e0: end % 2 ? 0 : 20 });
    const steps = gridProcess(
      Array.from({ length: 12 }, (_, end) => burst(end)),
      'worse',
    );
    expect(steps.map(({ phiEstimated }) => phiEstimated)).toEqual(steps.map((_, index) => index >= 9));
    expect(steps[8]?.phi).toBe(phiBeforeEstimate);
    expect(steps[11]!.phi).toBeGreaterThan(20);
    near(steps[11]!.tempered, steps[11]!.logE / steps[11]!.phi);
    const calm = Array.from({ length: 12 }, (_, end) => ({ end, n1: 100, n0: 100, e1: 2, e0: 2 }));
    expect(gridProcess(calm, 'worse').at(-1)?.phi).toBe(1);
    // A treatment that is seven times as bad, the same every minute, is no burst.
    const bad = Array.from({ length: 30 }, (_, end) => ({ end, n1: 100, n0: 100, e1: 14, e0: 2 }));
    expect(gridProcess(bad, 'worse').at(-1)?.phi).toBeLessThan(1.6);
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

  it('has an interval where nearly every call is bad', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1e9 }), fc.integer({ min: 2, max: 1e9 }), fc.nat(1), (n1, n0, good) => {
        const ratio = riskRatio([{ end: 0, n1, e1: n1 - good, n0, e0: n0 }])!;
        expect(ratio.low).toBeGreaterThan(0);
        expect(ratio.low).toBeLessThanOrEqual(ratio.value! + 1e-12);
        expect(ratio.high).toBeGreaterThanOrEqual(ratio.value! - 1e-12);
      }),
    );
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
  const steady = (counts: Omit<ArmWindow, 'end'>, windows = 15): ArmWindow[] =>
    Array.from({ length: windows }, (_, index) => ({ end: (index + 1) * minute, ...counts }));
  const compare = (windows: readonly ArmWindow[], more: Partial<ArmsToCompare> = {}): ReturnType<typeof compareArms> =>
    compareArms({
      metric: 'errors',
      treatment: 'on',
      control: 'off',
      randomised: 'yes',
      strata: [{ thresholdSeconds: null, windows }],
      mixedCalls: 0,
      shownFrom: 0,
      seriesFrom: 0,
      shownMs: 15 * minute,
      ...more,
    });
  const bad = steady({ n1: 80, e1: 6, n0: 240, e0: 2 });

  it('regression: with ratio, sequential p and the minute the evidence crossed', () => {
    const verdict = compare(bad);
    expect(verdict).toMatchObject({ verdict: 'regression', n1: 1200, bad1: 90, n0: 3600, bad0: 30, windows: 15 });
    near(verdict.ratio!.value!, 9);
    expect(verdict.p).toBeLessThanOrEqual(0.05);
    const crossed = endlessLook(bad, startsFor(15 * minute), (from) => gridProcess(from, 'worse')).find(
      ({ p }) => p <= 0.05,
    )!.end;
    expect(verdict.since).toBe(crossed);
    expect(compare(bad.filter(({ end }) => end < crossed)).verdict).toBe('noEvidence');
  });

  it('evidence outlasts what it was gathered from, a verdict does not', () => {
    const well = steady({ n1: 80, e1: 1, n0: 240, e0: 3 }, 15).map((each) => ({
      ...each,
      end: each.end + 15 * minute,
    }));
    const later = compare([...bad, ...well], { shownFrom: 15 * minute });
    expect(later.p).toBeLessThanOrEqual(0.05);
    expect(later).toMatchObject({ verdict: 'noEvidence', since: null, n1: 1200, bad1: 15 });
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
    const why = 'not split between these any more: one side is from before a change';
    expect(compare(bad, { randomised: 'no', notRandomBecause: why }).because).toBe(why);
  });

  it('unhealthy: when many traces saw several variants', () => {
    expect(compare(bad, { mixedCalls: 400 }).verdict).toBe('regression');
    expect(compare(bad, { mixedCalls: 700 }).verdict).toBe('unhealthy');
  });

  it('the ratios bet on are those of the reference', () => expect(ratioGrid).toEqual([1.1, 1.25, 1.5, 2, 3, 5, 10]));
});

describe('not worse than the margin', () => {
  const steady = (n1: number, e1: number, n0: number, e0: number, minutes: number): ArmWindow[] =>
    Array.from({ length: minutes }, (_, index) => ({ end: (index + 1) * minute, n1, e1, n0, e0 }));
  const verdictOf = (windows: readonly ArmWindow[]): string =>
    compareArms({
      metric: 'errors',
      treatment: 'on',
      control: 'off',
      randomised: 'yes',
      strata: [{ thresholdSeconds: null, windows }],
      mixedCalls: 0,
      shownFrom: 0,
      seriesFrom: 0,
      shownMs: windows.length * minute,
    }).verdict;

  it('is said after many equal minutes, not after few, and never of a treatment that is 1.25 times as bad', () => {
    expect(verdictOf(steady(500, 5, 500, 5, 12))).toBe('noEvidence');
    expect(verdictOf(steady(500, 5, 500, 5, 240))).toBe('notWorse');
    expect(verdictOf(steady(400, 5, 400, 4, 300))).not.toBe('notWorse');
  });

  it('needs 100 calls of the treatment and 10 bad ones, however plain the counts are', () => {
    const few = steady(9, 0, 90, 30, 11);
    expect(notWorseProcess(few).at(-1)!.p).toBeLessThan(0.05);
    expect(verdictOf(few)).not.toBe('notWorse');
  });

  it('is seldom said wrongly at exactly the margin, however often one looks', () => {
    const draws = new SeededDraws(20_261_123);
    const runs = 300;
    let wrong = 0;
    for (let run = 0; run < runs; run += 1) {
      const windows = Array.from({ length: 120 }, (_, end) => {
        const n1 = draws.binomial(400, 0.25);
        return { end, n1, n0: 400 - n1, e1: draws.binomial(n1, 0.0125), e0: draws.binomial(400 - n1, 0.01) };
      });
      if (notWorseProcess(windows).some(({ p }) => p <= 0.05)) wrong += 1;
    }
    expect(wrong / runs).toBeLessThanOrEqual(bound(runs));
  });
});

describe('slow calls', () => {
  const of = (values: readonly number[]): LatencySum => {
    const histogram = new ExponentialHistogram();
    for (const value of values) histogram.add(value);
    const sum = new LatencySum();
    sum.add(histogram.toModel());
    return sum;
  };
  const latency = (windows: Parameters<typeof slowCalls>[0]): ReturnType<typeof compareArms> =>
    compareArms({
      metric: 'latency',
      treatment: 'on',
      control: 'off',
      randomised: 'yes',
      strata: slowCalls(windows),
      mixedCalls: 0,
      shownFrom: 0,
      seriesFrom: 0,
      shownMs: 60 * minute,
    });
  const spread = Array.from({ length: 60 }, (_, index) => 0.07 + index / 1000);
  const minutes = (treatment: readonly number[], control: readonly number[], count = 15) =>
    Array.from({ length: count }, (_, index) => ({
      end: (index + 1) * minute,
      treatment: of(treatment),
      control: of(control),
    }));

  it('are counted exactly above every bound of a fixed ladder', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.0005, max: 60, noNaN: true }), { maxLength: 40 }),
        fc.array(fc.double({ min: 0.0005, max: 60, noNaN: true }), { maxLength: 40 }),
        (treatment, control) => {
          for (const { thresholdSeconds, windows } of slowCalls(minutes(treatment, control, 1))) {
            const above = (values: readonly number[]): number => values.filter((v) => v > thresholdSeconds!).length;
            expect(windows).toEqual([
              { end: minute, n1: treatment.length, e1: above(treatment), n0: control.length, e0: above(control) },
            ]);
          }
        },
      ),
    );
  });

  it('says from which edge a bucket of other bounds counts', () => {
    const sum = new LatencySum();
    sum.add({ bounds: [0.1, 0.25, 0.5], counts: [5, 5, 5, 5] });
    const strata = slowCalls([{ end: 0, treatment: sum, control: sum }]);
    const near128 = strata.find(({ thresholdSeconds }) => thresholdSeconds === 0.25)!;
    expect(near128.windows[0]).toMatchObject({ n1: 20, e1: 10 });
  });

  it('regression: the bound at which it shows most is the one told of', () => {
    const verdict = latency(
      minutes(
        spread.map((value) => value * 2),
        spread,
      ),
    );
    expect(verdict).toMatchObject({ verdict: 'regression', metric: 'latency', thresholdSeconds: 0.125 });
    expect(verdict.bad1 / verdict.n1).toBeGreaterThan(0.9);
    expect(
      latency(
        minutes(
          spread,
          spread.map((value) => value * 2),
        ),
      ).verdict,
    ).toBe('improvement');
  });

  it('one slow tail of few calls is found where the middle is equal', () => {
    const tail = spread.map((value, index) => (index % 20 === 0 ? value + 2 : value));
    expect(latency(minutes(tail, spread, 30))).toMatchObject({ verdict: 'regression', thresholdSeconds: 2 });
  });

  it('equal arms seldom alarm, however often one looks', () => {
    const draws = new SeededDraws(7);
    const runs = 60;
    let alarms = 0;
    for (let run = 0; run < runs; run += 1) {
      const some = (calls: number): number[] =>
        Array.from({ length: calls }, () => 0.08 * Math.exp(0.6 * (draws.binomial(16, 0.5) - 8) * 0.5));
      const windows = Array.from({ length: 40 }, (_, end) => ({ end, treatment: of(some(15)), control: of(some(60)) }));
      const steps = averaged(slowCalls(windows).map((each) => gridProcess(each.windows, 'worse'))).steps;
      if (steps.some(({ p }) => p <= 0.05)) alarms += 1;
    }
    expect(alarms / runs).toBeLessThanOrEqual(bound(runs));
  });

  it('says which calls are missing', () => {
    expect(latency([]).because).toBe('no calls on the treatment side');
    expect(latency([{ end: 1, treatment: of(spread), control: null }]).because).toBe('no calls on the control side');
    const quick = spread.map(() => 0.0001);
    expect(latency(minutes(quick, quick)).because).toBe('too few slow calls on both sides together');
  });
});

describe('looking all day', () => {
  const day = 24 * 60;
  /** The share of days with an alarm at some minute, of a window of a quarter of an hour that slides along. */
  const alarmed = (burst: number, runs: number): number => {
    const draws = new SeededDraws(20_261_124);
    const bad = (calls: number): number => {
      let sum = 0;
      for (let session = draws.binomial(calls, 0.01 / burst); session > 0; session -= 1) sum += draws.geometric(burst);
      return Math.min(calls, sum);
    };
    let days = 0;
    for (let run = 0; run < runs; run += 1) {
      const windows = Array.from({ length: day }, (_, index) => {
        const n1 = draws.binomial(200, 0.25);
        return { end: (index + 1) * minute, n1, n0: 200 - n1, e1: bad(n1), e0: bad(200 - n1) };
      });
      const steps = endlessLook(windows, startsFor(15 * minute), (from) => gridProcess(from, 'worse'));
      if (steps.some(({ p }) => p <= 0.05)) days += 1;
    }
    return days / runs;
  };

  it('calls few healthy days worse, with single errors and with sessions of four', () => {
    for (const burst of [1, 4]) expect(alarmed(burst, 60)).toBeLessThanOrEqual(bound(60));
  });

  it('starts at whole quarters of an hour whatever is seen, and lets go of what has run its span', () => {
    const { everyMs, spanMs } = startsFor(15 * minute);
    expect([everyMs, spanMs]).toEqual([15 * minute, 75 * minute]);
    expect(startsFor(24 * 60 * minute).everyMs).toBe(6 * 60 * minute);
    const seen: number[][] = [];
    const windows = Array.from({ length: 120 }, (_, index) => ({
      end: (index + 8) * minute,
      n1: 9,
      n0: 9,
      e1: 1,
      e0: 1,
    }));
    const steps = endlessLook(windows, { everyMs, spanMs }, (from) => {
      seen.push([from[0]!.end / minute, from.at(-1)!.end / minute]);
      return gridProcess(from, 'worse');
    });
    expect(seen.slice(0, 3)).toEqual([
      [8, 75],
      [16, 90],
      [31, 105],
    ]);
    expect(steps.map(({ end }) => end)).toEqual(windows.map(({ end }) => end));
  });
});
