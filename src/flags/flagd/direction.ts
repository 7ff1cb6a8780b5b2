import type { Plan } from '../../model/change';
import type { Shares } from '../../model/flag';
import type { Definition } from './definition';
import { isObject } from '../issue';

/**
 * Which way a change goes: how many get anything but the off variant, before and after. What cannot be told counts
 * as going up, which asks for the stricter consent. Without an off variant there is no up or down.
 */
export function directionOf(before: Definition, after: Definition, off: string | null): Plan['direction'] {
  if (before.text === after.text) return 'none';
  if (off === null) return 'sideways';
  const [from, to] = [onShare(before, off, 0), onShare(after, off, 1)];
  if (to.most === 0) return 'off';
  if (from.most === 0) return 'on';
  if (to.most < from.most - 1e-9 && to.byDefault <= from.byDefault + 1e-9) return 'down';
  const targets = ofTargets(before, after, off);
  if (targets) return targets;
  if (sameRules(before, after)) {
    if (Math.abs(to.byDefault - from.byDefault) < 1e-9) return 'sideways';
    return to.byDefault < from.byDefault ? 'down' : 'up';
  }
  return 'up';
}

/**
 * Where nothing but users named at the front was added or taken out. Who is given the one variant that is not off goes up;
 * where there are several, the others may be what they had.
 */
function ofTargets(before: Definition, after: Definition, off: string): Plan['direction'] | null {
  if (before.disabled !== after.disabled) return null;
  const [a, b] = [before.targeting?.rules ?? [], after.targeting?.rules ?? []];
  const same = (x: unknown, y: unknown): boolean => JSON.stringify(x) === JSON.stringify(y);
  const otherwise = (definition: Definition): unknown => definition.defaultRule;
  if (!same(otherwise(before), otherwise(after))) return null;
  const longer = b.length >= a.length ? b : a;
  const [first] = longer;
  if (first?.serve.kind !== 'variant' || Math.abs(a.length - b.length) > 1) return null;
  if (!same(a.slice(a.length - longer.length + 1), b.slice(b.length - longer.length + 1))) return null;
  const [had, has] = [a.length < longer.length ? [] : usersOf(a[0]), b.length < longer.length ? [] : usersOf(b[0])];
  if (!had || !has || (a.length === b.length && !same(a[0]?.serve, b[0]?.serve))) return null;
  const more = had.every((user) => has.includes(user));
  const fewer = has.every((user) => had.includes(user));
  if (more === fewer) return null;
  if (first.serve.variant === off) return more ? 'down' : 'up';
  return before.variants.length > 2 ? 'sideways' : more ? 'up' : 'down';
}

/** The users that a rule names one by one; null where it says anything else. */
function usersOf(rule: { readonly when: readonly unknown[] } | undefined): readonly string[] | null {
  const [condition, another] = rule?.when ?? [];
  if (another !== undefined || !isObject(condition) || !Array.isArray(condition.in)) return null;
  const [subject, list] = condition.in as unknown[];
  const named = isObject(subject) && typeof subject.var === 'string' && Array.isArray(list);
  return named ? (list as unknown[]).filter((each) => typeof each === 'string') : null;
}

/**
 * `most`: the largest share of callers anyone could think of, 1 when rules decide; `byDefault`: that of the default
 * rule. `unknown` stands for what the code's default or an expression hands out: nobody before, everybody after.
 */
function onShare({ effective }: Definition, off: string, unknown: 0 | 1): { most: number; byDefault: number } {
  const share = (shares: Shares | null): number => (shares ? 1 - (shares[off] ?? 0) : unknown);
  const byDefault = share(effective.defaultShares);
  return { most: effective.kind === 'rules' ? 1 : byDefault, byDefault };
}

function sameRules(before: Definition, after: Definition): boolean {
  return (
    before.disabled === after.disabled &&
    JSON.stringify(before.targeting?.rules ?? []) === JSON.stringify(after.targeting?.rules ?? [])
  );
}
