import type { Plan } from '../../model/change';
import type { Shares } from '../../model/flag';
import type { Definition } from './definition';

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
  if (sameRules(before, after)) {
    if (Math.abs(to.byDefault - from.byDefault) < 1e-9) return 'sideways';
    return to.byDefault < from.byDefault ? 'down' : 'up';
  }
  return 'up';
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
