import type { Effective, Serve, Shares } from '../model/flag';

/** Rules in their order, what all others get, and what else a context could lead to. */
export interface Rules {
  readonly rules: readonly { readonly serve: Serve }[];
  readonly otherwise: Serve;
  readonly also: readonly Serve[];
}

/**
 * What a flag with rules really does. `targeting` null: none, everyone gets `fallback`. Shares are 0..1 and hold every
 * variant. A variant counts as unreachable only when no context at all, nor a failing evaluation, can lead to it.
 */
export function effectiveOf(
  disabled: boolean,
  variants: readonly string[],
  fallback: Serve,
  targeting: Rules | null,
): Effective {
  const codeDefault: Effective = {
    kind: 'codeDefault',
    shares: null,
    defaultShares: null,
    ruleCount: 0,
    randomised: 'no',
    unreachable: [],
  };
  if (disabled) return codeDefault;
  const rules = targeting?.rules ?? [];
  const otherwise = targeting?.otherwise ?? fallback;
  const serves = [...rules.map(({ serve }) => serve), otherwise];
  const unreachable = unreachableOf(variants, [...serves, ...(targeting?.also ?? [])]);

  // Rules that all hand out the same decide nothing.
  const same = serves.every((serve) => isSame(serve, otherwise));
  if (rules.length === 0 || (same && otherwise.kind === 'variant')) {
    const shares = sharesOf(otherwise, variants);
    if (otherwise.kind === 'codeDefault') return codeDefault;
    if (shares === null) return { ...codeDefault, kind: 'unknown', randomised: 'partly' };
    const served = Object.values(shares).filter((share) => share > 0).length;
    return {
      kind: served > 1 ? 'split' : 'everyone',
      shares,
      defaultShares: shares,
      ruleCount: 0,
      randomised: served > 1 ? 'yes' : 'no',
      unreachable,
    };
  }
  return {
    kind: 'rules',
    shares: null,
    defaultShares: sharesOf(otherwise, variants),
    ruleCount: rules.length,
    randomised: serves.some((serve) => serve.kind === 'dynamic' || splits(serve)) ? 'partly' : 'no',
    unreachable,
  };
}

/** Shares of what a rule hands out; null for the code's default and what cannot be read without a context. */
export function sharesOf(serve: Serve, variants: readonly string[]): Shares | null {
  if (serve.kind === 'codeDefault' || serve.kind === 'dynamic') return null;
  const shares: Record<string, number> = Object.fromEntries(variants.map((variant) => [variant, 0]));
  if (serve.kind === 'variant') return { ...shares, [serve.variant]: 1 };
  const total = serve.weights.reduce((sum, { weight }) => sum + weight, 0);
  if (total <= 0) return null;
  for (const { variant, weight } of serve.weights) shares[variant] = (shares[variant] ?? 0) + weight / total;
  return shares;
}

const splits = (serve: Serve): boolean =>
  serve.kind === 'split' && serve.weights.filter(({ weight }) => weight > 0).length > 1;

function isSame(a: Serve, b: Serve): boolean {
  return a.kind === 'variant' && b.kind === 'variant' && a.variant === b.variant;
}

function unreachableOf(variants: readonly string[], serves: readonly Serve[]): string[] {
  const reached = new Set<string>();
  for (const serve of serves) {
    if (serve.kind === 'variant') reached.add(serve.variant);
    else if (serve.kind === 'split')
      for (const { variant, weight } of serve.weights) {
        // A name that is no variant hands out the code's default, which may be any value.
        if (weight > 0 && !variants.includes(variant)) return [];
        if (weight > 0) reached.add(variant);
      }
    else return [];
  }
  return variants.filter((variant) => !reached.has(variant));
}
