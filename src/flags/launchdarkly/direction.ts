import type { Plan } from '../../model/change';
import type { Effective } from '../../model/flag';
import { kindOf, type RawState } from './rawState';
import type { Reading } from './reading';

export interface Side {
  readonly raw: RawState;
  readonly reading: Reading;
}

/**
 * Which way a change goes: how many get anything but the off variant, before and after. What cannot be told counts as
 * going up, which asks for the stricter consent. Without an off variant there is no up or down. `off`: its place.
 */
export function directionOf(
  before: Side,
  after: Side,
  off: number | null,
  variants: readonly string[],
): Plan['direction'] {
  const name = off === null ? undefined : variants[off];
  if (off === null || name === undefined) return 'sideways';
  const [from, to] = [onShare(before.reading.effective, name, 0), onShare(after.reading.effective, name, 1)];
  if (to.most === 0) return from.most === 0 ? targetDirection(before.raw, after.raw, off, variants) : 'off';
  if (from.most === 0) return 'on';
  const targets = targetDirection(before.raw, after.raw, off, variants);
  if (Math.abs(to.byDefault - from.byDefault) < 1e-9) return targets;
  const byDefault = to.byDefault < from.byDefault ? 'down' : 'up';
  return targets === 'sideways' || targets === byDefault ? byDefault : 'up';
}

/**
 * Who is taken out of the off variant, or into another, goes up. Of several other variations nobody can tell whether what
 * the rules give instead is more.
 */
function targetDirection(
  before: RawState,
  after: RawState,
  off: number,
  variants: readonly string[],
): 'up' | 'down' | 'sideways' {
  const [had, has] = [heldBy(before), heldBy(after)];
  const steps = new Set<'up' | 'down' | 'sideways'>();
  for (const who of new Set([...had.keys(), ...has.keys()])) {
    const [a, b] = [had.get(who), has.get(who)];
    if (a === b) continue;
    if (b === off || (b === undefined && a !== off && variants.length <= 2)) steps.add('down');
    else steps.add(a === undefined || a === off || b === undefined ? 'up' : 'sideways');
  }
  if (steps.has('up')) return 'up';
  if (steps.size === 0 || (steps.has('sideways') && !steps.has('down'))) return 'sideways';
  return steps.has('sideways') ? 'up' : 'down';
}

const heldBy = ({ targets, contextTargets }: RawState): Map<string, number> =>
  new Map(
    [...targets, ...contextTargets].flatMap((target) =>
      target.values.map((value) => [`${kindOf(target)}\n${value}`, target.variation] as const),
    ),
  );

/** `most`: the largest share of callers anyone could think of, 1 when rules decide; `byDefault`: of the default rule. */
function onShare(effective: Effective, off: string, unknown: 0 | 1): { most: number; byDefault: number } {
  const byDefault = effective.defaultShares ? 1 - (effective.defaultShares[off] ?? 0) : unknown;
  return { most: effective.kind === 'rules' ? 1 : byDefault, byDefault };
}
