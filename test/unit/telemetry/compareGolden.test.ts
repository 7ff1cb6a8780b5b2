import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { ArmWindow } from '../../../src/telemetry/compare/armWindow';
import { gridProcess } from '../../../src/telemetry/compare/gridProcess';
import { riskRatio } from '../../../src/telemetry/compare/mantelHaenszel';
import { wilson95 } from '../../../src/telemetry/compare/wilson';
import { LatencySum } from '../../../src/telemetry/latencySum';
import { describeShared } from '../../sharedData';

type Counts = Omit<ArmWindow, 'end'>;
interface Golden {
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
