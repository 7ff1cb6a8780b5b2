import type { Plan } from '../model/change';
import type { Effective, Rule, Shares } from '../model/flag';

/** What a flag of a system with a switch of its own does. */
export interface Switched {
  /** Switched off: everybody gets the default in the code. */
  readonly disabled: boolean;
  readonly rules: readonly Rule[];
  readonly effective: Effective;
}

/**
 * Which way a change goes, by how many get anything but the off variant. The system's own switch is off whatever the code
 * hands out then; what else cannot be told counts as going up, which asks for the stricter consent. `servesNobody`: nobody
 * gets a variant, so that an unknown share is none.
 */
export function switchDirection<T extends Switched>(
  before: T,
  after: T,
  off: string | null,
  servesNobody: (flag: T) => boolean,
): Plan['direction'] {
  /** The largest share of callers anyone could think of: all when rules decide. */
  const most = (flag: T, variant: string): number =>
    flag.effective.kind === 'rules' ? 1 : byDefault(flag, variant, servesNobody(flag) ? 0 : 1);
  if (before.disabled !== after.disabled) {
    if (after.disabled) return 'off';
    return off !== null && most(after, off) === 0 ? 'off' : 'on';
  }
  if (off === null) return 'sideways';
  const [from, to] = [most(before, off), most(after, off)];
  if (to === 0) return 'off';
  if (from === 0) return 'on';
  const [fromDefault, toDefault] = [byDefault(before, off, 0), byDefault(after, off, 1)];
  if (to < from - 1e-9 && toDefault <= fromDefault + 1e-9) return 'down';
  if (JSON.stringify(before.rules) !== JSON.stringify(after.rules)) return 'up';
  if (Math.abs(toDefault - fromDefault) < 1e-9) return 'sideways';
  return toDefault < fromDefault ? 'down' : 'up';
}

function byDefault({ effective }: Switched, off: string, unknown: 0 | 1): number {
  const shares: Shares | null = effective.defaultShares;
  return shares ? 1 - (shares[off] ?? 0) : unknown;
}
