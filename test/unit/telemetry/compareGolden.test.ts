import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ArmWindow } from '../../../src/telemetry/compare/armWindow';
import { gridProcess } from '../../../src/telemetry/compare/gridProcess';
import { locationShift, standardisedRankSum } from '../../../src/telemetry/compare/mannWhitney';
import { riskRatio } from '../../../src/telemetry/compare/mantelHaenszel';
import { difference95 } from '../../../src/telemetry/compare/newcombe';
import { logMarginal, logOfShares, sampleRatioLogE } from '../../../src/telemetry/compare/sampleRatio';
import { logGamma } from '../../../src/telemetry/compare/logGamma';
import { judgeByRank } from '../../../src/telemetry/compare/secondOpinion';
import { wilson95 } from '../../../src/telemetry/compare/wilson';
import { bucketBounds, bucketIndex } from '../../../src/telemetry/histogram';
import { LatencySum } from '../../../src/telemetry/latencySum';
import { gammaOf, sketchIndex, sketchValue } from '../../bench/judges/ddSketch.mjs';
import { asymptoticHalfWidth, asymptoticP, asymptoticRho, statsigFactor } from '../../bench/judges/pooled.mjs';
import { sampleRatioChiSquared } from '../../bench/judges/sampleRatio.mjs';
import { describeShared } from '../../sharedData';

type Counts = Omit<ArmWindow, 'end'>;
interface Interval {
  readonly ci: readonly [number, number];
}
interface Golden {
  readonly newcombe95_diff: readonly (Interval & Record<'e1' | 'n1' | 'e0' | 'n0', number>)[];
  readonly asymp_cs: readonly Record<
    'diff' | 'se' | 'N' | 'alpha' | 'Nstar' | 'rho1' | 'rho2' | 'half_one' | 'half_two' | 'p_two',
    number
  >[];
  readonly statsig_msprt: readonly (Interval &
    Record<'diff' | 'v1' | 'n1' | 'v0' | 'n0' | 'V' | 'tau' | 'Zstar', number>)[];
  readonly betabinomial_logE: readonly Record<'S' | 'n' | 'p0' | 'k' | 'logE', number>[];
  readonly ddsketch_index: readonly Record<'x' | 'alpha' | 'gamma' | 'index' | 'rep', number>[];
  readonly srm_chi2: readonly {
    readonly obs: readonly number[];
    readonly expected: readonly number[];
    readonly chi2: number;
    readonly p: number;
  }[];
  readonly otel_exp_hist_index: readonly Record<'x' | 'scale' | 'base' | 'index' | 'lower' | 'upper', number>[];
  readonly mann_whitney: readonly {
    readonly x: readonly number[];
    readonly y: readonly number[];
    readonly U: number;
    readonly p_asymptotic_cc: number;
    readonly hodges_lehmann: number;
  }[];
  readonly wilson95: readonly { readonly e: number; readonly n: number; readonly ci: readonly [number, number] }[];
  readonly grid_eprocess: readonly {
    readonly R: readonly number[];
    readonly windows: readonly Counts[];
    readonly logE: readonly number[];
    readonly p_seq: readonly number[];
  }[];
  readonly mantel_haenszel_rr: readonly {
    readonly windows: readonly (readonly [number, number, number, number])[];
    readonly rr: number;
    readonly var_ln: number;
    readonly ci95: readonly [number, number];
  }[];
  readonly histogram_quantile_linear: readonly {
    readonly q: number;
    readonly buckets: readonly (readonly [number | '+Inf', number])[];
    readonly value: number;
  }[];
}

const near = (actual: number | null | undefined, expected: number): void =>
  expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThan(1e-9);

describeShared('statistics: golden numbers', 'statistics/golden.json', (path) => {
  const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;

  it('wilson95', () => {
    expect(golden.wilson95.length).toBeGreaterThan(0);
    for (const { e, n, ci } of golden.wilson95) {
      near(wilson95(e, n)?.low, ci[0]);
      near(wilson95(e, n)?.high, ci[1]);
    }
  });

  it('newcombe95_diff', () => {
    expect(golden.newcombe95_diff.length).toBeGreaterThan(0);
    for (const { e1, n1, e0, n0, ci } of golden.newcombe95_diff) {
      near(difference95(e1, n1, e0, n0)?.low, ci[0]);
      near(difference95(e1, n1, e0, n0)?.high, ci[1]);
    }
  });

  it('asymp_cs: the peer GrowthBook of the bench', () => {
    expect(golden.asymp_cs.length).toBeGreaterThan(0);
    for (const { diff, se, N, alpha, Nstar, ...expected } of golden.asymp_cs) {
      near(asymptoticRho(alpha, Nstar, 2), expected.rho2);
      near(asymptoticRho(alpha, Nstar, 1), expected.rho1);
      near(asymptoticHalfWidth(se, N, { alpha, tuning: Nstar }), expected.half_two);
      near(asymptoticHalfWidth(se, N, { alpha, tuning: Nstar, sides: 1 }), expected.half_one);
      near(asymptoticP(diff, se, N, expected.rho2), expected.p_two);
    }
  });

  it('statsig_msprt: the peer Statsig of the bench', () => {
    expect(golden.statsig_msprt.length).toBeGreaterThan(0);
    for (const { diff, ci, V, tau, Zstar, ...of } of golden.statsig_msprt) {
      const { variance, tau: found, factor } = statsigFactor(of);
      near(variance, V);
      near(found, tau);
      near(factor, Zstar);
      near(diff - factor * Math.sqrt(variance), ci[0]);
      near(diff + factor * Math.sqrt(variance), ci[1]);
    }
  });

  it('otel_exp_hist_index', () => {
    expect(golden.otel_exp_hist_index.length).toBeGreaterThan(0);
    for (const { x, scale, index, lower, upper } of golden.otel_exp_hist_index) {
      expect(bucketIndex(x, scale)).toBe(index);
      expect(bucketBounds(index, scale).lower).toBeCloseTo(lower, 9);
      expect(bucketBounds(index, scale).upper).toBeCloseTo(upper, 9);
    }
  });

  it('mann_whitney, the second opinion: z within 1e-9, the shift within the tolerance of its root', () => {
    expect(golden.mann_whitney.length).toBeGreaterThan(0);
    for (const { x, y, U, p_asymptotic_cc, hodges_lehmann } of golden.mann_whitney) {
      const [m, n] = [x.length, y.length];
      // Of p with the correction for continuity: no ties here.
      const z = (Math.abs(U - (m * n) / 2) - 0.5) / Math.sqrt((m * n * (m + n + 1)) / 12);
      near(Math.abs(standardisedRankSum(x, y, 0)), z);
      expect(p_asymptotic_cc).toBeCloseTo(2 * normalTail(z), 6);
      const shifts = x.flatMap((one) => y.map((other) => one - other)).sort((a, b) => a - b);
      expect((shifts[14]! + shifts[15]!) / 2).toBeCloseTo(hodges_lehmann, 9);
      const { estimate } = locationShift(x, y, 1.96)!;
      expect(estimate).toBeGreaterThanOrEqual(shifts[13]! - 1e-4);
      expect(estimate).toBeLessThanOrEqual(shifts[16]! + 1e-4);
    }
  });

  it('betabinomial_logE: the test of sample ratios, of two arms', () => {
    expect(golden.betabinomial_logE.length).toBeGreaterThan(0);
    for (const { S, n, p0, k, logE } of golden.betabinomial_logE)
      near(sampleRatioLogE([S, n - S], [p0, 1 - p0], k), logE);
  });

  it('srm_chi2: the peer of that test in the bench', () => {
    expect(golden.srm_chi2.length).toBeGreaterThan(0);
    for (const { obs, expected, chi2, p } of golden.srm_chi2) {
      const { chiSquared, degrees } = sampleRatioChiSquared(obs, expected);
      near(chiSquared, chi2);
      // Of one degree of freedom it is the square of a normal deviate.
      expect(degrees).toBe(1);
      expect(2 * normalTail(Math.sqrt(chiSquared))).toBeCloseTo(p, 9);
    }
  });

  it('ddsketch_index: the peer of the exponential histogram in the bench', () => {
    expect(golden.ddsketch_index.length).toBeGreaterThan(0);
    for (const { x, alpha, gamma, index, rep } of golden.ddsketch_index) {
      near(gammaOf(alpha), gamma);
      expect(sketchIndex(x, alpha)).toBe(index);
      near(sketchValue(index, alpha), rep);
    }
  });

  it('has no other family: the file is held whole', () => {
    expect(Object.keys(golden).sort()).toEqual([
      'asymp_cs',
      'betabinomial_logE',
      'ddsketch_index',
      'grid_eprocess',
      'histogram_quantile_linear',
      'mann_whitney',
      'mantel_haenszel_rr',
      'newcombe95_diff',
      'otel_exp_hist_index',
      'srm_chi2',
      'statsig_msprt',
      'wilson95',
    ]);
  });

  it('grid_eprocess', () => {
    expect(golden.grid_eprocess.length).toBeGreaterThan(0);
    for (const { R, windows, logE, p_seq } of golden.grid_eprocess) {
      const steps = gridProcess(
        windows.map((window, index) => ({ ...window, end: index })),
        'worse',
        R,
      );
      expect(steps).toHaveLength(logE.length);
      let p = 1;
      steps.forEach((step, index) => {
        near(step.logE, logE[index]!);
        p = Math.min(p, Math.exp(-step.logE));
        near(p, p_seq[index]!);
      });
    }
  });

  it('mantel_haenszel_rr', () => {
    expect(golden.mantel_haenszel_rr.length).toBeGreaterThan(0);
    for (const { windows, rr, var_ln, ci95 } of golden.mantel_haenszel_rr) {
      const ratio = riskRatio(windows.map(([n1, n0, e1, e0], end) => ({ end, n1, n0, e1, e0 })));
      near(ratio?.value, rr);
      near(ratio?.varianceOfLog, var_ln);
      near(ratio?.low, ci95[0]);
      near(ratio?.high, ci95[1]);
    }
  });

  it('histogram_quantile_linear', () => {
    expect(golden.histogram_quantile_linear.length).toBeGreaterThan(0);
    for (const { q, buckets, value } of golden.histogram_quantile_linear) {
      const sum = new LatencySum();
      sum.add({
        bounds: buckets.flatMap(([bound]) => (bound === '+Inf' ? [] : [bound])),
        counts: buckets.map(([, upTo], index) => upTo - (buckets[index - 1]?.[1] ?? 0)),
      });
      near(sum.quantile(q), value);
    }
  });
});

/** Abramowitz and Stegun 7.1.26 is too coarse; the continued fraction of the tail is not. */
function normalTail(z: number): number {
  let fraction = 0;
  for (let k = 200; k > 0; k -= 1) fraction = k / (z + fraction);
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / (z + fraction);
}

/**
 * delivery.md appendix B, for what the product or a peer of the bench computes. Left out, as neither does:
 * - confseq (MIT): best_rho, normal, gamma and beta-binomial mixtures, stitching, LIL, Bernoulli intervals, quantile_ab: the
 *   tests here are of two arms' counts, and a quantile is shown with the edges of its bucket, without a sequential interval;
 * - gbstats: the one-sided t-tests that are not sequential;
 * - Kayenta: Cohen's d, the common language effect size and NIST percentiles, which its judge does not use by default, and
 *   the "Wilcoxon Diff" and "Problem Case" arrays of 850 values (the same function as the arrays of 180 and 210 below).
 */
describe('published vectors (delivery.md appendix B)', () => {
  const a = { mean: 1396.87 / 3000, variance: (52377.9767 - 1396.87 ** 2 / 3000) / 2999, n: 3000 };
  const b = { mean: 2422.7 / 3461, variance: (134698.29 - 2422.7 ** 2 / 3461) / 3460, n: 3461 };
  const n = a.n + b.n;
  type Arm = typeof a;
  const absoluteOf = (one: Arm, other: Arm) => ({
    value: other.mean - one.mean,
    se: Math.sqrt(one.variance / one.n + other.variance / other.n),
  });
  const relativeOf = (one: Arm, other: Arm) => ({
    value: (other.mean - one.mean) / one.mean,
    se: Math.sqrt(
      other.variance / (other.n * one.mean ** 2) + (one.variance * other.mean ** 2) / (one.n * one.mean ** 4),
    ),
  });
  const [absolute, relative] = [absoluteOf(a, b), relativeOf(a, b)];

  it('gbstats, test_tests.py (MIT): absolute and relative differences, and the sequential interval at N* = 1,000', () => {
    near(absolute.value, 0.23437666666666668);
    near(absolute.se, 0.12983081254184736);
    expect(relative.value).toBeCloseTo(0.50336, 5);
    expect(relative.se).toBeCloseTo(0.33341, 5);
    const half = asymptoticHalfWidth(relative.se, n, { tuning: 1000 });
    expect(relative.value - half).toBeCloseTo(-0.55844, 5);
    expect(relative.value + half).toBeCloseTo(1.56516, 5);
  });

  it('gbstats: one-sided sequential bounds, absolute and relative', () => {
    near(absolute.value + asymptoticHalfWidth(absolute.se, n, { sides: 1 }), 0.5953217750613832);
    near(absolute.value - asymptoticHalfWidth(absolute.se, n, { sides: 1 }), -0.12656844172804982);
    near(relative.value + asymptoticHalfWidth(relative.se, n, { sides: 1 }), 1.4302867177403806);
  });

  it('gbstats: the sequential interval of two proportions', () => {
    const share = (bad: number, of: number): Arm => ({ mean: bad / of, variance: (bad / of) * (1 - bad / of), n: of });
    const { value, se } = relativeOf(share(1396, 3000), share(2422, 3461));
    const half = asymptoticHalfWidth(se, n);
    expect(value).toBeCloseTo(0.50386, 5);
    expect(value - half).toBeCloseTo(0.40098, 5);
    expect(value + half).toBeCloseTo(0.60675, 5);
  });

  it('ssrm, test_ssrm_test.py (Apache-2.0): marginal likelihoods of both hypotheses after each batch', () => {
    const shares = [0.4, 0.4, 0.2];
    const batches = [
      [20, 17, 9],
      [18, 21, 8],
      [4, 6, 4],
      [18, 19, 11],
    ];
    const ofAlternative = [-7.028201432058012, -11.947847738358888, -15.471401950257842, -19.96484521090386];
    const ofNull = [-4.0776406466061985, -8.265946861099877, -11.610743519545139, -15.781031228536165];
    const sums = [0, 0, 0];
    // In how many orders each batch could have come.
    let orders = 0;
    batches.forEach((batch, at) => {
      batch.forEach((count, index) => (sums[index]! += count));
      orders += logGamma(batch.reduce((all, count) => all + count, 1));
      for (const count of batch) orders -= logGamma(count + 1);
      near(orders + logMarginal(sums, [1, 1, 1]), ofAlternative[at]!);
      near(orders + logOfShares(sums, shares), ofNull[at]!);
    });
    near(
      sampleRatioLogE(sums, [1 / 3, 1 / 3, 1 / 3], 3),
      logMarginal(sums, [1, 1, 1]) - logOfShares(sums, [1 / 3, 1 / 3, 1 / 3]),
    );
  });

  const read = (name: string): unknown =>
    JSON.parse(readFileSync(new URL(`../../fixtures/statistics/${name}.json`, import.meta.url), 'utf8'));
  const quantile95 = 1.959963984540054;
  const quantile98 = 2.3263478740408408;
  interface TiedOut {
    readonly control: number[];
    readonly experiment: number[];
    readonly low: number;
    readonly high: number;
    readonly estimate: number;
  }

  it("Kayenta's MannWhitneySuite (Apache-2.0): plain, and tied out with R, at 95 % and 98 %", () => {
    expect(locationShift([10, 20, 30, 40], [1, 2, 3, 4], quantile95)).toEqual({ low: 6, high: 39, estimate: 22.5 });
    for (const [name, quantile] of [
      ['kayentaTieOutWithR', quantile95],
      ['kayentaTieOutWithRLarge', quantile98],
    ] as const) {
      const r = read(name) as TiedOut;
      const shift = locationShift(r.experiment, r.control, quantile)!;
      expect(Math.abs(shift.low - r.low)).toBeLessThan(1e-6);
      expect(Math.abs(shift.high - r.high)).toBeLessThan(1e-6);
      // The suite's own tolerance: R does not correct the estimate for continuity.
      expect(Math.abs(shift.estimate - r.estimate)).toBeLessThan(1e-4);
    }
  });

  it("Kayenta's MannWhitneySuite: the values in between, and the roots of a step function they lead to", () => {
    const r = read('kayentaIntermediateValues') as Pick<TiedOut, 'low' | 'high' | 'estimate'> &
      Record<'x' | 'y' | 'atLowest' | 'atHighest', readonly number[]>;
    const lowest = Math.min(...r.x) - Math.max(...r.y);
    const highest = Math.max(...r.x) - Math.min(...r.y);
    [quantile95, -quantile95].forEach((quantile, at) => {
      expect(Math.abs(standardisedRankSum(r.x, r.y, lowest) - quantile - r.atLowest[at]!)).toBeLessThan(1e-6);
      expect(Math.abs(standardisedRankSum(r.x, r.y, highest) - quantile - r.atHighest[at]!)).toBeLessThan(1e-6);
    });
    const shift = locationShift(r.x, r.y, quantile95)!;
    expect(Math.abs(shift.low - r.low)).toBeLessThan(1e-6);
    expect(Math.abs(shift.high - r.high)).toBeLessThan(1e-6);
    expect(Math.abs(shift.estimate - r.estimate)).toBeLessThan(1e-6);
  });

  it("Kayenta's ClassifierSuite (Apache-2.0): High, Low, Pass and Nodata, by rank and by the size of the effect", () => {
    const at = (ratios: readonly [number, number]) => ({ z: quantile95, tolerance: 0.1, ratios });
    const [plain, high] = [at([1, 1]), [20, 22, 21, 25, 30]];
    const small = [1, 2.2, 1.1, 2.5, 3];
    expect(judgeByRank(high, small, at([0.8, 1.2]))).toBe('high');
    expect(judgeByRank(high, small, at([1, 5]))).toBe('high');
    expect(judgeByRank(high, small, at([1, 13]))).toBe('pass');
    expect(judgeByRank([10, 12.2, 10.1, 12.5, 23], high, at([0.5, 1]))).toBe('pass');
    expect(judgeByRank([2, 2, 2, 2, 3], [10, 20.2, 10.1, 20.5, 30], plain)).toBe('low');
    expect(judgeByRank([1, 1, 1], [1, 1], plain)).toBe('pass');
    expect(judgeByRank([1, 2, 3, 4, 5], [5, 4, 3, 2, 1], plain)).toBe('pass');
    expect(judgeByRank([0, 1, 1, 1, 1], [1, 1, 1, 1, 1], plain)).toBe('pass');
    expect(judgeByRank([1, 1, 1, 1, 10], [1, 1, 1, 1, 1], plain)).toBe('pass');
    expect(judgeByRank([10, 10, 10, 10, 10], [1, 1, 1, 1, 1], plain)).toBe('high');
    // A mean of 0 has no ratio: the size of the effect is not asked about.
    const much = [54.9, 54.5, 55.1, 55.6, 57.4];
    for (const zero of [[0, 0, 0, 0, 0]]) {
      expect(judgeByRank([10, 10, 10, 10, 10], zero, plain)).toBe('high');
      expect(judgeByRank(much, zero, at([0.8, 1.2]))).toBe('high');
      expect(judgeByRank(zero, much, at([0.8, 1.2]))).toBe('low');
      expect(judgeByRank(zero, zero, plain)).toBe('pass');
    }
    expect(judgeByRank([], [1, 2, 3, 4, 5], plain)).toBe('nodata');
  });
});
