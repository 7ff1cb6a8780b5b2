import type { Plan } from '../../model/change';
import type { Shares } from '../../model/flag';
import { canonical } from '../canonical';
import type { EffectiveState } from './effective';
import { OFF } from './strategies';

/**
 * Which way a change goes: how many get anything but "disabled", before and after. What cannot be told counts as going
 * up, which asks for the stricter consent.
 */
export function directionOf(before: EffectiveState, after: EffectiveState): Plan['direction'] {
  const [from, to] = [onShare(before, 0), onShare(after, 1)];
  if (to.most === 0) return from.most === 0 ? 'sideways' : 'off';
  if (isOff(before)) return 'on';
  if (to.most < from.most - 1e-9 && to.byDefault <= from.byDefault + 1e-9) return 'down';
  if (canonical(before.rules) !== canonical(after.rules)) return 'up';
  if (Math.abs(to.byDefault - from.byDefault) < 1e-9) return 'sideways';
  return to.byDefault < from.byDefault ? 'down' : 'up';
}

const isOff = ({ effective }: EffectiveState): boolean =>
  effective.kind === 'everyone' && effective.shares?.[OFF] === 1;

/** `most`: the largest share of callers anyone could think of, 1 when rules decide; `byDefault`: of the default rule. */
function onShare({ effective }: EffectiveState, unknown: 0 | 1): { readonly most: number; readonly byDefault: number } {
  const share = (shares: Shares | null): number => (shares ? 1 - (shares[OFF] ?? 0) : unknown);
  const byDefault = share(effective.defaultShares);
  return { most: effective.kind === 'rules' ? 1 : byDefault, byDefault };
}
