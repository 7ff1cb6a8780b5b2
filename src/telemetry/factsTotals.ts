import type { ChartPoint, Totals } from '../model/facts';
import type { Point, Window } from '../model/signal';
import { wilson95 } from './compare/wilson';
import { LatencySum } from './latencySum';

/** The step of every series asked, in milliseconds. */
export const stepMs = 60_000;

/** Calls of one or several operations in one step. */
export interface Step {
  readonly at: number;
  readonly calls: number;
  readonly errors: number;
  readonly refused: number;
  readonly latency: LatencySum;
}

/**
 * The last `minutes` steps up to `now` (epoch ms), the unfinished one included: from the start of a minute, as rollups
 * are kept by minute and cannot be cut, so up to a minute shorter than asked and never longer.
 */
export function factsWindow(now: number, minutes: number): Window {
  return { from: Math.ceil((now - minutes * stepMs) / stepMs) * stepMs, to: now };
}

/** The part of the window since the source first heard anything, at least a minute: young telemetry is not thinned out. */
export function heardWindow(window: Window, heardFrom: number | null | undefined): Window {
  const from = Math.max(window.from, Math.min(heardFrom ?? window.from, window.to - stepMs));
  return { from: Math.min(from, Math.max(window.from, window.to - stepMs)), to: window.to };
}

/** Holds for what happened in the window. */
export const isWithin =
  ({ from, to }: Window) =>
  ({ at }: { readonly at: number }): boolean =>
    from <= at && at < to;

/** Adds up points of several series step by step, in order of time. */
export function sumSteps(series: Iterable<readonly Point[]>): readonly Step[] {
  const steps = new Map<number, { at: number; calls: number; errors: number; refused: number; latency: LatencySum }>();
  for (const points of series) {
    for (const { at, calls, errors, refused, histogram } of points) {
      let step = steps.get(at);
      if (!step) steps.set(at, (step = { at, calls: 0, errors: 0, refused: 0, latency: new LatencySum() }));
      step.calls += calls;
      step.errors += errors;
      step.refused += refused;
      step.latency.add(histogram);
    }
  }
  return [...steps.values()].sort((a, b) => a.at - b.at);
}

/**
 * Totals of the steps; percentiles (seconds) are of the merged histogram. `window` is what rates are taken over: that of the
 * steps, less the time before anything was heard.
 */
export function totalsOf(steps: readonly Step[], window: Window): Totals {
  let [calls, errors, refused] = [0, 0, 0];
  const latency = new LatencySum();
  for (const step of steps) {
    calls += step.calls;
    errors += step.errors;
    refused += step.refused;
    latency.merge(step.latency);
  }
  const beyond = latency.edgeBelow(0.99);
  return {
    calls,
    errors,
    refused,
    perMinute: (calls * stepMs) / Math.max(1, window.to - window.from),
    errorRate: wilson95(errors, calls),
    p50: latency.quantile(0.5),
    p95: latency.quantile(0.95),
    p99: latency.quantile(0.99),
    ...(beyond !== null && { beyond }),
  };
}

export function chartPoints(steps: readonly Step[]): ChartPoint[] {
  return steps.map(({ at, calls, errors, latency }) => ({ at, calls, errors, p95: latency.quantile(0.95) }));
}
