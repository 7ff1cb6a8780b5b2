import type * as vscode from 'vscode';
import type { Flags } from '../flags/api';
import { lastKnown } from '../model/answer';
import type { Clock } from '../platform/clock';
import { DisposableStack, disposable, type Disposable } from '../platform/disposable';
import type { L10n } from '../platform/l10n';
import type { Log } from '../platform/log';
import type { Settings } from '../platform/settings';
import type { Choices } from './choices';
import type { CodeIndex } from './codeIndex';
import { FlagDiagnostics } from './diagnostics/flagDiagnostics';
import type { UnreferencedFlags } from './diagnostics/unreferencedFlags';
import { WorkspaceReferences } from './diagnostics/workspaceReferences';
import type { DocumentViews } from './documentViews';
import type { FlagLookups } from './flagLookups';
import type { FrontDocument } from './frontDocument';
import type { FlagViews } from './flagViews';
import { severitiesOf } from '../view/diagnostics/severities';
import type { FlagLookup } from '../view/input';
import type { LateImpact } from './impact/lateImpact';
import type { Servers } from './servers';
import { DimmedCode, GutterMarks } from './surfaces/decorations';
import { flagFileProblems } from './surfaces/flagFileProblems';
import { FlagsTree } from './surfaces/flagsTree';
import { functionLenses } from './surfaces/functionLenses';
import { flagHover } from './surfaces/hover';
import { inlineFacts } from './surfaces/inlineFacts';
import { JournalTree } from './surfaces/journalTree';
import { serverStatusItem } from './surfaces/serverStatusItem';
import { statusBar } from './surfaces/statusBar';
import { switchable, type SurfaceName } from './surfaces/switchable';

export interface SurfacesOf {
  readonly documents: DocumentViews;
  readonly views: FlagViews;
  readonly front: FrontDocument;
  readonly settings: Settings;
  readonly choices: Choices;
  readonly log: Log;
  readonly extension: vscode.Uri;
  readonly problems: Flags;
  readonly code: CodeIndex;
  readonly lookups: FlagLookups;
  readonly servers: Servers;
  readonly unreferenced: UnreferencedFlags;
  readonly impact: LateImpact;
  readonly l10n: L10n;
  readonly clock: Clock;
  treeShown(visible: boolean): void;
}

/** Every surface, each behind its setting. */
export function registerSurfaces(of: SurfacesOf): Disposable {
  const { documents, views, settings, choices, log, extension, problems } = of;
  const surfaces: Readonly<Record<SurfaceName, () => Disposable>> = {
    inlayHints: () => inlineFacts(documents, of.clock),
    codeLens: () => functionLenses(documents),
    gutter: () => new GutterMarks(documents, extension),
    hover: () => flagHover(documents),
    statusBar: () => both(statusBar(documents, of.front), serverStatusItem(of.servers, of.l10n)),
    diagnostics: () =>
      both(
        flagFileProblems({
          problems: () => [
            ...problems.problems(),
            ...problems.projects().flatMap(({ answer }) => lastKnown(answer)?.value.problems ?? []),
          ],
          severity: () => severitiesOf(settings.get<unknown>('diagnostics.severities', {}))['flag-file'],
          onDidChangeProblems: problems.onDidChange,
          onDidChangeSeverity: settings.onDidChange,
        }),
        ...flagDiagnostics(of),
      ),
    flagsView: () => new FlagsTree(views, extension, (visible) => of.treeShown(visible)),
    impactView: () => of.impact.view(),
    journalView: () => new JournalTree(views),
  };
  const held = new DisposableStack();
  for (const [name, build] of Object.entries(surfaces) as [SurfaceName, () => Disposable][])
    held.add(switchable(settings, name, log, build));
  held.add(dimming(choices, documents));
  return held;
}

function flagDiagnostics(of: SurfacesOf): readonly Disposable[] {
  const references = new WorkspaceReferences(of);
  const seenFrom = (path: string): FlagLookup => of.lookups.seenFrom(path);
  return [references, new FlagDiagnostics({ ...of, references, flags: of.problems, seenFrom })];
}

function both(...surfaces: readonly Disposable[]): Disposable {
  const held = new DisposableStack();
  for (const surface of surfaces) held.add(surface);
  return held;
}

/** Dimming is asked for by a command, and off until then. */
function dimming(choices: Choices, documents: DocumentViews): Disposable {
  let drawn: Disposable | undefined;
  const follow = (): void => {
    if (choices.dimmed === (drawn !== undefined)) return;
    drawn?.dispose();
    drawn = choices.dimmed ? new DimmedCode(documents) : undefined;
  };
  follow();
  const listening = choices.onDidChange(follow);
  return disposable(() => {
    listening.dispose();
    drawn?.dispose();
  });
}
