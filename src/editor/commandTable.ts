import * as vscode from 'vscode';
import type { Log } from '../platform/log';
import type { Disposable } from '../platform/disposable';
import { linkless } from '../view/text';

/**
 * Every command there is. The value says what its first argument may be; whatever arrives is parsed again by the
 * handler (see proposal.ts), because any extension, link or webview can call any command with anything.
 */
const table = {
  'sightglass.toggleFlag': 'proposal',
  'sightglass.setPercentage': 'proposal',
  'sightglass.killFlag': 'proposal',
  'sightglass.undoChange': 'proposal',
  'sightglass.addReason': 'proposal',
  'sightglass.createFlag': 'proposal',
  'sightglass.onForMe': 'proposal',
  'sightglass.removeMe': 'proposal',
  'sightglass.evaluateAs': 'proposal',
  'sightglass.showFlagDetails': 'proposal',
  'sightglass.showTraces': 'proposal',
  'sightglass.showChange': 'proposal',
  'sightglass.openFlagDefinition': 'proposal',
  'sightglass.peekFlagReferences': 'proposal',
  'sightglass.goToRegionFlag': 'nothing',
  'sightglass.wrapInFlag': 'proposal',
  'sightglass.extractKey': 'nothing',
  'sightglass.generateAccessors': 'nothing',
  'sightglass.explainReference': 'place',
  'sightglass.whyNothingShown': 'place',
  'sightglass.openReference': 'place',
  'sightglass.showFlagsAt': 'place',
  'sightglass.chooseEnvironment': 'nothing',
  'sightglass.chooseWindow': 'nothing',
  'sightglass.allowServer': 'server',
  'sightglass.signIn': 'server',
  'sightglass.signOut': 'nothing',
  'sightglass.connectFlagSystem': 'nothing',
  'sightglass.connectTelemetry': 'nothing',
  'sightglass.showSources': 'nothing',
  'sightglass.reviewImpact': 'nothing',
  'sightglass.cancelReview': 'nothing',
  'sightglass.chooseReviewed': 'nothing',
  'sightglass.chooseReviewBase': 'nothing',
  'sightglass.exportReview': 'nothing',
  'sightglass.openReviewed': 'row',
  'sightglass.draftComments': 'nothing',
  'sightglass.copyDraft': 'row',
  'sightglass.discardDrafts': 'row',
  'sightglass.showJournal': 'nothing',
  'sightglass.exportJournal': 'nothing',
  'sightglass.filterJournal': 'nothing',
  'sightglass.clearJournalFilter': 'nothing',
  'sightglass.toggleInlineFacts': 'nothing',
  'sightglass.dimUnreachedCode': 'nothing',
  'sightglass.filterFlags': 'nothing',
  'sightglass.clearFlagFilter': 'nothing',
  'sightglass.refresh': 'nothing',
  'sightglass.showLog': 'nothing',
  'sightglass.openWalkthrough': 'nothing',
} as const satisfies Record<string, 'proposal' | 'place' | 'server' | 'row' | 'nothing'>;

export type CommandId = keyof typeof table;
export const commandIds = Object.keys(table) as readonly CommandId[];

/** What a handler gets: unparsed for commands that take something, nothing otherwise. */
export type CommandHandler = (argument: unknown) => Promise<void> | void;

/** Exhaustive: a command without a handler does not compile. */
export type CommandHandlers = Readonly<Record<CommandId, CommandHandler>>;

/** A handler that throws tells the person once, in words, and the log in full. */
export function registerCommands(handlers: CommandHandlers, log: Log): Disposable {
  const registered = commandIds.map((id) =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        await handlers[id](table[id] === 'nothing' ? undefined : argument);
      } catch (error) {
        log.error(`${id} failed`, error);
        void vscode.window.showErrorMessage(
          error instanceof Error ? linkless(error.message) : vscode.l10n.t('The command failed. See the log.'),
        );
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}
