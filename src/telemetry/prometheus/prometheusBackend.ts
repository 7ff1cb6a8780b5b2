import type { BackendConfig } from '../../model/config';
import type { ServiceGraph } from '../../model/serviceGraph';
import type { Operation, SeriesAnswer, Window } from '../../model/signal';
import type { Clock } from '../../platform/clock';
import type { L10n } from '../../platform/l10n';
import type { Remotes } from '../../platform/remotes';
import type { Discovery, EvaluationCount, SeriesQuery, SignalBackend } from '../backend';
import { readCatalogue, type Catalogue, type Evaluations, type KnownFamily } from './catalogue';
import { fresh, PromClient } from './client';
import { Gathered } from './gathered';
import { labelOfFlag } from './labels';
import { namingLabels, operationOf, serviceOfId } from './operations';
import { increments, seen, selector } from './promql';
import { askService, matchersOf } from './seriesQuery';
import { promServiceGraph } from './serviceGraph';
import { servedBy, type Served } from './services';

export interface PrometheusPorts {
  readonly remotes: Remotes;
  readonly clock: Clock;
  readonly l10n: L10n;
}

interface ServedFamily extends Served {
  readonly family: KnownFamily;
}

/** How many labels of flags are looked into. */
const mostFlagLabels = 64;
/** Evaluations are counted by minute, for the same reason as calls. */
const minuteMs = 60_000;

/**
 * A server with Prometheus' HTTP API (Prometheus, VictoriaMetrics, Mimir, Thanos, Cortex) as a backend. What it holds is
 * discovered by names; operations are those of span metrics, or of the HTTP, RPC and messaging histograms of OpenTelemetry.
 * Where one service has several of these, one is read. Rejects with PromError, whose message is for people.
 */
export class PrometheusBackend implements SignalBackend {
  readonly id: string;
  readonly name: string;
  readonly counts = 'metrics';
  readonly #config: BackendConfig;
  readonly #client: PromClient;
  readonly #clock: Clock;

  constructor(config: BackendConfig, { remotes, clock, l10n }: PrometheusPorts) {
    const { id, type, url, tenant } = config;
    const remote = remotes.remote({ id, type, url, authorization: 'bearer', tokenOptional: true });
    const where = l10n.t('Prometheus "{0}" at {1}', id, remote.origin);
    this.id = id;
    this.name = `Prometheus ${id}`;
    this.#config = config;
    this.#clock = clock;
    this.#client = new PromClient({ remote, clock, where, tenant, l10n });
  }

  retry(): void {
    this.#client.retry();
  }

  async discover(environment: string, signal: AbortSignal, keys: readonly string[] = []): Promise<Discovery> {
    const catalogue = await this.#catalogue(signal);
    const serving = await this.#serving(catalogue, signal);
    const [apart, evaluated] = await Promise.all([
      this.#toldApart(
        serving.filter((served) => served.environment === environment),
        keys,
        signal,
      ),
      this.#evaluated(catalogue, environment, signal),
    ]);
    const flags = new Map<string, Set<string>>();
    for (const [flag, service] of [...apart, ...evaluated])
      flags.set(flag, (flags.get(flag) ?? new Set()).add(service));
    return {
      services: [
        ...new Set(serving.filter((one) => one.environment === environment).map(({ service }) => service)),
      ].sort(),
      environments: [...new Set(serving.map((one) => one.environment))].sort(),
      flags: Object.fromEntries([...flags].map(([flag, services]) => [flag, [...services].sort()])),
      toldApart: [...new Set(apart.map(([flag]) => flag))].sort(),
    };
  }

  async operations(environment: string, window: Window, signal: AbortSignal): Promise<readonly Operation[]> {
    const catalogue = await this.#catalogue(signal);
    const serving = (await this.#serving(catalogue, signal)).filter((one) => one.environment === environment);
    // Whole minutes: a window's end slides, and a listing is told again only while its question is the same.
    const seconds = (Math.ceil((window.to - window.from) / minuteMs) * minuteMs) / 1_000;
    const found = await forAll(serving, async ({ family, ...served }) => {
      const series = selector(family.whole, matchersOf(family, served));
      const by = namingLabels(family.shape, family.labels);
      const { rows } = await this.#client.instant(
        seen(series, by, seconds, served.only),
        window.to,
        fresh.listing,
        signal,
      );
      return rows.flatMap(({ metric }) => operationOf(family.shape, family.labels, metric, environment) ?? []);
    });
    return [...new Map(found.flat().map((operation) => [operation.id, operation])).values()];
  }

  async series(query: SeriesQuery, signal: AbortSignal): Promise<SeriesAnswer> {
    const catalogue = await this.#catalogue(signal);
    const wanted = new Set(query.operations);
    const services = new Set(query.operations.map(serviceOfId));
    const serving = (await this.#serving(catalogue, signal)).filter(
      ({ environment, service }) => environment === query.environment && (wanted.size === 0 || services.has(service)),
    );
    const into = new Gathered();
    const asking = { client: this.#client, config: this.#config, query, signal, into };
    const asked = await forAll(serving, ({ family, ...served }) => askService(asking, family, served));
    const series = into.series().filter(({ operation: { id } }) => wanted.size === 0 || wanted.has(id));
    const newest = asked.map((one) => one.newest).filter((at) => at !== null);
    return {
      series,
      coverage: {
        sampled: false,
        approximate: into.approximate,
        partial: asked.some(({ partial }) => partial) || query.split.by === 'attribute',
        joinedShare: null,
        newestSample: newest.length > 0 ? Math.max(...newest) : null,
      },
    };
  }

  async evaluations(environment: string, window: Window, signal: AbortSignal): Promise<readonly EvaluationCount[]> {
    const catalogue = await this.#catalogue(signal);
    const counted = catalogue.evaluations;
    if (!counted) return [];
    const serving = await this.#servingEvaluations(counted, catalogue, signal);
    const grid = {
      from: Math.floor(window.from / minuteMs) * minuteMs + minuteMs,
      to: Math.ceil(window.to / minuteMs) * minuteMs,
    };
    const found = await forAll(
      serving.filter((served) => served.environment === environment),
      async ({ service, matchers, only }) => {
        const by = [counted.key, counted.variant];
        const counters = selector(counted.metric, matchers);
        const grown = increments({
          counters,
          stepSeconds: minuteMs / 1_000,
          by,
          service: counted.labels.service,
          only,
        });
        const { rows } = await this.#client.range(grown, grid, minuteMs, signal);
        return rows.map(({ metric, samples }): EvaluationCount => ({
          service,
          environment,
          flag: metric[counted.key] ?? '',
          variant: metric[counted.variant] ?? '',
          count: Math.round(samples.reduce((sum, [, count]) => sum + count, 0)),
          // A counter knows nothing of spans.
          joined: 0,
        }));
      },
    );
    return found.flat().filter(({ flag, count }) => flag !== '' && count > 0);
  }

  serviceGraph(environment: string, window: Window, signal: AbortSignal): Promise<ServiceGraph | null> {
    return promServiceGraph(this.#client, this.#config, environment, window, signal);
  }

  #catalogue(signal: AbortSignal): Promise<Catalogue> {
    return readCatalogue(this.#client, this.#config, this.#clock.now(), signal);
  }

  /** Which family counts a service's calls: one of span metrics, else one for each protocol. */
  async #serving(catalogue: Catalogue, signal: AbortSignal): Promise<readonly ServedFamily[]> {
    const server = { client: this.#client, config: this.#config, catalogue };
    const all = await forAll(catalogue.families, async (family) =>
      (await servedBy(family, server, this.#clock.now(), signal)).map((served) => ({ ...served, family })),
    );
    const chosen = new Map<string, Map<KnownFamily['shape'], KnownFamily>>();
    const byLabels = all.flat().sort((a, b) => variantCount(b.family) - variantCount(a.family));
    for (const { service, environment, family } of byLabels) {
      const key = JSON.stringify([service, environment]);
      const shapes = chosen.get(key) ?? new Map<KnownFamily['shape'], KnownFamily>();
      if (!shapes.has(family.shape)) chosen.set(key, shapes.set(family.shape, family));
    }
    return all.flat().filter(({ service, environment, family }) => {
      const shapes = chosen.get(JSON.stringify([service, environment]));
      return (shapes?.get('spans') ?? shapes?.get(family.shape)) === family;
    });
  }

  #servingEvaluations(counted: Evaluations, catalogue: Catalogue, signal: AbortSignal): Promise<readonly Served[]> {
    const { metric, names, labels } = counted;
    const shared = ['job', 'instance'].filter((name) => names.includes(name));
    const target = catalogue.targetInfo && labels.environment.length === 0 && shared.includes('job') ? shared : null;
    const server = { client: this.#client, config: this.#config, catalogue };
    return servedBy({ whole: metric, labels, target }, server, this.#clock.now(), signal);
  }

  /** Flags whose variant the calls themselves carry, with the services that do. */
  async #toldApart(
    serving: readonly ServedFamily[],
    keys: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly (readonly [flag: string, service: string])[]> {
    const asked = serving.flatMap(({ family, ...served }) => {
      const { pair } = family.variants;
      const own = keys.flatMap((flag) => {
        const label = labelOfFlag(flag, family.variants, this.#config.flagLabels);
        return label === null ? [] : [{ flag, label, family, served }];
      });
      return [...own.slice(0, mostFlagLabels), ...(pair ? [{ flag: null, label: pair.key, family, served }] : [])];
    });
    const found = await forAll(asked, async ({ flag, label, family, served }) => {
      const series = selector(family.whole, [...served.matchers, { label, op: '!=', value: '' }]);
      const query = seen(series, [label], 3_600, served.only);
      const { rows } = await this.#client.instant(query, this.#clock.now(), fresh.listing, signal);
      return rows.map(({ metric }) => [flag ?? metric[label] ?? '', served.service] as const);
    });
    return found.flat().filter(([flag]) => flag !== '');
  }

  async #evaluated(
    catalogue: Catalogue,
    environment: string,
    signal: AbortSignal,
  ): Promise<readonly (readonly [flag: string, service: string])[]> {
    const counted = catalogue.evaluations;
    if (!counted) return [];
    const serving = await this.#servingEvaluations(counted, catalogue, signal);
    const found = await forAll(
      serving.filter((served) => served.environment === environment),
      async ({ service, matchers, only }) => {
        const query = seen(selector(counted.metric, matchers), [counted.key], 3_600, only);
        const { rows } = await this.#client.instant(query, this.#clock.now(), fresh.listing, signal);
        return rows.map(({ metric }) => [metric[counted.key] ?? '', service] as const);
      },
    );
    return found.flat().filter(([flag]) => flag !== '');
  }
}

/** A family that carries variants goes before one that does not. */
const variantCount = ({ variants: { pair, names } }: KnownFamily): number =>
  (pair ? 1 : 0) + names.filter((name) => name.startsWith('feature_flag')).length;

/** The client sees to it that a server is not asked too much at a time. */
const forAll = <T, R>(all: readonly T[], run: (one: T) => Promise<R>): Promise<R[]> => Promise.all(all.map(run));
