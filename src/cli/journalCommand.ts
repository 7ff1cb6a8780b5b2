import { OptionConsent } from './terminalConsent';
import { systemClock } from '../platform/node/clock';
import { isWanted } from '../view/journalFilter';
import { journalRow } from '../view/journalRows';
import { oneLine } from '../view/text';
import { journalCsv } from './formats/journalCsv';
import type { JournalOptions } from './journalOptions';
import { exitCodes, type Surroundings } from './surroundings';
import { Workspace } from './workspace';

/** Of a longer journal only the newest are looked through. */
const mostLookedAt = 10_000;

/** `journal`: what was changed on this machine, by whichever window or command, newest first. */
export async function journalCommand(
  { folder, project, filter, limit, format }: JournalOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { out, err, l10n, who } = surroundings;
  const given = { yes: false, reason: '', flagName: null };
  const workspace = await Workspace.open({ folder, project, environment: null }, surroundings);
  try {
    const changes = await workspace.changes(new OptionConsent({ who, given, clock: systemClock, l10n, say: err }));
    try {
      await changes.resume({ verify: false });
      // What is left out does not count: a change that is wanted may be an old one.
      const isFiltered = Object.values(filter).some((wanted) => wanted !== null);
      const listing = await changes.list(isFiltered ? mostLookedAt : limit);
      const wanted = listing.entries.filter((entry) => isWanted(entry, filter));
      const entries = wanted.slice(0, limit);
      const more = listing.more || wanted.length > limit;
      for (const { file, words } of listing.unreadable) err(`${oneLine(file)}: ${words}\n`);
      if (format === 'json') {
        out(`${JSON.stringify({ ...listing, more, entries })}\n`);
        return exitCodes.done;
      }
      if (format === 'csv') {
        out(journalCsv(entries, l10n));
        return exitCodes.done;
      }
      const input = {
        entries,
        now: systemClock.now(),
        l10n,
        me: who,
        undoable: () => false,
        environmentName: ({ name }: { readonly name: string }) => name,
      };
      for (const entry of entries) {
        const { label, description } = journalRow(input, entry);
        out(`${entry.id}  ${label}  ${description}\n`);
      }
      if (entries.length === 0 && isFiltered) err(`${l10n.t('No change of the journal is like that.')}\n`);
      if (more) err(`${l10n.t('There are older changes: --limit {0} shows more.', limit * 2)}\n`);
      return exitCodes.done;
    } finally {
      changes.dispose();
      await changes.closed();
    }
  } finally {
    workspace.dispose();
  }
}
