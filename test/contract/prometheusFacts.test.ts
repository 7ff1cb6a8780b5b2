import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SignalFacts, Totals } from '../../src/model/facts';
import type { Effective } from '../../src/model/flag';
import { codePathId } from '../../src/model/reference';
import { answerFacts } from '../../src/telemetry/facts';
import { hasPrometheus, prometheusHow, startPrometheus } from '../servers/prometheus.mjs';
import { hasVictoriaMetrics, startVictoriaMetrics, victoriaMetricsHow } from '../servers/victoriametrics.mjs';
import { backendAt, describeServer, route } from './metricBackend';
import { bucketOf, httpBounds, makeHistory, spanBounds, truthOf, type History } from './metricServices';

/**
 * One history in Prometheus and in VictoriaMetrics. The tolerance, where scrapes fall on the minute:
 * - calls, errors and refusals: none, whatever began, ended or was restarted in between; but that a counter which is away
 *   after a restart and comes back at or above its old value cannot be told from one that went on. That loses rare
 *   errors of restarted instances: at most 0.2 % of the calls, 3 % of the errors, and nothing is ever counted twice;
 * - p50 and p95: within the bucket that holds the true value.
 * Where scrapes fall beside the minute: what one scrape interval holds, at either end. Between the two servers: none.
 */
const minute = 60_000;
const windowMinutes = 30;
const split: Effective = {
  kind: 'split',
  shares: { on: 0.25, off: 0.75 },
  defaultShares: { on: 0.25, off: 0.75 },
  ruleCount: 0,
  randomised: 'yes',
  unreachable: [],
};
const checkout = route('POST', '/checkout');
const cart = route('GET', '/cart');

describeServer(
  'the same history in Prometheus and VictoriaMetrics',
  hasPrometheus() && hasVictoriaMetrics(),
  'Prometheus and VictoriaMetrics',
  `${prometheusHow} && ${victoriaMetricsHow}`,
  () => {
    const folders = ['p', 'v'].map((name) => mkdtempSync(join(tmpdir(), `sightglass-${name}-`)));
    const stops: (() => Promise<void>)[] = [];
    let until: number;
    let history: History;
    let urls: readonly string[];

    beforeAll(async () => {
      until = Math.floor(Date.now() / minute) * minute;
      history = makeHistory(until);
      const [one = '', other = ''] = folders;
      const servers = await Promise.all([
        startPrometheus({ folder: one, history: history.openMetrics }),
        startVictoriaMetrics({ folder: other, history: history.prometheusText }),
      ]);
      stops.push(...servers.map(({ stop }) => stop));
      urls = servers.map(({ url }) => url);
    }, 120_000);

    afterAll(async () => {
      for (const stop of stops) await stop();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    });

    const window = () => ({ from: until - windowMinutes * minute, to: until });

    /** Facts of both servers, which must be the same, but for which server they are of. */
    async function facts(environment: string, services: Record<string, string[]> = {}): Promise<SignalFacts> {
      const request = {
        environment,
        windowMinutes,
        codePaths: [checkout, cart],
        overrides: {},
        services,
        flags: ['new-checkout', 'never-seen'].map((key) => ({
          key,
          at: key === 'new-checkout' ? [codePathId(checkout)] : [],
          effective: split,
          offVariant: 'off',
        })),
      };
      const whole = { ...request, flags: [...request.flags, { ...request.flags[0]!, at: [] }] };
      const [first, second] = await Promise.all(
        urls.map((url) => answerFacts(backendAt(url, until), whole, until, new AbortController().signal)),
      );
      expect(second).toEqual(first);
      return first!;
    }

    function expectTruth(
      totals: Totals,
      service: string,
      bounds: readonly number[],
      perSecond: number,
      operation?: string,
      variant?: string,
    ): void {
      const truth = truthOf(history.calls[service]!, window(), operation, variant);
      const missing = service === 'checkout' ? { calls: 0.002, errors: 0.03 } : { calls: 0, errors: 0 };
      for (const count of ['calls', 'errors'] as const) {
        expect(totals[count]).toBeLessThanOrEqual(truth[count]);
        expect(totals[count]).toBeGreaterThanOrEqual(Math.floor(truth[count] * (1 - missing[count])));
      }
      expect(truth.calls).toBeGreaterThan(100);
      for (const [q, value] of [
        [0.5, totals.p50],
        [0.95, totals.p95],
      ] as const) {
        const { lower, upper } = bucketOf(truth.quantile(q) * perSecond, bounds);
        expect(value! * perSecond).toBeGreaterThanOrEqual(lower - 1e-9);
        expect(value! * perSecond).toBeLessThanOrEqual(upper + 1e-9);
      }
    }

    it('finds services, environments and operations by name', async () => {
      const { services, environments, operationCount } = await facts('production');
      expect(environments).toEqual(['', 'production', 'staging']);
      expect(services).toEqual(['checkout', 'ledger', 'offbeat', 'payments']);
      expect(operationCount).toBe(6);
    });

    it('counts every call and error of a route from span metrics, through restarts, starts and ends of instances', async () => {
      const { paths, coverage } = await facts('production', {
        checkout: ['src'],
        payments: ['other'],
        offbeat: ['other'],
      });
      const path = paths.find(({ codePathId: id }) => id === codePathId(checkout))!;
      expect(path.operation).toMatchObject({ service: 'checkout', name: 'POST /checkout', kind: 'server' });
      expectTruth(path.totals, 'checkout', spanBounds, 1_000, 'POST /checkout');
      expect(coverage).toEqual({
        sampled: false,
        approximate: false,
        partial: false,
        joinedShare: null,
        newestSample: until,
      });
    });

    it('tells the arms of a flag apart where the calls carry its variant, and compares them', async () => {
      const { flags } = await facts('production', { checkout: ['src'], payments: ['other'], offbeat: ['other'] });
      const flag = flags.find(({ key, operation }) => key === 'new-checkout' && operation?.service === 'checkout')!;
      expect(flag.arms.map(({ variant }) => variant)).toEqual(['off', 'on']);
      for (const { variant, totals } of flag.arms)
        expectTruth(totals, 'checkout', spanBounds, 1_000, 'POST /checkout', variant);
      expect(flag.comparison).toMatchObject({ verdict: 'regression', treatment: 'on', control: 'off' });
      expect(flag.latency).toMatchObject({ verdict: 'regression' });
      expect(flags.filter(({ key }) => key === 'never-seen')).toEqual([]);
    });

    it('reads one generation of the HTTP convention, of the environment that target_info names', async () => {
      const { paths } = await facts('production', { payments: ['src'], checkout: ['other'], offbeat: ['other'] });
      const path = paths.find(({ codePathId: id }) => id === codePathId(checkout))!;
      expect(path.operation).toMatchObject({ service: 'payments', httpMethod: 'POST', httpRoute: '/checkout' });
      expect(path.match.reason).toBe('by http.route');
      expectTruth(path.totals, 'payments', httpBounds, 1, 'POST /checkout');
      expect(path.totals.refused).toBe(truthOf(history.calls.payments!, window(), 'POST /checkout').refused);
      const staging = await facts('staging', { payments: ['src'], checkout: ['other'], offbeat: ['other'] });
      expectTruth(
        staging.paths.find(({ codePathId: id }) => id === codePathId(checkout))!.totals,
        'payments in staging',
        httpBounds,
        1,
        'POST /checkout',
      );
    });

    it('counts evaluations from the metrics of OpenFeature, where the calls do not carry the variant', async () => {
      const { flags } = await facts('production', { payments: ['src'], checkout: ['other'], offbeat: ['other'] });
      const flag = flags.find(
        ({ key, service, operation }) => key === 'new-checkout' && service === 'payments' && operation === null,
      )!;
      expect(flag.arms).toEqual([]);
      const truth = (variant: string): number => truthOf(history.calls.payments!, window(), undefined, variant).calls;
      expect(flag.evaluations).toBe(truth('on') + truth('off'));
      expect(flag.observed.on).toBeCloseTo(truth('on') / (truth('on') + truth('off')), 12);
    });

    it('joins telemetry that names no environment only where nothing names the asked one', async () => {
      const named = await facts('production');
      expect(named.services).not.toContain('mailer');
      const { environments, services, operationCount } = await facts('canary');
      expect(environments).not.toContain('canary');
      expect(services).toEqual(['mailer']);
      expect(operationCount).toBe(1);
    });

    it('answers series of gRPC and of consumers, and those scraped beside the minute within a scrape', async () => {
      const signal = new AbortController().signal;
      for (const url of urls) {
        const backend = backendAt(url, until);
        const ask = async (environment: string, service: string) => {
          const query = { environment, operations: [], window: window(), step: minute, split: { by: 'none' } as const };
          const { series } = await backend.series(query, signal);
          const points = series
            .filter(({ operation }) => operation.service === service)
            .flatMap(({ arms }) => arms[0]!.points);
          const sum = (of: 'calls' | 'errors' | 'refused'): number =>
            points.reduce((total, point) => total + point[of], 0);
          return { calls: sum('calls'), errors: sum('errors'), minutes: new Set(points.map(({ at }) => at)).size };
        };
        const ledger = truthOf(history.calls.ledger!, window());
        expect(await ask('production', 'ledger')).toEqual({ calls: ledger.calls, errors: ledger.errors, minutes: 30 });
        const mailer = truthOf(history.calls.mailer!, window());
        expect(await ask('', 'mailer')).toEqual({ calls: mailer.calls, errors: mailer.errors, minutes: 30 });
        // Sampled 7 s past the minute: the window seen is the true one, moved by up to a scrape.
        const offbeat = await ask('production', 'offbeat');
        const { calls } = truthOf(history.calls.offbeat!, window());
        const oneScrape = truthOf(history.calls.offbeat!, { from: until - 20_000, to: until }).calls;
        expect(Math.abs(offbeat.calls - calls)).toBeLessThanOrEqual(2 * oneScrape);
      }
    });

    it('gives numbers to telemetry without an environment when the configuration says which it is', async () => {
      for (const url of urls) {
        const backend = backendAt(url, until, { environments: ['canary'] });
        const { services, environments } = await backend.discover('canary', new AbortController().signal);
        expect({ services, environments }).toEqual({ services: ['mailer'], environments: ['canary'] });
      }
    });
  },
);
