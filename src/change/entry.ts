import type { ChangeStatus, Consent, JournalEntry, Plan } from '../model/change';
import { environmentId, flagId, type EnvironmentRef, type FlagRef } from '../model/identity';
import type { L10n } from '../platform/l10n';
import { plainText } from './plainText';

const mostSteps = 100;

/** Equal exactly for changes of the same flag in the same environment. */
export function placeOf(ref: FlagRef, environment: EnvironmentRef): string {
  return `${flagId(ref)}@${environmentId(environment)}`;
}

export function newEntry(of: {
  readonly id: string;
  readonly plan: Plan;
  readonly consent: Consent;
  readonly undoes: string | null;
  readonly seen?: JournalEntry['seen'];
  readonly at: number;
  readonly words: string;
}): JournalEntry {
  return {
    format: 1,
    id: of.id,
    plan: of.plan,
    consent: of.consent,
    status: 'consented',
    steps: [{ at: of.at, status: 'consented', words: of.words }],
    result: null,
    verification: null,
    undoes: of.undoes,
    undoneBy: null,
    ...(of.seen && { seen: of.seen }),
  };
}

/** The entry one step on. A change watched for long keeps its first steps and its latest. */
export function withStep(
  entry: JournalEntry,
  step: { readonly at: number; readonly status: ChangeStatus; readonly words: string },
  also: Partial<Pick<JournalEntry, 'result' | 'verification'>> = {},
): JournalEntry {
  const steps = [...entry.steps, step];
  if (steps.length > mostSteps) steps.splice(mostSteps / 2, 1);
  return { ...entry, ...also, status: step.status, steps };
}

/** The entry with another reason; what stood before is told by its step. */
export function withReason(entry: JournalEntry, reason: string, at: number, l10n: L10n): JournalEntry {
  const before = plainText(entry.consent.reason, 500);
  const consent = { ...entry.consent, reason: plainText(reason, 2_000) };
  const words =
    before === '' ? l10n.t('Reason given afterwards') : l10n.t('Reason given afterwards, in place of: {0}', before);
  return withStep({ ...entry, consent }, { at, status: entry.status, words });
}

/** The change reached its system, as far as is known. */
export function isMade(entry: JournalEntry): boolean {
  return entry.status === 'applied' || entry.status === 'written' || entry.status === 'verified';
}

/** What became of it is not known yet: it may or may not have been sent. */
export function isOpen(entry: JournalEntry): boolean {
  return entry.status === 'consented' || entry.status === 'applying' || entry.status === 'unknown';
}

/** Epoch ms of the step at which it was found made; of the last step otherwise. */
export function madeAt(entry: JournalEntry): number {
  const step = entry.steps.find(({ status }) => status === 'applied' || status === 'written');
  return (step ?? entry.steps.at(-1))?.at ?? entry.plan.madeAt;
}

/**
 * Entries (newest first) with `undoneBy` taken from the entries that undo them: the undoing entry is written first,
 * so it is the truth when a crash kept the other from being written.
 */
export function withUndoneBy(entries: readonly JournalEntry[]): JournalEntry[] {
  const undoneBy = new Map(
    entries.flatMap((entry) => (entry.undoes !== null && isMade(entry) ? [[entry.undoes, entry.id]] : [])),
  );
  return entries.map((entry) => ({ ...entry, undoneBy: undoneBy.get(entry.id) ?? entry.undoneBy }));
}
