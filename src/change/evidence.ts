import type { Shares } from '../model/flag';

/**
 * What would show that an instance follows a change, in terms of the variants it evaluates.
 * `excluded`: something that was handed out is not any more; `oldShare` of the evaluations got it before.
 * `appeared`: `variant` was not handed out and now is, to `share`.
 * `share`: only proportions moved; `variant` is the one that moved most.
 * `none`: rules decide who gets what, so evaluations prove nothing.
 */
export type Proof =
  | { readonly kind: 'excluded'; readonly allowed: ReadonlySet<string>; readonly oldShare: number }
  | { readonly kind: 'appeared'; readonly variant: string; readonly share: number }
  | { readonly kind: 'share'; readonly variant: string; readonly before: number; readonly after: number }
  | { readonly kind: 'none' };

export type Counts = Readonly<Record<string, number>>;
export type Judgement = 'moved' | 'old' | 'undecided';

/** Chance of calling an instance moved (or stuck) that is not, by luck of the draw alone. */
const mistake = 0.001;
/** Assumed where neither the definition nor evaluations say how much was on the old side. */
const unknownOldShare = 0.2;
/** Observed and configured share may differ by this much without anything being wrong (DESIGN.md: 5 points). */
const tolerance = 0.05;
const fewestForShares = 30;
const enoughToBelieve = 30;
const nothing = 1e-9;

/** `before`/`after`: shares of the plan, null when rules decide. `observed`: evaluations before the change. */
export function proofOf(before: Shares | null, after: Shares | null, observed: Counts): Proof {
  if (!after) return { kind: 'none' };
  const allowed = new Set(Object.keys(after).filter((variant) => (after[variant] ?? 0) > nothing));
  const old = before && 1 - sum(before, (variant) => allowed.has(variant)) / (total(before) || 1);
  const seen = total(observed) < enoughToBelieve ? 0 : 1 - sum(observed, (v) => allowed.has(v)) / total(observed);
  // Where rules decided before, what they handed out is only known from evaluations, or when one variant is left.
  if (old === null && allowed.size > 1 && seen <= nothing) return { kind: 'none' };
  if (old === null || old > nothing) {
    const known = [old ?? 0, seen].filter((share) => share > nothing);
    return { kind: 'excluded', allowed, oldShare: known.length > 0 ? Math.min(...known) : unknownOldShare };
  }
  const was = before ?? {};
  const fresh = [...allowed].find((variant) => (was[variant] ?? 0) <= nothing);
  if (fresh !== undefined) return { kind: 'appeared', variant: fresh, share: after[fresh] ?? 0 };
  const moved = [...allowed].sort((a, b) => change(b) - change(a))[0];
  if (moved === undefined || change(moved) <= nothing) return { kind: 'none' };
  return { kind: 'share', variant: moved, before: was[moved] ?? 0, after: after[moved] ?? 0 };

  function change(variant: string): number {
    return Math.abs((after?.[variant] ?? 0) - (was[variant] ?? 0));
  }
}

/**
 * Judges evaluations made in one stretch of time. Draws are taken as independent; users who come back make them less
 * so, which is why shares get a tolerance of five points beside three standard errors.
 */
export function judge(proof: Proof, counts: Counts): Judgement {
  switch (proof.kind) {
    case 'none':
      return 'undecided';
    case 'excluded': {
      if (Object.keys(counts).some((variant) => (counts[variant] ?? 0) > 0 && isOldVariant(proof, variant)))
        return 'old';
      return sum(counts, (variant) => proof.allowed.has(variant)) >= runOf(proof.oldShare) ? 'moved' : 'undecided';
    }
    case 'appeared': {
      if ((counts[proof.variant] ?? 0) > 0) return 'moved';
      return total(counts) >= runOf(proof.share) ? 'old' : 'undecided';
    }
    case 'share': {
      const n = total(counts);
      const { before, after } = proof;
      const gap = Math.abs(after - before);
      const error = 3 * Math.sqrt((after * (1 - after)) / Math.max(n, 1));
      if (n < fewestForShares || error > gap / 2) return 'undecided';
      const seen = (counts[proof.variant] ?? 0) / n;
      const near = Math.abs(seen - after);
      return near <= tolerance + error && near < Math.abs(seen - before) ? 'moved' : 'old';
    }
  }
}

/** An empty variant is the code's own default after an error: it shows nothing either way. */
export function isOldVariant(proof: Proof, variant: string): boolean {
  return proof.kind === 'excluded' && variant !== '' && !proof.allowed.has(variant);
}

/** Evaluations in a row without something of this share that are too unlikely to be chance. */
function runOf(share: number): number {
  return share >= 1 ? 1 : Math.max(1, Math.ceil(Math.log(mistake) / Math.log(1 - share)));
}

/** Without the empty variant, which shows nothing either way. */
export function total(counts: Counts): number {
  return sum(counts, (variant) => variant !== '');
}

function sum(counts: Counts, which: (variant: string) => boolean): number {
  return Object.entries(counts).reduce((so, [variant, count]) => (which(variant) ? so + count : so), 0);
}
