import type { Comparison } from '../../model/comparison';
import type { Effective } from '../../model/flag';
import type { ComparisonReason } from '../../model/phrases';

/** Which variant is held against which, and whether chance alone decides who gets them. */
export interface Sides {
  readonly treatment: string;
  readonly control: string;
  readonly randomised: Comparison['randomised'];
  /** The treatment's configured share of both, 0..1; null where the split does not serve both, or rules decide beside it. */
  readonly share: number | null;
  /** A fixed phrase where more is known than `randomised` says. */
  readonly notRandomBecause: ComparisonReason | null;
}

/**
 * The off variant is the control; without one the variant named `control`, else the widest-served. The treatment is the
 * widest-served of the others. Width is the configured share where that is known, so that equal shares do not change
 * sides with every few calls; else the calls seen. Null when fewer than two variants are served or were seen.
 */
export function chooseSides(
  effective: Effective | null,
  offVariant: string | null,
  calls: ReadonlyMap<string, number>,
): Sides | null {
  const shares = new Map(Object.entries(effective?.shares ?? effective?.defaultShares ?? {}));
  const variants = new Set([...calls.keys(), ...shares.keys()].filter((v) => has(calls, v) || has(shares, v)));
  const byWidth = [...variants].sort(
    (a, b) =>
      of(shares, b) - of(shares, a) || (shares.size === 0 ? of(calls, b) - of(calls, a) : 0) || compareText(a, b),
  );
  const control = [offVariant ?? 'control', 'control'].find((name) => variants.has(name)) ?? byWidth[0];
  const treatment = byWidth.find((variant) => variant !== control);
  if (control === undefined || treatment === undefined) return null;
  const gated = gate(effective, shares, treatment, control);
  const both = of(shares, treatment) + of(shares, control);
  return { treatment, control, share: gated.randomised === 'yes' ? of(shares, treatment) / both : null, ...gated };
}

const of = (map: ReadonlyMap<string, number>, variant: string): number => map.get(variant) ?? 0;
const has = (map: ReadonlyMap<string, number>, variant: string): boolean => of(map, variant) > 0;
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The causality gate (telemetry.md 7.2 G): only a percentage split that alone decides, between these very two. */
function gate(
  effective: Effective | null,
  shares: ReadonlyMap<string, number>,
  treatment: string,
  control: string,
): Pick<Sides, 'randomised' | 'notRandomBecause'> {
  if (effective === null) return { randomised: 'unknown', notRandomBecause: null };
  if (effective.randomised === 'yes' && has(shares, treatment) && has(shares, control))
    return { randomised: 'yes', notRandomBecause: null };
  if (effective.randomised === 'partly') return { randomised: 'partly', notRandomBecause: null };
  const changed = effective.randomised === 'yes' || effective.kind === 'everyone';
  const because: ComparisonReason = 'not split between these any more: one side is from before a change';
  return { randomised: 'no', notRandomBecause: changed ? because : null };
}
