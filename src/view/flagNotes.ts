import { lastKnown } from '../model/answer';
import type { FlagSnapshot } from '../model/flag';
import { namesNoEnvironment, standings, type Standing } from './environments';
import type { ViewContext } from './input';
import { numbersFor } from './numbers';
import { byShare, isOnOff, ruleInWords, serveInWords } from './shareWords';
import { fewestCalls, type Reading } from './signalReading';
import { sourceOf } from './subject';
import { oneLine, quoted } from './text';

const mostRules = 5;
/** DESIGN.md: a gap between configured and observed share above 5 points is said. */
const gapSaid = 0.05;

/** What else must be known: rules in words, gaps, what the measurement lacks, why there is no kill. */
export function flagNotes(
  context: ViewContext,
  flag: FlagSnapshot,
  standing: Standing,
  reading: Reading,
): readonly string[] {
  const { l10n } = context;
  const { state } = standing;
  return [
    ...(state ? rulesInWords(standing, l10n, mostRules) : []),
    ...shareGaps(context, flag, standing, reading),
    ...unnamedNotes(context, reading),
    ...coverageNotes(context, reading),
    ...sourceNotes(context, flag),
    ...silentNotes(context, flag),
    ...(state?.offVariant === null && state.offVariantReason !== ''
      ? [l10n.t('Cannot be killed: {0}', oneLine(state.offVariantReason))]
      : []),
    ...(state?.writable.kind === 'no' ? [l10n.t('Read-only: {0}', oneLine(state.writable.reason))] : []),
  ];
}

/** Rules in order, then what everybody else gets; prerequisites first. Bounded, saying how many are left out. */
export function rulesInWords({ state }: Standing, l10n: ViewContext['l10n'], most: number): readonly string[] {
  if (!state) return [];
  const rules = state.rules.slice(0, most).map((rule) => oneLine(ruleInWords(rule, l10n), 300));
  const left = state.rules.length - rules.length;
  return [
    ...state.prerequisites.map((flag) => l10n.t('Needs {0}', oneLine(flag))),
    ...rules,
    ...(left > 0 ? [l10n.t('and {0} more rules', left)] : []),
    ...(state.rules.length > 0
      ? [l10n.t('everyone else: {0}', oneLine(serveInWords(state.defaultRule, l10n), 300))]
      : []),
  ];
}

/** The observed share of the variant whose configured share is shown; null when nothing was observed. */
export function observedOf(flag: FlagSnapshot, { state }: Standing, reading: Reading): number | null {
  if (reading.kind !== 'arms' && reading.kind !== 'single' && reading.kind !== 'tooLittle') return null;
  const { observed, evaluations } = reading.seen.flag;
  if (evaluations === 0) return null;
  const on = isOnOff(flag) ? flag.variants.find(({ value }) => value === true)?.name : undefined;
  const shares = state?.effective.shares ?? state?.effective.defaultShares ?? {};
  const variant = on ?? byShare(shares).find(([name]) => name !== state?.offVariant)?.[0];
  return variant === undefined ? null : (observed[variant] ?? 0);
}

/** Numbers of telemetry that names no environment stand beside every environment that asks, and say so. */
function unnamedNotes({ l10n }: ViewContext, reading: Reading): readonly string[] {
  const facts = 'seen' in reading ? reading.seen?.facts : undefined;
  if (!facts || !namesNoEnvironment(facts)) return [];
  return [l10n.t('The numbers are of telemetry that names no environment: some may be of another than this.')];
}

function shareGaps(
  { l10n }: ViewContext,
  flag: FlagSnapshot,
  { state }: Standing,
  reading: Reading,
): readonly string[] {
  if (!('seen' in reading) || !reading.seen || !state?.effective.shares || state.effective.ruleCount > 0) return [];
  const { facts, flag: seen } = reading.seen;
  if (seen.evaluations < fewestCalls) return [];
  const { percentInFull, window } = numbersFor(l10n);
  // Of two variants one gap says both.
  const gaps = byShare(state.effective.shares)
    .map(([variant, share]) => ({ variant, share, observed: seen.observed[variant] ?? 0 }))
    .filter(({ share, observed }) => Math.abs(observed - share) > gapSaid)
    .slice(0, flag.variants.length === 2 ? 1 : 3)
    .map(({ variant, share, observed }) =>
      l10n.t(
        'Configured {0} {1}, observed {2}: a gap of more than 5 points.',
        percentInFull(share),
        quoted(variant),
        percentInFull(observed),
      ),
    );
  const recent = flag.changed && flag.changed.at > facts.window.from;
  return gaps.length > 0 && recent
    ? [
        ...gaps,
        l10n.t('The flag changed within the last {0}, which this window still covers.', window(facts.windowMinutes)),
      ]
    : gaps;
}

function coverageNotes({ l10n }: ViewContext, reading: Reading): readonly string[] {
  const facts = 'seen' in reading ? reading.seen?.facts : 'facts' in reading ? reading.facts : undefined;
  if (!facts) return [];
  const { sampled, partial, approximate, joinedShare } = facts.coverage;
  const mixed = 'seen' in reading ? (reading.seen?.flag.mixedCalls ?? 0) : 0;
  const numbers = numbersFor(l10n);
  return [
    ...(sampled ? [l10n.t('The telemetry is sampled: counts are of what was kept.')] : []),
    ...(approximate ? [l10n.t('Counts are approximate.')] : []),
    ...(partial ? [l10n.t('Part of the telemetry is missing from this answer.')] : []),
    ...(joinedShare !== null && joinedShare < 0.9
      ? [l10n.t('Only {0} of the evaluations could be joined to a request.', numbers.percent(joinedShare))]
      : []),
    ...(mixed > 0 ? [l10n.t('{0} requests saw several variants and are left out.', numbers.count(mixed))] : []),
  ];
}

/** What is wrong with the flag's own source: its last good state is what is shown. */
function sourceNotes({ flags, l10n, now }: ViewContext, flag: FlagSnapshot): readonly string[] {
  const answer = sourceOf(flags, flag)?.answer;
  const known = answer ? lastKnown(answer) : undefined;
  const { ago } = numbersFor(l10n);
  const silent = new Set(known?.value.silent?.map(({ reason }) => reason));
  const errors = (known?.value.problems ?? [])
    .filter(({ severity, message }) => severity === 'error' && !silent.has(message))
    .slice(0, 2);
  return [
    ...(answer?.state === 'unreachable' && known
      ? [l10n.t('Flag system unreachable, state of {0}: {1}', ago(known.at, now), oneLine(answer.reason))]
      : []),
    ...(answer?.state === 'tooOld' && known ? [l10n.t('Flag state of {0}.', ago(known.at, now))] : []),
    ...errors.map(({ message }) => oneLine(message)),
  ];
}

/** Environments that do not answer while others of the project do: why, and how old what is shown of them is. */
function silentNotes(context: ViewContext, flag: FlagSnapshot): readonly string[] {
  const { l10n, now } = context;
  return standings(context, flag).flatMap(({ environment, silent }) => {
    if (!silent) return [];
    const name = oneLine(environment.ref.name);
    const reason = oneLine(silent.reason);
    if (silent.knownAt !== null)
      return [l10n.t('{0} unreachable, state of {1}: {2}', name, numbersFor(l10n).ago(silent.knownAt, now), reason)];
    return [
      silent.state === 'notAsked' ? l10n.t('{0} not asked yet: {1}', name, reason) : l10n.t('{0}: {1}', name, reason),
    ];
  });
}
