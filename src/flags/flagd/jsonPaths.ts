import type { Json } from '../../model/json';
import { isObject, type At } from '../issue';

type Step = string | number;

/** The value at a path; undefined where there is none. */
export function atPath(value: Json | undefined, path: At): Json | undefined {
  return path.reduce<Json | undefined>(inside, value);
}

/** The value with another one at a path: undefined takes it out, a missing one is added at the end. */
export function changedAt(
  value: Json | undefined,
  [step, ...rest]: At,
  change: (value: Json | undefined) => Json | undefined,
): Json | undefined {
  if (step === undefined) return change(value);
  const before = inside(value, step);
  const after = rest.length > 0 && before === undefined ? undefined : changedAt(before, rest, change);
  if (isList(value) && typeof step === 'number') {
    const items = [...value];
    if (after === undefined) items.splice(step, 1);
    else items[Math.min(step, items.length)] = after;
    return items;
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value as Readonly<Record<string, Json>>);
  const at = members.findIndex(([name]) => name === step);
  if (after === undefined) return at < 0 ? value : Object.fromEntries(members.filter((_, index) => index !== at));
  members[at < 0 ? members.length : at] = [String(step), after];
  return Object.fromEntries(members);
}

function inside(value: Json | undefined, step: Step): Json | undefined {
  if (isList(value)) return typeof step === 'number' ? value[step] : undefined;
  if (!isObject(value) || !Object.hasOwn(value, step)) return undefined;
  return value[step];
}

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
