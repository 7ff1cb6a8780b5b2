import type { Effective, FlagSnapshot, FlagState, Rule, Serve, Shares, SilentEnvironment } from '../model/flag';
import type { L10n } from '../platform/l10n';
import { numbersFor } from './numbers';
import type { ShareIcon, Tone } from './output';
import { clip, oneLine, quoted } from './text';

/**
 * What a state hands out, in the fewest words. `words` come in two halves because the environment's name stands
 * between them or after; `texts` go from the fullest to the shortest and never lose a number, only names.
 */
export interface ShareWords {
  readonly texts: readonly string[];
  readonly tone: Tone;
  readonly icon: ShareIcon;
  /** Everybody gets the off variant: there is no second side to compare. */
  readonly off: boolean;
}

/** Variants by share, widest first; ties by name so that the text is stable. */
export function byShare(shares: Shares): readonly (readonly [variant: string, share: number])[] {
  return Object.entries(shares).sort(([a, first], [b, second]) => second - first || a.localeCompare(b));
}

const widths = [24, 14, 8, 4] as const;
const pairWidths = [24, 14, 8] as const;

/** A flag in one environment, as far as words of its share go. */
export interface Shown {
  readonly state: FlagState | null;
  readonly silent?: SilentEnvironment | null;
}

/** Words by the state they were found for: lists ask for those of every environment, at every keystroke of a filter. */
const known = new WeakMap<
  FlagState,
  { readonly flag: FlagSnapshot; readonly l10n: L10n; readonly words: ShareWords }
>();

/** Says the effective state: prerequisites, rules and switch counted. What nobody was told of is not said to be absent. */
export function shareWords(flag: FlagSnapshot, shown: Shown, l10n: L10n): ShareWords {
  const { state } = shown;
  // With a state its silence says nothing here.
  const found = state ? known.get(state) : undefined;
  if (found?.flag === flag && found.l10n === l10n) return found.words;
  const words = madeWords(flag, shown, l10n);
  if (state) known.set(state, { flag, l10n, words });
  return words;
}

function madeWords(flag: FlagSnapshot, { state, silent }: Shown, l10n: L10n): ShareWords {
  const plain = (text: string, tone: Tone, icon: ShareIcon, off = false): ShareWords => ({
    texts: [text],
    tone,
    icon,
    off,
  });
  // Where no flag of the key is, there is none that could not be read.
  if (state?.switch === 'absent') return plain(l10n.t('absent'), 'unknown', 'unknown');
  if (flag.unreadable) return plain(l10n.t('unreadable'), 'unknown', 'unknown');
  if (!state && silent) return plain(silentWord(silent, l10n), 'unknown', 'unknown');
  if (!state) return plain(l10n.t('absent'), 'unknown', 'unknown');
  const { effective } = state;
  if (effective.kind === 'codeDefault') return plain(l10n.t('code default'), 'unknown', 'unknown');
  const shares = effective.shares ?? effective.defaultShares;
  if (effective.kind === 'unknown' || !shares) {
    return effective.ruleCount > 0
      ? plain(rulesWord(effective, l10n), 'partial', 'rules')
      : plain(l10n.t('share unknown'), 'unknown', 'unknown');
  }
  const base = sharesInWords(flag, state, shares, l10n);
  if (effective.ruleCount === 0 || effective.kind === 'everyone' || effective.kind === 'split') return base;
  const suffix = l10n.t('+{0}', rulesWord(effective, l10n));
  return { texts: base.texts.map((text) => `${text}${suffix}`), tone: 'partial', icon: 'rules', off: false };
}

function silentWord({ state }: SilentEnvironment, l10n: L10n): string {
  if (state === 'notAsked') return '…';
  return state === 'asking' ? l10n.t('asking…') : l10n.t('unreachable');
}

function rulesWord({ ruleCount }: Effective, l10n: L10n): string {
  return ruleCount === 1 ? l10n.t('1 rule') : l10n.t('{0} rules', ruleCount);
}

function sharesInWords(flag: FlagSnapshot, state: FlagState, shares: Shares, l10n: L10n): ShareWords {
  const { percent } = numbersFor(l10n);
  const served = byShare(shares).filter(([, share]) => share > 0);
  const [widest, second] = served;
  if (!widest) return { texts: [l10n.t('share unknown')], tone: 'unknown', icon: 'unknown', off: false };
  if (served.length === 1) return everyoneGets(flag, state, widest[0], l10n);

  const on = onSide(flag, state);
  if (served.length === 2 && on !== null) {
    const share = shares[on] ?? 0;
    return { texts: [percent(share)], tone: 'partial', icon: shareIcon(share), off: false };
  }
  const rest = served.length === 2 && second ? second : null;
  const texts = pairWidths.map((width) => {
    const other = rest ? quoted(clip(rest[0], width)) : l10n.t('rest');
    const otherShare = rest ? rest[1] : served.slice(1).reduce((sum, [, share]) => sum + share, 0);
    return `${quoted(clip(widest[0], width))} ${percent(widest[1])} · ${other} ${percent(otherShare)}`;
  });
  // Last, the widest alone: room for a state or a regression beside it.
  const alone = widths.map((width) => `${quoted(clip(widest[0], width))} ${percent(widest[1])}`);
  return {
    texts: [...new Set([...texts, ...alone])],
    tone: 'partial',
    icon: shareIcon(1 - (shares[state.offVariant ?? ''] ?? widest[1])),
    off: false,
  };
}

function everyoneGets(flag: FlagSnapshot, state: FlagState, variant: string, l10n: L10n): ShareWords {
  if (variant === state.offVariant) return { texts: [l10n.t('off')], tone: 'off', icon: 'empty', off: true };
  if (isOnOff(flag)) {
    const on = flag.variants.find(({ name }) => name === variant)?.value === true;
    return on
      ? { texts: [l10n.t('on')], tone: 'on', icon: 'full', off: false }
      : { texts: [l10n.t('off')], tone: 'off', icon: 'empty', off: true };
  }
  const texts = widths.map((width) => quoted(clip(variant, width)));
  return { texts: [...new Set(texts)], tone: 'on', icon: 'full', off: false };
}

/** Two variants, true and false: the words are on and off whatever the variants are called. */
export function isOnOff(flag: FlagSnapshot): boolean {
  const values = flag.variants.map(({ value }) => value);
  return values.length === 2 && values.includes(true) && values.includes(false);
}

/** The variant whose share is said as a bare percentage: of a flag with two sides, the one that is not off. */
function onSide(flag: FlagSnapshot, state: FlagState): string | null {
  if (isOnOff(flag)) return flag.variants.find(({ value }) => value === true)?.name ?? null;
  if (state.offVariant === null || flag.variants.length !== 2) return null;
  return flag.variants.find(({ name }) => name !== state.offVariant)?.name ?? null;
}

/** Nearest quarter, but empty and full only for nobody and everybody. */
export function shareIcon(share: number): ShareIcon {
  if (share <= 0) return 'empty';
  if (share >= 1) return 'full';
  if (share < 0.375) return 'quarter';
  return share < 0.625 ? 'half' : 'threequarters';
}

/** One rule in words: `if email ends with "@acme.dev": "on"`. The condition is the system's own text. */
export function ruleInWords(rule: Rule, l10n: L10n): string {
  return l10n.t('{0}: {1}', rule.words, serveInWords(rule.serve, l10n));
}

/** `"on"`, `25% "on", 75% "off", split by targetingKey`. */
export function serveInWords(serve: Serve, l10n: L10n): string {
  const { percent } = numbersFor(l10n);
  switch (serve.kind) {
    case 'variant':
      return quoted(serve.variant);
    case 'codeDefault':
      return l10n.t('the default written in the code');
    case 'dynamic':
      return serve.words;
    case 'split': {
      const total = serve.weights.reduce((sum, { weight }) => sum + weight, 0);
      if (total <= 0) return l10n.t('a split without weights');
      const parts = serve.weights.map(({ variant, weight }) => `${percent(weight / total)} ${quoted(variant)}`);
      return l10n.t('{0}, split by {1}', parts.join(', '), serve.by);
    }
  }
}

/** The share with its variant, and what the split goes by: `25% "on"` and `targetingKey`. */
export function configuredShare(
  flag: FlagSnapshot,
  shown: Shown,
  l10n: L10n,
): { readonly share: string; readonly by: string | null } {
  const { state } = shown;
  const words = shareWords(flag, shown, l10n);
  const short = words.texts[0] ?? '';
  if (!state || flag.unreadable || words.tone !== 'partial') return { share: short, by: null };
  const on = onSide(flag, state);
  const share = on !== null && words.icon !== 'rules' ? l10n.t('{0} {1}', short, quoted(on)) : short;
  return { share, by: state.defaultRule.kind === 'split' ? oneLine(state.defaultRule.by, 80) : null };
}

/** The state as the hover's table says it: `25% "on", split by user`, `off`, `"blue" 50% · "green" 50%`. */
export function stateInFull(flag: FlagSnapshot, shown: Shown, l10n: L10n): string {
  const { share, by } = configuredShare(flag, shown, l10n);
  return by === null ? share : l10n.t('{0}, split by {1}', share, by);
}
