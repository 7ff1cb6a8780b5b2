import { canonical, isSame } from '../canonical';
import { rawState } from './environmentState';
import type { Operation, Step } from './nativePlan';

type Item = Readonly<Record<string, unknown>>;

/** A raw state taken apart. Strategies of which only the plan knows have no id. */
export interface RawState {
  readonly enabled: boolean;
  readonly strategies: readonly Item[];
  readonly variants: readonly unknown[];
}

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Null for the raw state of a flag whose strategies were not asked for, or a damaged one. */
export function parseRaw(raw: string): RawState | null {
  try {
    const value: unknown = JSON.parse(raw);
    if (!isItem(value) || typeof value.enabled !== 'boolean' || !Array.isArray(value.strategies)) return null;
    if (!value.strategies.every(isItem)) return null;
    return {
      enabled: value.enabled,
      strategies: value.strategies,
      variants: Array.isArray(value.variants) ? value.variants : [],
    };
  } catch {
    return null;
  }
}

export const textOf = ({ enabled, strategies, variants }: RawState): string => rawState(enabled, strategies, variants);

export const idOf = (strategy: Item): string => (typeof strategy.id === 'string' ? strategy.id : '');

/** What leads from one state to another. Off comes first and on last, so that nobody gets a state in between. */
export function stepsBetween(from: RawState, to: RawState): Step[] {
  const steps: Step[] = [];
  if (from.enabled && !to.enabled) steps.push({ do: 'off' });
  const before = new Map(from.strategies.map((strategy) => [idOf(strategy), strategy]));
  const kept = new Set(to.strategies.map(idOf));
  for (const strategy of to.strategies) {
    const known = before.get(idOf(strategy));
    if (!known || idOf(strategy) === '') {
      steps.push({ do: 'add', strategy: without(strategy, 'id') });
      continue;
    }
    const operations = operationsBetween(known, strategy);
    if (operations.length > 0) steps.push({ do: 'patch', id: idOf(strategy), operations });
  }
  for (const id of before.keys()) if (!kept.has(id)) steps.push({ do: 'delete', id });
  if (!from.enabled && to.enabled) steps.push({ do: 'on' });
  return steps;
}

/**
 * A JSON patch that changes only what differs. Each change is preceded by a `test` of what it replaces, which Unleash
 * checks against what it holds when the request arrives; its own write follows a moment later, so that this narrows
 * the gap in which somebody else can be overwritten, and does not close it.
 */
function operationsBetween(from: Item, to: Item): Operation[] {
  return Object.keys({ ...from, ...to }).flatMap((name) => {
    const [a, b] = [from[name], to[name]];
    return name === 'parameters' && isItem(a) && isItem(b)
      ? Object.keys({ ...a, ...b }).flatMap((key) => changed(`/parameters/${pointer(key)}`, a[key], b[key]))
      : changed(`/${pointer(name)}`, a, b);
  });
}

function changed(path: string, from: unknown, to: unknown): Operation[] {
  if (isSame(from, to)) return [];
  if (from === undefined) return [{ op: 'add', path, value: to }];
  const test: Operation = { op: 'test', path, value: from };
  return to === undefined ? [test, { op: 'remove', path }] : [test, { op: 'replace', path, value: to }];
}

const pointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * Whether a state is what a plan meant to write. Unleash fills in what a strategy was not given (ids, a group, a
 * title), so what the plan does not name may be there besides.
 */
export function isAsPlanned(found: RawState, planned: RawState): boolean {
  if (found.enabled !== planned.enabled || found.strategies.length !== planned.strategies.length) return false;
  if (!isSame(found.variants, planned.variants)) return false;
  const ids = new Set(planned.strategies.map(idOf));
  const fresh = found.strategies.filter((strategy) => !ids.has(idOf(strategy)));
  return planned.strategies.every((strategy) => {
    const id = idOf(strategy);
    if (id === '') return fresh.some((each) => holds(each, without(strategy, 'id')));
    return found.strategies.some((each) => idOf(each) === id && holds(each, strategy));
  });
}

function holds(found: Item, planned: Item): boolean {
  return Object.entries(planned).every(([name, value]) => {
    const there = found[name];
    if (isItem(value) && isItem(there)) return holds(there, value);
    return isSame(there ?? null, value ?? null);
  });
}

function without(item: Item, name: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).filter(([key]) => key !== name));
}

/** The strategies of a raw state, as {@link environmentState} takes them. */
export function asDetailEnvironment(name: string, raw: RawState) {
  const { enabled, strategies, variants } = raw;
  return { name, enabled, strategies: [...strategies], variants: [...variants], type: null };
}

export const sameRaw = (a: string, b: string): boolean => a === b || canonical(parseRaw(a)) === canonical(parseRaw(b));
