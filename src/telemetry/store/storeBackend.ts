import { builtInSource } from '../../model/phrases';
import type { ArmSeries, Coverage, OperationSeries, SeriesAnswer, Window } from '../../model/signal';
import type { Discovery, EvaluationCount, SeriesQuery, SignalBackend, Split, SumsAnswer, SumsQuery } from '../backend';
import type { CellView } from '../rollup/cell';
import type { CellFilter } from '../rollup/cellTable';
import { minuteMs } from '../rollup/limits';
import { armOfKey, operationOfKey, type Minute } from '../rollup/minute';
import type { ArmEntry, OperationEntry, ServiceEntry } from '../rollup/tables';
import { GatheredArm } from './gatheredArm';
import type { SignalStore } from './signalStore';

/**
 * The built-in receiver as a backend. Its finest step is a minute: a minute counts when any of it lies in the window,
 * the unfinished one included.
 */
export function storeBackend(store: SignalStore): SignalBackend {
  const view = new StoreView(store);
  return {
    id: 'builtin',
    name: builtInSource,
    discover: async (environment) => view.discover(environment),
    operations: async (environment, window) => view.operations(environment, window),
    series: async (query) => view.series(query),
    sums: async (query) => view.sums(query),
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
      if (service.environment === environment) services.add(service.service);
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

  operations(environment: string, window: Window): OperationEntry['operation'][] {
    const { rollups } = this.#store;
    const all = rollups.arms.all.index;
    const found = new Set<number>();
    const wanted = { arm: (arm: number) => arm === all, operation: (index: number) => !found.has(index) };
    for (const minute of this.#within(window))
      minute.each(wanted, (index, _, cell) => {
        if (cell.calls > 0) found.add(index);
      });
    return [...found]
      .map((index) => rollups.operations.at(index))
      .filter((entry) => entry !== undefined)
      .filter((entry) => entry.service.environment === environment)
      .map((entry) => entry.operation);
  }

  series(query: SeriesQuery): SeriesAnswer {
    const { rollups } = this.#store;
    const gathered = new Map<number, Map<number, GatheredArm>>();
    this.#each(query, (at, index, armIndex, cell) => {
      let arms = gathered.get(index);
      if (!arms) gathered.set(index, (arms = newArms()));
      armOf(arms, armIndex, stepOf(query) === minuteMs).add(at, cell, true);
    });
    const series: OperationSeries[] = [];
    for (const [index, arms] of gathered) {
      const operation = rollups.operations.at(index)?.operation;
      if (operation) series.push({ operation, arms: this.#named(arms) });
    }
    return { series, coverage: this.#coverage(query) };
  }

  sums({ groups, exemplarsFrom, ...query }: SumsQuery): SumsAnswer {
    const of = groups.map((ids) => ({ isOneCell: ids.length === 1 && stepOf(query) === minuteMs, arms: newArms() }));
    const byId = new Map<string, (typeof of)[number][]>();
    for (const [index, group] of of.entries())
      for (const id of groups[index] ?? []) byId.set(id, [...(byId.get(id) ?? []), group]);
    if (byId.size > 0) {
      const { operations } = this.#store.rollups;
      const byOperation: ((typeof of)[number][] | undefined)[] = [];
      this.#each({ ...query, operations: [...byId.keys()] }, (at, index, armIndex, cell) => {
        const into = (byOperation[index] ??= byId.get(operations.at(index)?.operation.id ?? '') ?? []);
        for (const { arms, isOneCell } of into) armOf(arms, armIndex, isOneCell).add(at, cell, at >= exemplarsFrom);
      });
    }
    return { groups: of.map(({ arms }) => this.#named(arms)), coverage: this.#coverage(query) };
  }

  /** The cells a query is about, each with the start of its step. */
  #each(query: SeriesQuery, use: (at: number, operation: number, arm: number, cell: CellView) => void): void {
    const step = stepOf(query);
    const wanted = this.#wanted(query);
    for (const minute of this.#within(query.window)) {
      const at = Math.floor((minute.start * minuteMs) / step) * step;
      minute.each(wanted, (operation, arm, cell) => {
        if (cell.calls > 0) use(at, operation, arm, cell);
      });
    }
  }

  /** Each arm and operation is judged once. */
  #wanted(query: SeriesQuery): CellFilter {
    const { operations, arms } = this.#store.rollups;
    const ids = new Set(query.operations);
    const known: (boolean | undefined)[] = [];
    return {
      arm: (index) => isSplit(arms.at(index), query.split),
      operation: (index) => {
        const entry = known[index] === undefined ? operations.at(index) : undefined;
        return (known[index] ??=
          entry?.service.environment === query.environment && (ids.size === 0 || ids.has(entry.operation.id)));
      },
    };
  }

  #named(arms: ReadonlyMap<number, GatheredArm>): ArmSeries[] {
    const named: ArmSeries[] = [];
    for (const [index, of] of arms) {
      const arm = this.#store.rollups.arms.at(index)?.arm;
      if (arm) named.push({ arm, points: of.points(), exemplars: of.exemplars() });
    }
    return named;
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

  #coverage(query: Omit<SeriesQuery, 'operations'>): Coverage {
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
      if (service.environment === query.environment) newest = Math.max(newest ?? 0, lastSeen);
    const isSampled = ({ environment, lastSampled }: ServiceEntry): boolean =>
      environment === query.environment && lastSampled > 0 && lastSampled >= query.window.from;
    return {
      sampled: [...rollups.operations.services].some(isSampled),
      approximate: false,
      partial: rollups.isPartial || query.window.from < rollups.floor * minuteMs || query.split.by === 'attribute',
      joinedShare: joined + unjoined > 0 ? joined / (joined + unjoined) : null,
      newestSample: newest === null ? null : Math.round(newest),
      heardFrom: this.#heardFrom(query.environment),
    };
  }

  /** The start of the earliest minute that has a call of this environment. */
  #heardFrom(environment: string): number | null {
    const { operations, minutes } = this.#store.rollups;
    let earliest: number | null = null;
    for (const minute of minutes) {
      const from = minute.start * minuteMs;
      if (earliest !== null && from >= earliest) continue;
      const ours = new Set<number>();
      const operation = (index: number): boolean =>
        ours.size === 0 && operations.at(index)?.service.environment === environment;
      minute.each({ arm: () => true, operation }, (index) => {
        ours.add(index);
      });
      if (ours.size > 0) earliest = from;
    }
    return earliest;
  }

  *#evaluationsOf(minute: Minute, environment: string) {
    const { operations, arms } = this.#store.rollups;
    for (const [key, cell] of minute.evaluations) {
      const service = operations.serviceAt(operationOfKey(key));
      const arm = arms.at(armOfKey(key))?.arm;
      if (service && arm?.kind === 'variant' && service.environment === environment) yield { service, arm, cell };
    }
  }

  *#within(window: Window): Iterable<Minute> {
    for (const minute of this.#store.rollups.minutes) {
      const from = minute.start * minuteMs;
      if (from < window.to && from + minuteMs > window.from) yield minute;
    }
  }
}

/** Whole minutes, at least one. */
const stepOf = ({ step }: Pick<SeriesQuery, 'step'>): number => Math.max(Math.round(step / minuteMs), 1) * minuteMs;

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

const newArms = (): Map<number, GatheredArm> => new Map<number, GatheredArm>();

function armOf(arms: Map<number, GatheredArm>, index: number, isOneCell: boolean): GatheredArm {
  let arm = arms.get(index);
  if (!arm) arms.set(index, (arm = new GatheredArm(isOneCell)));
  return arm;
}
