import * as vscode from 'vscode';
import type { ChangesApi } from '../change/api';
import type { Flags } from '../flags/api';
import type { JournalEntry } from '../model/change';
import type { FlagRef } from '../model/identity';
import { codePathId, type Reference } from '../model/reference';
import type { L10n } from '../platform/l10n';
import type { CodeIndex } from './codeIndex';
import type { CommandHandler } from './commandTable';
import type { FlagPick } from './flagPick';
import type { FlagViews } from './flagViews';
import { journalFilterCommands } from './journalFiltering';
import { pageOf } from './language/systemPage';
import { parsePlace, parseProposal, type Place, type Proposal } from './proposal';
import type { ViewContext } from '../view/input';
import { numbersFor } from '../view/numbers';
import { iconless, linkless, quoted } from '../view/text';
import { tracesOf } from '../view/traces';
import type { SignalFeed } from './signalFeed';
import { whyNothingShown } from './whyNothing';

export interface ShowCommandsOf {
  readonly flags: Flags;
  readonly code: CodeIndex;
  readonly feed: SignalFeed;
  readonly changes: ChangesApi;
  readonly pick: FlagPick;
  readonly views: FlagViews;
  readonly l10n: L10n;
  /** What the surfaces are decided from, seen from a file or from everywhere. */
  context(path: string | null): ViewContext;
  showDetails(of: { readonly ref: FlagRef; readonly environment: string | null }): void;
  refresh(): Promise<void>;
  showLog(): void;
  openWalkthrough(): Promise<void>;
}

type ShowCommand =
  | 'sightglass.showFlagDetails'
  | 'sightglass.openFlagDefinition'
  | 'sightglass.explainReference'
  | 'sightglass.whyNothingShown'
  | 'sightglass.openReference'
  | 'sightglass.showFlagsAt'
  | 'sightglass.showTraces'
  | 'sightglass.showChange'
  | 'sightglass.showJournal'
  | 'sightglass.exportJournal'
  | 'sightglass.filterJournal'
  | 'sightglass.clearJournalFilter'
  | 'sightglass.filterFlags'
  | 'sightglass.clearFlagFilter'
  | 'sightglass.refresh'
  | 'sightglass.showLog'
  | 'sightglass.openWalkthrough';

/** Everything that shows and changes nothing. */
export function showCommands(of: ShowCommandsOf): Readonly<Record<ShowCommand, CommandHandler>> {
  const { l10n, views } = of;
  return {
    'sightglass.showFlagDetails': async (argument) => {
      const asked = parseProposal(argument);
      const flag = await of.pick.flag(asked);
      if (flag) of.showDetails({ ref: flag.flag.ref, environment: asked.environment?.name ?? null });
    },
    'sightglass.openFlagDefinition': async (argument) => {
      const target = await of.pick.target(parseProposal(argument));
      if (!target) return;
      const { location } = target.state;
      const page = location ? undefined : pageOf(of.flags, target.flag.flag.ref);
      if (location) await openAt(vscode.Uri.file(location.path), location.line, 1);
      else if (page) await vscode.env.openExternal(page);
      else
        void vscode.window.showInformationMessage(
          linkless(l10n.t('The flag "{0}" has no place that can be opened.', target.flag.flag.ref.key)),
        );
    },
    'sightglass.explainReference': async (argument) => explain(of, parsePlace(argument)),
    'sightglass.whyNothingShown': async () => whyNothingShown(of),
    'sightglass.openReference': async (argument) => {
      const place = parsePlace(argument);
      if (place) await openAt(uriOf(place), place.line, place.column);
    },
    'sightglass.showFlagsAt': async (argument) => showFlagsAt(of, parsePlace(argument)),
    'sightglass.showTraces': async (argument) => showTraces(of, parseProposal(argument)),
    'sightglass.showChange': async (argument) => showChange(of, parseProposal(argument).changeId),
    'sightglass.showJournal': async () => {
      await vscode.commands.executeCommand('sightglass.journal.focus');
    },
    'sightglass.exportJournal': () => exportJournal(of),
    ...journalFilterCommands(of),
    'sightglass.filterFlags': async () => {
      const text = await vscode.window.showInputBox({
        prompt: l10n.t('Show flags whose key, name, owner or tag holds this text'),
        value: views.filter,
      });
      if (text !== undefined) views.setFilter(text.trim().slice(0, 200));
    },
    'sightglass.clearFlagFilter': () => views.setFilter(''),
    'sightglass.refresh': () => of.refresh(),
    'sightglass.showLog': () => of.showLog(),
    'sightglass.openWalkthrough': () => of.openWalkthrough(),
  };
}

async function openAt(uri: vscode.Uri, line: number, column: number): Promise<void> {
  const position = new vscode.Position(line - 1, column - 1);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(position, position) });
}

/** Relative to its folder, absolute, or of the file in front. */
function uriOf({ root, path }: Place): vscode.Uri {
  if (root !== undefined) return vscode.Uri.joinPath(vscode.Uri.file(root), path);
  const folder = vscode.workspace.workspaceFolders?.[0];
  return folder && !/^([a-z]:)?[\\/]/i.test(path) ? vscode.Uri.joinPath(folder.uri, path) : vscode.Uri.file(path);
}

/** Why this reference is what it is said to be: the steps from the call to the key, each a place to go to. */
async function explain({ pick, code, l10n }: ShowCommandsOf, place: Place | undefined): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return;
  const position = place ? new vscode.Position(place.line - 1, place.column - 1) : editor.selection.active;
  const reference = pick.referenceAt(editor.document, position);
  if (!reference) {
    const none = code.facts(editor.document)?.truncated ?? l10n.t('Sightglass found no flag on this line.');
    void vscode.window.showInformationMessage(none);
    return;
  }
  const folder = vscode.workspace.getWorkspaceFolder(editor.document.uri);
  const items = [
    {
      label: `$(symbol-key) ${iconless(reference.key ?? reference.pattern ?? '')}`,
      description: iconless(summary(reference)),
      path: reference.path,
      line: reference.line,
    },
    ...reference.trace.map(({ words, path, line }) => ({
      label: `$(arrow-small-right) ${iconless(words)}`,
      description: `${path}:${line}`,
      path,
      line,
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: l10n.t('Why this is a reference of a flag'),
    matchOnDescription: true,
  });
  if (picked && folder) await openAt(vscode.Uri.joinPath(folder.uri, picked.path), picked.line, 1);
}

function summary({ kind, certainty, via, sdk, evaluatedOn, function: inside, route }: Reference): string {
  return [kind, certainty, via, sdk, evaluatedOn === 'unknown' ? null : evaluatedOn, inside, route]
    .filter((part) => part !== null)
    .join(' · ');
}

async function showFlagsAt(of: ShowCommandsOf, place: Place | undefined): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const facts = document && of.code.facts(document);
  if (!facts) return;
  const path = facts.codePaths.find((one) => codePathId(one) === place?.codePathId);
  const inside = facts.references.filter((one) => !path || (one.line >= path.startLine && one.line <= path.endLine));
  const items = inside.flatMap((reference) =>
    reference.key === null
      ? []
      : [
          {
            label: iconless(reference.key),
            description: of.l10n.t('line {0}', reference.line),
            reference,
            key: reference.key,
          },
        ],
  );
  const picked =
    items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { placeHolder: of.l10n.t('Which flag?') });
  if (!picked) return;
  const [flag] = of.flags.resolve(picked.key, document.uri.fsPath);
  if (flag) of.showDetails({ ref: flag.flag.ref, environment: null });
  else await openAt(document.uri, picked.reference.line, picked.reference.column);
}

/** Example traces by id: the receiver keeps ids only, the trace itself is where it was sent to. */
async function showTraces(of: ShowCommandsOf, { ref, codePathId: at }: Proposal): Promise<void> {
  const { l10n } = of;
  const examples = tracesOf(of.context(vscode.window.activeTextEditor?.document.uri.fsPath ?? null), {
    codePathId: at ?? null,
    ref: ref ?? null,
  });
  if (examples.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('No example traces in this window of time yet.'));
    return;
  }
  const time = new Intl.DateTimeFormat(l10n.locale, { timeStyle: 'medium' });
  const picked = await vscode.window.showQuickPick(
    examples.map(({ traceId, at: when, seconds, error, variant, operation }) => ({
      label: `$(${error ? 'error' : 'pass'}) ${iconless(traceId)}`,
      description: iconless(
        `${operation} · ${quoted(variant)} · ${numbersFor(l10n).duration(seconds)} · ${time.format(when)}`,
      ),
      traceId,
    })),
    {
      title: l10n.t('Example traces'),
      placeHolder: l10n.t('Choose one to copy its id'),
      matchOnDescription: true,
    },
  );
  if (picked) await vscode.env.clipboard.writeText(picked.traceId);
}

async function showChange({ changes }: ShowCommandsOf, changeId: string | undefined): Promise<void> {
  const { entries } = await changes.list();
  const entry = entries.find(({ id }) => id === changeId);
  if (entry) await openText(JSON.stringify(entry, null, 2), 'json');
}

/** As JSON Lines in an untitled document: where it is kept is the reader's choice. */
async function exportJournal({ changes, l10n }: ShowCommandsOf): Promise<void> {
  const { entries, unreadable } = await changes.list(Number.MAX_SAFE_INTEGER);
  if (entries.length === 0) {
    void vscode.window.showInformationMessage(l10n.t('The journal is empty.'));
    return;
  }
  const target = await vscode.window.showSaveDialog({
    title: l10n.t('Export journal'),
    filters: { 'JSON Lines': ['jsonl'] },
    defaultUri: vscode.Uri.joinPath(
      vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/'),
      'sightglass-journal.jsonl',
    ),
  });
  if (!target) return;
  const text = entries.map((entry: JournalEntry) => `${JSON.stringify(entry)}\n`).join('');
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  if (unreadable.length > 0)
    void vscode.window.showWarningMessage(
      l10n.t(
        '{0} entries of the journal cannot be read and are not in the export: {1}',
        unreadable.length,
        unreadable.map(({ file }) => file).join(', '),
      ),
    );
}

async function openText(content: string, language: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }), {
    preview: true,
  });
}
