import { OptionConsent } from './terminalConsent';
import { systemClock } from '../platform/node/clock';
import { journalRow } from '../view/journalRows';
import { oneLine } from '../view/text';
import type { Command } from './commandLine';
import { exitCodes, type Surroundings } from './surroundings';
import { Workspace } from './workspace';

/** `journal`: what was changed on this machine, by whichever window or command, newest first. */
export async function journalCommand(
  { place, limit, json }: Extract<Command, { name: 'journal' }>,
  surroundings: Surroundings,
): Promise<number> {
  const { out, err, l10n, who } = surroundings;
  const given = { yes: false, reason: '', flagName: null };
  const workspace = await Workspace.open(place, surroundings);
  try {
    const changes = await workspace.changes(new OptionConsent({ who, given, clock: systemClock, l10n, say: err }));
    try {
      await changes.resume({ verify: false });
      const listing = await changes.list(limit);
      const entries = listing.entries.filter(
        ({ plan }) => place.environment === null || plan.environment.name === place.environment,
      );
      for (const { file, words } of listing.unreadable) err(`${oneLine(file)}: ${words}\n`);
      if (json) {
        out(`${JSON.stringify({ ...listing, entries })}\n`);
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
      if (listing.more) err(`${l10n.t('There are older changes: --limit {0} shows more.', limit * 2)}\n`);
      return exitCodes.done;
    } finally {
      changes.dispose();
      await changes.closed();
    }
  } finally {
    workspace.dispose();
  }
}
