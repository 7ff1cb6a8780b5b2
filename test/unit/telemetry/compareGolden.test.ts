import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ArmWindow } from '../../../src/telemetry/compare/armWindow';
import { gridProcess } from '../../../src/telemetry/compare/gridProcess';
import { locationShift, standardisedRankSum } from '../../../src/telemetry/compare/mannWhitney';
import { riskRatio } from '../../../src/telemetry/compare/mantelHaenszel';
import { difference95 } from '../../../src/telemetry/compare/newcombe';
import { wilson95 } from '../../../src/telemetry/compare/wilson';
import { bucketBounds, bucketIndex } from '../../../src/telemetry/histogram';
import { LatencySum } from '../../../src/telemetry/latencySum';
import { asymptoticHalfWidth, asymptoticP, asymptoticRho, statsigFactor } from '../../bench/judges/pooled.mjs';
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

  // betabinomial_logE and srm_chi2: no test of sample ratios here, the gap between the configured and the observed share
  // is told as two facts. ddsketch_index: latencies are kept in OpenTelemetry's exponential histograms.
  it('leaves out what no formula of the product or the bench is', () => {
    const covered = Object.keys(golden).filter(
      (name) => !['betabinomial_logE', 'srm_chi2', 'ddsketch_index'].includes(name),
    );
    expect(covered.sort()).toEqual([
      'asymp_cs',
      'grid_eprocess',
      'histogram_quantile_linear',
      'mann_whitney',
      'mantel_haenszel_rr',
      'newcombe95_diff',
      'otel_exp_hist_index',
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

describe('published vectors (delivery.md appendix B)', () => {
  it('gbstats, tests/frequentist (MIT): absolute and relative differences and their sequential intervals', () => {
    const a = { mean: 1396.87 / 3000, variance: (52377.9767 - 1396.87 ** 2 / 3000) / 2999, n: 3000 };
    const b = { mean: 2422.7 / 3461, variance: (134698.29 - 2422.7 ** 2 / 3461) / 3460, n: 3461 };
    const n = a.n + b.n;
    const absolute = { value: b.mean - a.mean, se: Math.sqrt(a.variance / a.n + b.variance / b.n) };
    expect(absolute.value).toBeCloseTo(0.23437666666666668, 4);
    expect(absolute.se).toBeCloseTo(0.12983081254184736, 4);
    const relative = {
      value: absolute.value / a.mean,
      se: Math.sqrt(b.variance / (b.n * a.mean ** 2) + (a.variance * b.mean ** 2) / (a.n * a.mean ** 4)),
    };
    expect(relative.value).toBeCloseTo(0.50336, 4);
    expect(relative.se).toBeCloseTo(0.33341, 4);
    const half = asymptoticHalfWidth(relative.se, n, { tuning: 1000 });
    expect(relative.value - half).toBeCloseTo(-0.55844, 3);
    expect(relative.value + half).toBeCloseTo(1.56516, 3);
  });

  const read = (name: string): unknown =>
    JSON.parse(readFileSync(new URL(`../../fixtures/statistics/${name}.json`, import.meta.url), 'utf8'));
  const z95 = 1.959963984540054;

  it("Kayenta's MannWhitneySuite (Apache-2.0): plain, and tied out with R", () => {
    expect(locationShift([10, 20, 30, 40], [1, 2, 3, 4], z95)).toEqual({ low: 6, high: 39, estimate: 22.5 });
    const r = read('kayentaTieOutWithR') as {
      control: number[];
      experiment: number[];
      low: number;
      high: number;
      estimate: number;
    };
    const shift = locationShift(r.experiment, r.control, z95)!;
    expect(Math.abs(shift.low - r.low)).toBeLessThan(1e-6);
    expect(Math.abs(shift.high - r.high)).toBeLessThan(1e-6);
    // The suite's own tolerance: R does not correct the estimate for continuity.
    expect(Math.abs(shift.estimate - r.estimate)).toBeLessThan(1e-4);
  });

  // Left out: confseq's boundaries, ssrm's batches, Kayenta's effect sizes and percentiles, one-sided gbstats: no formula of
  // the product or of the bench's peers.
});
