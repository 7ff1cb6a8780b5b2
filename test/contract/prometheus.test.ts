import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codePathId } from '../../src/model/reference';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { systemClock } from '../../src/platform/node/clock';
import { answerFacts } from '../../src/telemetry/facts';
import { PromClient } from '../../src/telemetry/prometheus/client';
import { increments } from '../../src/telemetry/prometheus/promql';
import { hasPrometheus, prometheusHow, prometheusNeeds, startPrometheus } from '../servers/prometheus.mjs';
import { SeededDraws } from '../unit/telemetry/seededDraws';
import { backendAt, describeServer, route } from './metricBackend';
import { Observed, remoteWrite } from './remoteWrite';

const minute = 60_000;
const { signal } = new AbortController();

describeServer('Prometheus itself', hasPrometheus(), prometheusNeeds, prometheusHow, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sightglass-prometheus-'));
  let url: string;
  let stop: (() => Promise<void>) | undefined;
  let until: number;
  const seen: number[] = [];

  beforeAll(async () => {
    // Below a path, as behind a proxy.
    ({ url, stop } = await startPrometheus({ folder, prefix: '/metrics/prometheus' }));
    until = Math.floor(Date.now() / minute) * minute;
    const history = nativeHistory(until, seen);
    await remoteWrite(
      url,
      history.map(({ labels, histograms }) => ({ labels, histograms })),
    );
    // Exemplars of a series that is new in the same request are dropped by the server.
    await remoteWrite(
      url,
      history.map(({ labels, exemplars }) => ({ labels, exemplars })),
    );
  }, 60_000);
  afterAll(async () => {
    await stop?.();
    rmSync(folder, { recursive: true, force: true });
  });

  const client = (base = url): PromClient => {
    const options = { id: 'p', type: 'prometheus', url: base, authorization: 'none' } as const;
    const remote = memoryRemotes(loopbackHttp).remote(options);
    return new PromClient({ remote, clock: systemClock, where: 'Prometheus', tenant: undefined, l10n: memoryL10n });
  };

  it('counts calls and latencies of native histograms, through a reset, and finds their exemplars', async () => {
    const path = route('GET', '/native');
    const request = {
      environment: 'production',
      windowMinutes: 15,
      codePaths: [path],
      overrides: {},
      services: {},
      flags: [],
    };
    const facts = await answerFacts(backendAt(url, until), request, until, signal);
    const [one] = facts.paths;
    expect(one).toMatchObject({ codePathId: codePathId(path), operation: { service: 'native', httpRoute: '/native' } });
    expect(one!.totals.calls).toBe(seen.length);
    const sorted = [...seen].sort((a, b) => a - b);
    for (const [q, value] of [
      [0.5, one!.totals.p50],
      [0.95, one!.totals.p95],
    ] as const) {
      // Schema 3: a bucket is 2^(1/8) wide.
      const truth = sorted[Math.ceil(q * sorted.length) - 1]!;
      expect(Math.abs(Math.log2(value! / truth))).toBeLessThanOrEqual(1 / 8 + 1e-9);
    }
    const query = {
      environment: 'production',
      operations: [],
      window: { from: until - 15 * minute, to: until },
      step: minute,
      split: { by: 'none' } as const,
    };
    const { series } = await backendAt(url, until).series(query, signal);
    expect(series[0]!.arms[0]!.exemplars).toEqual([
      { traceId: '0af7651916cd43dd8448eb211c80319c', at: until - 2 * minute, seconds: 0.25, error: false },
    ]);
  });

  it('counts what counters grew by as said, whatever their instances do: restarts, silences, starts and ends', async () => {
    const [series, expected] = randomCounters(until);
    await remoteWrite(url, series);
    const counters = 'random_total';
    const asked = increments({ counters, stepSeconds: 60, by: ['group'], service: ['service'], only: null });
    const window = { from: until - 20 * minute, to: until };
    const { rows, partial } = await client().range(asked, window, minute, signal);
    expect(partial).toBe(false);
    const counted = new Map<string, number>();
    for (const { metric, samples } of rows)
      for (const [at, value] of samples) counted.set(`${metric.group} ${at}`, value);
    for (const [key, value] of expected(window)) expect([key, counted.get(key) ?? 0]).toEqual([key, value]);
  });

  it('says in plain words what it refused', async () => {
    const words = (run: (of: PromClient) => Promise<unknown>, base?: string): Promise<string> =>
      run(client(base)).then(
        () => 'answered',
        (error: unknown) => (error instanceof Error ? error.message : ''),
      );
    expect(await words((of) => of.instant('sum(', until, 1_000, signal))).toMatch(
      /^Prometheus could not answer \(400\): invalid parameter "query": 1:5: parse error/,
    );
    expect(await words((of) => of.range('up', { from: 0, to: until }, 1_000, signal))).toBe(
      'The question is too large for Prometheus. Choose a shorter window.',
    );
    expect(
      await words((of) =>
        of.instant('vector(1) + on () present_over_time({__name__=~"http.+"}[5m])', until, 1_000, signal),
      ),
    ).toMatch(/^Prometheus could not answer \(422\): /);
    // The prefix is missing.
    expect(await words((of) => of.metricNames('up', until, signal), new URL(url).origin)).toMatch(
      /^Prometheus is no Prometheus API: it answers 404\. Is a path missing in its "url"/,
    );
    expect(await words((of) => of.instant('up', until, 1_000, signal), 'http://127.0.0.1:9')).toBe(
      'Prometheus cannot be reached.',
    );
  });

  it('asks an equal question once, and one it refused not again while it is fresh', async () => {
    let asked = 0;
    const counting = memoryRemotes({
      request: (request) => {
        asked += 1;
        return loopbackHttp.request(request);
      },
    });
    const remote = counting.remote({ id: 'p', type: 'prometheus', url, authorization: 'none' });
    const of = new PromClient({ remote, clock: systemClock, where: 'P', tenant: undefined, l10n: memoryL10n });
    const twice = async (query: string): Promise<number> => {
      const before = asked;
      await Promise.allSettled([of.instant(query, until, 5_000, signal), of.instant(query, until, 5_000, signal)]);
      await of.instant(query, until + 1, 5_000, signal).catch(() => undefined);
      return asked - before;
    };
    expect(await twice('vector(1)')).toBe(1);
    expect(await twice('sum(')).toBe(1);
  });
});

/** A hundred counters of two services, and what by the rules they grew by in each step, by group. */
function randomCounters(until: number) {
  const draws = new SeededDraws(11);
  const lives = Array.from({ length: 100 }, (_, index) => {
    const samples: [number, number][] = [];
    let value = 0;
    let awayUntil = draws.uniform() < 0.3 ? until - draws.uniform() * 20 * minute : 0;
    // Beside the minute: whether a range holds its oldest instant differs between Prometheus 2 and 3.
    for (let at = until - 30 * minute + 7_000; at <= until; at += 15_000) {
      if (draws.uniform() < 0.02) value = 0;
      if (draws.uniform() < 0.01) awayUntil = at + draws.uniform() * 9 * minute;
      value += Math.floor(draws.uniform() * 4);
      if (at >= awayUntil) samples.push([at, value]);
    }
    const labels = {
      __name__: 'random_total',
      group: String(index % 5),
      service: String(index % 2),
      index: String(index),
    };
    return { labels, samples };
  });
  const last = (samples: readonly (readonly [number, number])[], at: number): number | undefined =>
    samples.findLast(([time]) => time <= at && time > at - 5 * minute)?.[1];
  const grew = ({ samples, labels }: (typeof lives)[number], at: number): number => {
    const [now, before] = [last(samples, at), last(samples, at - minute)];
    if (now === undefined) return 0;
    if (before === undefined) {
      const isMeasured = lives.some(
        (other) => other.labels.service === labels.service && last(other.samples, at - minute) !== undefined,
      );
      return isMeasured ? now : 0;
    }
    const within = samples.filter(([time]) => time <= at && time > at - minute).map(([, value]) => value);
    return now >= before ? now - before : now + Math.max(0, Math.max(0, ...within) - before);
  };
  const expected = ({ from, to }: { readonly from: number; readonly to: number }): ReadonlyMap<string, number> => {
    const sums = new Map<string, number>();
    for (let at = from; at <= to; at += minute)
      for (const life of lives) {
        const key = `${life.labels.group} ${at}`;
        sums.set(key, (sums.get(key) ?? 0) + grew(life, at));
      }
    return sums;
  };
  return [lives, expected] as const;
}

/** Twenty-five minutes of two instances, one of them restarted; what was observed in the last fifteen goes to `seen`. */
function nativeHistory(until: number, seen: number[]) {
  const draws = new SeededDraws(7);
  const from = until - 25 * minute;
  const labels = (instance: string) => ({
    __name__: 'http_server_request_duration_seconds',
    job: 'native',
    instance,
    deployment_environment_name: 'production',
    http_request_method: 'GET',
    http_route: '/native',
    http_response_status_code: '200',
  });
  return ['a', 'b'].map((instance) => {
    let observed = new Observed(3);
    const histograms: [number, Observed][] = [];
    for (let at = from; at <= until; at += 30_000) {
      // Just after a scrape on the minute: what was counted up to it is known.
      if (instance === 'b' && at === until - 8 * minute + 30_000) observed = new Observed(3);
      for (let call = 0; call < 20; call += 1) {
        const seconds = 0.05 * Math.exp(draws.uniform() * 3);
        observed.observe(seconds);
        if (at > until - 15 * minute) seen.push(seconds);
      }
      histograms.push([at, observed.copy()]);
    }
    const exemplars =
      instance === 'a' ? [{ traceId: '0AF7651916CD43DD8448EB211C80319C', value: 0.25, at: until - 2 * minute }] : [];
    return { labels: labels(instance), histograms, exemplars };
  });
}
