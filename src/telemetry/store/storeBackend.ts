import type { ArmSeries, Coverage, OperationSeries, Point, SeriesAnswer, Window } from '../../model/signal';
import type { Discovery, EvaluationCount, SeriesQuery, SignalBackend, Split } from '../backend';
import { unpackHex } from '../otlp/traceIds';
import type { Cell, HeldExemplar } from '../rollup/cell';
import type { LatencyCounts } from '../rollup/latencyCounts';
import { minuteMs } from '../rollup/limits';
import { armOfKey, operationOfKey, type Minute } from '../rollup/minute';
import type { ArmEntry, OperationEntry, ServiceEntry } from '../rollup/tables';
import type { SignalStore } from './signalStore';

const exemplarsShown = 3;

/**
 * The built-in receiver as a backend. Its finest step is a minute: a minute counts when any of it lies in the window,
 * the unfinished one included. An environment is joined by telemetry that names none; its operations say so.
 */
export function storeBackend(store: SignalStore): SignalBackend {
  const view = new StoreView(store);
  return {
    id: 'builtin',
    name: 'built-in receiver',
    discover: async (environment) => view.discover(environment),
    operations: async (environment, window) => view.operations(environment, window),
    series: async (query) => view.series(query),
    evaluations: async (environment, window) => view.evaluations(environment, window),
  };
}

class StoreView {
  readonly #store: SignalStore;

  constructor(store: SignalStore) {
    this.#store = store;
  }

  discover(environment: string): Discovery {
    const services = new Set<string>();
    const environments = new Set<string>();
    for (const service of this.#store.rollups.operations.services) {
      environments.add(service.environment);
      if (belongs(service, environment)) services.add(service.service);
    }
    const flags = new Map<string, Set<string>>();
    for (const minute of this.#store.rollups.minutes) {
      for (const { service, arm } of this.#evaluationsOf(minute, environment)) {
        const evaluating = flags.get(arm.flag);
        if (evaluating) evaluating.add(service.service);
        else flags.set(arm.flag, new Set([service.service]));
      }
    }
    return {
      services: [...services].sort(),
      environments: [...environments].sort(),
      flags: Object.fromEntries([...flags].map(([flag, of]) => [flag, [...of].sort()])),
    };
  }

  /** Tells the cells a query is about by their keys, so that of most nothing else is looked at. */
  #wanted(query: SeriesQuery): (key: number) => boolean {
    const { operations, arms } = this.#store.rollups;
    const ids = new Set(query.operations);
    const armIsWanted: (boolean | undefined)[] = [];
    const operationIsWanted: (boolean | undefined)[] = [];
    return (key) => {
      const arm = armOfKey(key);
      const isArm = (armIsWanted[arm] ??= isSplit(arms.at(arm), query.split));
      if (!isArm) return false;
      const index = operationOfKey(key);
      const known = operationIsWanted[index];
      if (known !== undefined) return known;
      const entry = operations.at(index);
      const isOurs = entry !== undefined && belongs(entry.service, query.environment);
      return (operationIsWanted[index] = isOurs && (ids.size === 0 || ids.has(entry.operation.id)));
    };
  }

  operations(environment: string, window: Window): OperationEntry['operation'][] {
    const { rollups } = this.#store;
    const found = new Set<number>();
    for (const minute of this.#within(window))
      for (const [key, cell] of minute.read((each) => armOfKey(each) === rollups.arms.all.index))
        if (cell.calls > 0) found.add(operationOfKey(key));
    return [...found]
      .map((index) => rollups.operations.at(index))
      .filter((entry) => entry !== undefined)
      .filter((entry) => belongs(entry.service, environment))
      .map((entry) => entry.operation);
  }

  series(query: SeriesQuery): SeriesAnswer {
    const { rollups } = this.#store;
    const step = Math.max(Math.round(query.step / minuteMs), 1) * minuteMs;
    const isWanted = this.#wanted(query);
    const gathered = new Map<number, Map<number, Gathered>>();
    for (const minute of this.#within(query.window)) {
      const at = Math.floor((minute.start * minuteMs) / step) * step;
      for (const [key, cell] of minute.read(isWanted)) {
        if (cell.calls === 0) continue;
        const index = operationOfKey(key);
        const armIndex = armOfKey(key);
        let arms = gathered.get(index);
        if (!arms) gathered.set(index, (arms = new Map<number, Gathered>()));
        let of = arms.get(armIndex);
        if (!of) arms.set(armIndex, (of = new Gathered()));
        of.add(at, cell);
      }
    }
    const series: OperationSeries[] = [];
    for (const [index, arms] of gathered) {
      const operation = rollups.operations.at(index)?.operation;
      if (!operation) continue;
      const named: ArmSeries[] = [];
      for (const [armIndex, of] of arms) {
        const arm = rollups.arms.at(armIndex)?.arm;
        if (arm) named.push({ arm, points: of.points(), exemplars: of.exemplars() });
      }
      series.push({ operation, arms: named });
    }
    return { series, coverage: this.#coverage(query) };
  }

  evaluations(environment: string, window: Window): EvaluationCount[] {
    const sums = new Map<string, EvaluationCount & { count: number; joined: number }>();
    for (const minute of this.#within(window)) {
      for (const { service, arm, cell } of this.#evaluationsOf(minute, environment)) {
        const key = JSON.stringify([service.index, arm.flag, arm.variant]);
        const sum = sums.get(key);
        if (sum) {
          sum.count += cell.count;
          sum.joined += cell.joinedCount;
        } else {
          const { flag, variant } = arm;
          const names = { service: service.service, environment: service.environment, flag, variant };
          sums.set(key, { ...names, count: cell.count, joined: cell.joinedCount });
        }
      }
    }
    return [...sums.values()];
  }

  #coverage(query: SeriesQuery): Coverage {
    const { rollups } = this.#store;
    let joined = 0;
    let unjoined = 0;
    for (const minute of this.#within(query.window)) {
      for (const { arm, cell } of this.#evaluationsOf(minute, query.environment)) {
        if (query.split.by === 'flag' && arm.flag !== query.split.key) continue;
        joined += cell.joinedCount;
        unjoined += cell.unjoinedCount;
      }
    }
    let newest: number | null = null;
    for (const { service, lastSeen } of rollups.operations.operations)
      if (belongs(service, query.environment)) newest = Math.max(newest ?? 0, lastSeen);
    return {
      sampled: this.#store.sampled,
      approximate: false,
      partial: rollups.isPartial || query.window.from < rollups.floor * minuteMs || query.split.by === 'attribute',
      joinedShare: joined + unjoined > 0 ? joined / (joined + unjoined) : null,
      newestSample: newest === null ? null : Math.round(newest),
    };
  }

  *#evaluationsOf(minute: Minute, environment: string) {
    const { operations, arms } = this.#store.rollups;
    for (const [key, cell] of minute.evaluations) {
      const service = operations.serviceAt(operationOfKey(key));
      const arm = arms.at(armOfKey(key))?.arm;
      if (service && arm?.kind === 'variant' && belongs(service, environment)) yield { service, arm, cell };
    }
  }

  *#within(window: Window): Iterable<Minute> {
    for (const minute of this.#store.rollups.minutes) {
      const from = minute.start * minuteMs;
      if (from < window.to && from + minuteMs > window.from) yield minute;
    }
  }
}

const belongs = (service: ServiceEntry, environment: string): boolean =>
  service.environment === environment || service.environment === '';

function isSplit(entry: ArmEntry | undefined, split: Split): boolean {
  if (!entry) return false;
  const { arm } = entry;
  switch (split.by) {
    case 'flag':
      return (arm.kind === 'variant' || arm.kind === 'mixed') && arm.flag === split.key;
    case 'version':
      return arm.kind === 'version';
    // Other attributes are dropped at decode: all calls together, and the coverage says partial.
    case 'attribute':
    case 'none':
      return arm.kind === 'all';
  }
}

/** One arm of one operation, summed into steps. */
class Gathered {
  readonly #steps = new Map<number, { calls: number; errors: number; refused: number; latency: LatencyCounts }>();
  readonly #slow: HeldExemplar[] = [];
  readonly #failed: HeldExemplar[] = [];

  add(at: number, cell: Cell): void {
    const step = this.#steps.get(at);
    const { calls, errors, refused, latency } = cell;
    // Nearly always a step is a minute and has one cell, whose counts need not be copied to be read.
    if (!step) this.#steps.set(at, { calls, errors, refused, latency });
    else {
      step.calls += calls;
      step.errors += errors;
      step.refused += refused;
      step.latency = step.latency.plus(latency);
    }
    this.#slow.push(...cell.slow);
    this.#failed.push(...cell.failed);
  }

  points(): Point[] {
    return [...this.#steps]
      .sort(([a], [b]) => a - b)
      .map(([at, { calls, errors, refused, latency }]) => ({
        at,
        calls,
        errors,
        refused,
        histogram: latency.toModel(),
      }));
  }

  exemplars(): ArmSeries['exemplars'] {
    const slow = this.#slow.sort((a, b) => b.seconds - a.seconds).slice(0, exemplarsShown);
    const failed = this.#failed.sort((a, b) => b.at - a.at).slice(0, exemplarsShown);
    return [...failed, ...slow].map(({ traceId, at, seconds, error }) => ({
      traceId: unpackHex(traceId),
      at,
      seconds,
      error,
    }));
  }
}
