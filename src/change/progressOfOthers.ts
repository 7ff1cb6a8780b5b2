import type { JournalEntry } from '../model/change';
import type { Clock } from '../platform/clock';
import type { L10n } from '../platform/l10n';
import { isMade, madeAt } from './entry';
import type { Journal } from './journal';
import type { ProgressBoard } from './progressBoard';
import { boardWords } from './verificationWords';
import { doingWords } from './words';

/** Longer than any change takes to its first conclusion: what still waits then has nobody watching it. */
const underWayMs = 20 * 60_000;

/** Shows at their flags the changes that other windows or the command line are making, from the journal. */
export function sayOthers(
  entries: readonly JournalEntry[],
  board: ProgressBoard,
  journal: Journal,
  { l10n, clock }: { readonly l10n: L10n; readonly clock: Clock },
): void {
  const shown = new Set(board.all().map(({ changeId }) => changeId));
  // Oldest first: the board keeps the newest.
  for (const entry of [...entries].reverse()) {
    if (journal.isHolding(entry.id) || clock.now() - madeAt(entry) > underWayMs) continue;
    const { verification } = entry;
    const waits = verification === null || verification.state === 'waiting';
    if (entry.status === 'applying') board.say(entry, doingWords(l10n, entry.plan.intent), false);
    else if (isMade(entry) && waits) board.say(entry, verification?.words ?? l10n.t('written'), false);
    else if (isMade(entry) && verification && shown.has(entry.id))
      board.say(entry, boardWords(l10n, verification), true);
    else if (shown.has(entry.id)) board.drop(entry);
  }
}
