import type { FlagSnapshot } from '../model/flag';
import type { FileFacts, Reference } from '../model/reference';
import { chosenStanding, shortName, standings, type Standing } from './environments';
import { inFlightKey, type ViewContext } from './input';
import { numbersFor } from './numbers';
import type { ShareIcon, Tone } from './output';
import { shareWords } from './shareWords';
import { readSignals, type Reading } from './signalReading';
import { regressionOf, signalWords } from './signalWords';
import { sourceOf } from './subject';
import { clip, dotted, fit, inlineLimit, oneLine, tryFit } from './text';

/** One flag in one environment, in one line. `heads`/`tails` go from the fullest to the shortest. */
export interface FlagFact {
  readonly standing: Standing | null;
  readonly reading: Reading;
  readonly tone: Tone;
  readonly icon: ShareIcon;
  readonly regression: boolean;
  /** At most 43 UTF-16 units. */
  readonly text: string;
  /** Nothing left out for want of room. */
  readonly whole: string;
}

const nameWidths = [20, 12, 8] as const;

/** The inline fact without the key: for the code, the tree's description and the status of a reference alike. */
export function flagFact(
  context: ViewContext,
  flag: FlagSnapshot,
  at: { readonly file: FileFacts | null; readonly reference: Reference } | null,
  { among = null, limit = inlineLimit }: { among?: Standing | null; limit?: number } = {},
): FlagFact {
  const { l10n } = context;
  const all = among ? [] : standings(context, flag);
  const standing = among ?? chosenStanding(context, flag, all);
  const words = shareWords(flag, standing ?? { state: null }, l10n);
  if (!standing) return bare(words.texts[0] ?? '', words.tone, words.icon);

  const { environment, state } = standing;
  const name = oneLine(shortName(environment, context.flags.environments(flag.ref), l10n));
  const others = among === null && context.environment === null ? elsewhere(context, flag, standing, all) : '';
  const names = [...new Set(nameWidths.map((width) => clip(name, width)))];
  const heads = [
    ...(others === '' ? [] : words.texts.slice(0, 1).map((text) => l10n.t('{0} {1}, {2}', text, name, others))),
    ...words.texts.flatMap((text) => names.map((short) => l10n.t('{0} {1}', text, short))),
  ];
  const unique = [...new Set(heads)];

  const inFlight = context.inFlight.get(inFlightKey(flag.ref, environment.ref));
  const reading = readSignals(context, flag.ref.key, environment, state, at);
  const signals = signalWords(reading, state, words.off, context.windowMinutes, l10n);
  const about = flagsTail(context, flag, standing) ?? kindTail(standing, context);
  const regression =
    'seen' in reading && reading.seen !== null && reading.kind === 'arms' && regressionOf(reading.seen) !== null;
  const common = { standing, reading, icon: words.icon, regression };
  if (inFlight !== undefined) {
    const said = oneLine(inFlight, 60);
    const text = fit(unique, [said, clip(said, 30), clip(said, 20)], limit);
    return { ...common, tone: words.tone, text, whole: dotted(heads[0], said) };
  }
  const tails = about === null ? signals.texts : [about.text];
  const mayDrop = about === null && signals.mayDrop;
  return {
    ...common,
    tone: about?.tone ?? signals.tone ?? words.tone,
    text: mayDrop
      ? roomy(unique, tails, words.texts.length > 1, limit)
      : fit(unique, tails.length > 0 ? tails : [''], limit),
    whole: dotted(heads[0], tails[0]),
  };
}

/** Plain numbers give way to the names of variants, but not to the name of an environment. */
function roomy(heads: readonly string[], tails: readonly string[], variants: boolean, limit: number): string {
  return tryFit(variants ? heads.slice(0, 2) : heads, tails, limit) ?? fit(heads, [''], limit);
}

function bare(text: string, tone: Tone, icon: ShareIcon): FlagFact {
  return { standing: null, reading: { kind: 'none' }, tone, icon, regression: false, text, whole: text };
}

/** What the flag is in live environments that differ from the one shown: `on staging`, then `+2`. */
function elsewhere(context: ViewContext, flag: FlagSnapshot, shown: Standing, all: readonly Standing[]): string {
  const { l10n } = context;
  const said = (standing: Standing): string => shareWords(flag, standing, l10n).texts[0] ?? '';
  if (shown.environment.kind !== 'live') return '';
  const others = all.filter(({ environment }) => environment !== shown.environment && environment.kind === 'live');
  if (others.length === 0) return '';
  const here = said(shown);
  const different = others.filter((standing) => said(standing) !== here);
  const [first] = different;
  if (!first) return '';
  const name = oneLine(shortName(first.environment, context.flags.environments(flag.ref), l10n), 20);
  const old = first.state !== null && Boolean(first.silent);
  const one = old ? l10n.t('{0} {1} (old)', said(first), name) : l10n.t('{0} {1}', said(first), name);
  return different.length === 1 ? one : l10n.t('{0} +{1}', one, different.length - 1);
}

/** Says that the flag's own state may not be the present one. */
function flagsTail(
  context: ViewContext,
  flag: FlagSnapshot,
  { state, silent }: Standing,
): { text: string; tone: Tone } | null {
  const { l10n } = context;
  const answer = sourceOf(context.flags, flag)?.answer;
  const old = (at: number): { text: string; tone: Tone } => ({
    text: l10n.t('flags {0} old', numbersFor(l10n).span(context.now - at)),
    tone: 'stale',
  });
  if (answer?.state === 'unreachable') return { text: l10n.t('flags unreachable'), tone: 'stale' };
  if (answer?.state === 'tooOld') return old(answer.at);
  // Of what is not known at all the word for its share says so.
  if (!silent || !state) return null;
  return silent.state === 'asking' && silent.knownAt !== null
    ? old(silent.knownAt)
    : { text: l10n.t('flags unreachable'), tone: 'stale' };
}

function kindTail({ environment }: Standing, { l10n }: ViewContext): { text: string; tone: Tone | null } | null {
  return environment.kind === 'definition' ? { text: l10n.t('not live'), tone: null } : null;
}
