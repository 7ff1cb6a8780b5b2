import type { ChangeStatus, JournalEntry } from '../model/change';
import type { L10n } from '../platform/l10n';
import { dotted, oneLine } from './text';

/** Which changes are wanted; null: any. */
export interface JournalFilter {
  /** Part of a flag's key, in any case. */
  readonly flag: string | null;
  /** An environment's name. */
  readonly environment: string | null;
  /** Part of the name of who consented, in any case. */
  readonly who: string | null;
  readonly outcome: JournalOutcome | null;
}

export const anyChange: JournalFilter = { flag: null, environment: null, who: null, outcome: null };

/** How changes end, as people ask for it: `undone` whatever it was before, `open` while nobody knows yet. */
export const journalOutcomes = ['applied', 'verified', 'requested', 'refused', 'unknown', 'undone', 'open'] as const;
export type JournalOutcome = (typeof journalOutcomes)[number];

const outcomes: Readonly<Record<ChangeStatus, JournalOutcome>> = {
  consented: 'open',
  applying: 'open',
  applied: 'applied',
  written: 'applied',
  verified: 'verified',
  requested: 'requested',
  conflict: 'refused',
  refused: 'refused',
  abandoned: 'refused',
  unknown: 'unknown',
};

export const outcomeOf = ({ status, undoneBy }: Pick<JournalEntry, 'status' | 'undoneBy'>): JournalOutcome =>
  undoneBy === null ? outcomes[status] : 'undone';

/**
 * Changes that were made count as applied whether they were verified since or not. Keys and names that somebody types are
 * parts of what is wanted; `isSame` where they were picked, whole.
 */
export function isWanted(
  entry: JournalEntry,
  { flag, environment, who, outcome }: JournalFilter,
  fits: (text: string, wanted: string) => boolean = holds,
): boolean {
  const { ref, environment: at } = entry.plan;
  const own = outcomeOf(entry);
  return (
    (flag === null || fits(ref.key, flag)) &&
    (environment === null || at.name === environment) &&
    (who === null || fits(entry.consent.who, who)) &&
    (outcome === null || own === outcome || (outcome === 'applied' && own === 'verified'))
  );
}

/** What a part of a filter can be, each with how many changes it would leave; most first, then by name. */
export function choicesOf(
  entries: readonly JournalEntry[],
  filter: JournalFilter,
  part: keyof JournalFilter,
): readonly { readonly value: string; readonly count: number }[] {
  const left = entries.filter((entry) => isWanted(entry, { ...filter, [part]: null }, isSame));
  return [...new Set(left.map(valueOf[part]))]
    .map((value) => ({
      value,
      count: left.filter((entry) => isWanted(entry, { ...anyChange, [part]: value }, isSame)).length,
    }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

const valueOf: Readonly<Record<keyof JournalFilter, (entry: JournalEntry) => string>> = {
  flag: ({ plan }) => plan.ref.key,
  environment: ({ plan }) => plan.environment.name,
  who: ({ consent }) => consent.who,
  outcome: outcomeOf,
};

export function outcomeWord(outcome: JournalOutcome, { t }: L10n): string {
  const words: Readonly<Record<JournalOutcome, string>> = {
    applied: t('applied'),
    verified: t('verified'),
    requested: t('approval requested'),
    refused: t('refused'),
    unknown: t('outcome unknown'),
    undone: t('undone'),
    open: t('open'),
  };
  return words[outcome];
}

/** `flag checkout · refused`; '' for one that wants every change. */
export function filterInWords({ flag, environment, who, outcome }: JournalFilter, l10n: L10n): string {
  const { t } = l10n;
  return dotted(
    flag === null ? null : t('flag {0}', oneLine(flag, 60)),
    environment === null ? null : t('in {0}', oneLine(environment, 60)),
    who === null ? null : t('by {0}', oneLine(who, 60)),
    outcome === null ? null : outcomeWord(outcome, l10n),
  );
}

export const isSame = (text: string, wanted: string): boolean => text === wanted;

const holds = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase());
