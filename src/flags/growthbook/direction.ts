import type { Plan } from '../../model/change';
import type { Reading } from './reading';

/**
 * Which way a change goes: how many get anything but the off variant, before and after. A flag that is switched off counts
 * as given to nobody; what cannot be told counts as going up, which asks for the stricter consent. `off` null: there is no
 * up or down beside the switch.
 */
export function directionOf(
  before: { readonly on: boolean; readonly reading: Reading },
  after: { readonly on: boolean; readonly reading: Reading },
  off: string | null,
): Plan['direction'] {
  const [from, to] = [onShare(before, off, 0), onShare(after, off, 1)];
  if (to.most === 0) return from.most === 0 ? 'sideways' : 'off';
  if (from.most === 0) return 'on';
  if (off === null || Math.abs(to.byDefault - from.byDefault) < 1e-9) return 'sideways';
  return to.byDefault < from.byDefault ? 'down' : 'up';
}

/** `most`: the largest share of callers anyone could think of, 1 when rules decide; `byDefault`: of the default rule. */
function onShare(
  { on, reading: { effective } }: { readonly on: boolean; readonly reading: Reading },
  off: string | null,
  unknown: 0 | 1,
): { readonly most: number; readonly byDefault: number } {
  if (!on) return { most: 0, byDefault: 0 };
  if (off === null) return { most: 1, byDefault: 1 };
  const byDefault = effective.defaultShares ? 1 - (effective.defaultShares[off] ?? 0) : unknown;
  return { most: effective.kind === 'rules' ? 1 : byDefault, byDefault };
}
