import type { FlagSystem } from '../flags/system';
import type { ApplyResult, JournalEntry } from '../model/change';
import { environmentId } from '../model/identity';
import type { Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import type { ChangeEnd, FlagSystems } from './api';
import { isMade, isOpen, madeAt, placeOf, withStep } from './entry';
import type { Journal } from './journal';
import { messageOf, withResult } from './sending';
import type { Verifications } from './verifications';

/** Changes older than this are not watched any more: too much else has happened. */
const verifyForMs = 24 * 60 * 60_000;
/** Enough to hold whatever was changed while the system was asked, and before. */
const lookedThrough = 200;

export interface ResumptionPorts {
  readonly systems: FlagSystems;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly l10n: L10n;
  readonly verifications: Verifications;
  ended(end: ChangeEnd): void;
}

/**
 * Goes through entries (newest first) and tells the truth about those whose process ended on the way. Nothing is ever
 * sent from here: a system is only asked what became of a plan. Resolves with whether an entry was held by another
 * process, so that it is worth looking again.
 */
export async function resumeEntries(
  entries: readonly JournalEntry[],
  ports: ResumptionPorts,
  verify: boolean,
  signal: AbortSignal,
): Promise<boolean> {
  let held = false;
  const newest = new Set<string>();
  for (const listed of entries) {
    const place = placeOf(listed.plan.ref, listed.plan.environment);
    const isNewest = !newest.has(place);
    if (isMade(listed)) newest.add(place);
    if (signal.aborted || ports.journal.isHolding(listed.id) || !wantsWork(listed, ports, verify, isNewest)) continue;
    const release = await ports.journal.hold(listed.id);
    if (!release) {
      held = true;
      continue;
    }
    // It may have ended between the listing and the hold.
    const entry = await ports.journal.read(listed.id);
    const goesOn = entry !== undefined && (await resumeOne(entry, isNewest, verify, ports, release, signal));
    if (!goesOn) release();
  }
  return held;
}

function wantsWork(
  entry: JournalEntry,
  { clock, systems, verifications }: ResumptionPorts,
  verify: boolean,
  isNewest: boolean,
): boolean {
  if (entry.status === 'consented') return true;
  // Changes of other repositories are left to the windows that have these open.
  if (!systems.systemForPlan(entry.plan)) return false;
  if (isOpen(entry)) return true;
  if (!verify || !isMade(entry) || entry.status === 'verified' || verifications.hasStarted(entry.id)) return false;
  const unfinished = entry.verification === null || entry.verification.state === 'waiting';
  const young = clock.now() - madeAt(entry) < verifyForMs;
  return unfinished || (young && isNewest && entry.undoneBy === null);
}

/** Resolves with true when a verification took the hold over. */
async function resumeOne(
  entry: JournalEntry,
  isNewest: boolean,
  verify: boolean,
  ports: ResumptionPorts,
  release: () => void,
  signal: AbortSignal,
): Promise<boolean> {
  const { clock, journal, l10n } = ports;
  if (entry.status === 'consented') {
    // The system hears of a change only after `applying` is on disk.
    const words = l10n.t('Interrupted before it was sent: nothing was changed');
    await journal.update(entry.id, (fresh) => withStep(fresh, { at: clock.now(), status: 'abandoned', words }));
    return false;
  }
  const system = ports.systems.systemForPlan(entry.plan);
  if (!system) return false;
  const known = isOpen(entry) ? await findOut(entry, system, ports, signal) : entry;
  if (!verify || !isMade(known) || known.status === 'verified') return false;
  return goOnVerifying(known, isNewest, system, ports, release);
}

async function findOut(
  entry: JournalEntry,
  system: FlagSystem,
  ports: ResumptionPorts,
  signal: AbortSignal,
): Promise<JournalEntry> {
  const { l10n } = ports;
  const found = await system
    .inquire(entry.plan, signal)
    .catch((error: unknown): ApplyResult => ({ kind: 'unknown', words: messageOf(error) }));
  const result = await ownResult(entry, found, ports);
  if (result.kind === 'unknown') {
    if (entry.status === 'unknown') return entry;
    const unknown = await withResult(entry, result, ports);
    ports.ended({ entry: unknown, needs: 'unknown' });
    return unknown;
  }
  // What the system says it did not do, interrupted as it was, was simply never done.
  if (result.kind === 'refused') {
    const words = l10n.t('Interrupted, and not made: {0}', result.words);
    return withResult(entry, { ...result, words }, ports, 'abandoned');
  }
  return withResult(entry, result, ports);
}

/**
 * Systems tell the state, not whose it is. A later change of ours from the same state to the same state was planned
 * when this one had not been made: what stands there is the later one's work, or may be while that one is open. The
 * journal is read after the system was: a change is written down before it is sent, so that whatever the system showed
 * stands in it.
 */
async function ownResult(
  { id, plan }: JournalEntry,
  found: ApplyResult,
  { journal, l10n }: ResumptionPorts,
): Promise<ApplyResult> {
  if (found.kind !== 'applied' && found.kind !== 'written') return found;
  const place = placeOf(plan.ref, plan.environment);
  const { entries } = await journal.list(lookedThrough);
  // Oldest first: one that starts from where this one leads shows that this one had been made by then.
  for (const later of entries.toReversed()) {
    if (later.id <= id || placeOf(later.plan.ref, later.plan.environment) !== place) continue;
    if (isMade(later) && later.plan.before.text === plan.after.text) return found;
    if (later.plan.before.text !== plan.before.text || later.plan.after.text !== plan.after.text) continue;
    if (isMade(later))
      return { kind: 'refused', words: l10n.t('What stands there was made by a later change to the same state.') };
    if (isOpen(later))
      return { kind: 'unknown', words: l10n.t('A later change to the same state is not known to have been made yet.') };
  }
  return found;
}

async function goOnVerifying(
  entry: JournalEntry,
  isNewest: boolean,
  system: FlagSystem,
  { clock, verifications }: ResumptionPorts,
  release: () => void,
): Promise<boolean> {
  const environment = system
    .environments()
    .find(({ ref }) => environmentId(ref) === environmentId(entry.plan.environment));
  if (!isNewest || entry.undoneBy !== null) {
    await verifications.conclude(entry, 'superseded');
    return false;
  }
  if (!environment || clock.now() - madeAt(entry) >= verifyForMs) {
    await verifications.conclude(entry, 'unwatched');
    return false;
  }
  void verifications.start(entry, system, environment, null, release);
  return true;
}
