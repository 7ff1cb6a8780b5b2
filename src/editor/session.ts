import * as vscode from 'vscode';
import type { ChangesApi, InstanceSource } from '../change/api';
import type { ConsentPort } from '../change/consentPort';
import type { CodeEvents, CodeMethods, CodeWorkerData } from '../code/api';
import type { FlagsControl } from '../flags/api';
import type { Workers } from '../platform/channel';
import type { Clock } from '../platform/clock';
import { DisposableStack, type Disposable } from '../platform/disposable';
import type { Files, Paths } from '../platform/files';
import type { Hash } from '../platform/hash';
import type { L10n } from '../platform/l10n';
import type { Secrets } from '../platform/secrets';
import type { Settings } from '../platform/settings';
import type { OutputLog } from '../platform/vscode/outputLog';
import type { TelemetryEvents, TelemetryMethods } from '../telemetry/api';
import type { ShownBySession } from './api';
import { changeCommands } from './changeCommands';
import { ChangeEnds } from './changeEnds';
import { choiceCommands } from './choiceCommands';
import { Choices } from './choices';
import { CodeIndex } from './codeIndex';
import { registerCommands } from './commandTable';
import { connectFlags } from './connectFlags';
import { EditorConsent } from './consent';
import { DetailPanels } from './detailPanels';
import { DocumentViews } from './documentViews';
import { FlagDetection } from './flagDetection';
import { FlagFolders } from './flagFolders';
import { FlagLookups } from './flagLookups';
import { FlagPick } from './flagPick';
import { FlagReferences } from './flagReferences';
import { FlagViews } from './flagViews';
import { FrontDocument } from './frontDocument';
import { Receiver } from './receiver';
import { showCommands } from './showCommands';
import { SignalFeed } from './signalFeed';
import { signalQuestion, telemetryEnvironments } from './signalQuestion';
import { SupervisedWorker } from './supervisedWorker';
import { registerSurfaces } from './registerSurfaces';
import { TextDiff } from './textDiff';
import { viewContext } from './viewContext';
import { targetFacts, targetFact } from './targetFacts';
import { WorkspaceCauses } from './workspaceCauses';

/** What the composition root hands in: ports, and the rooms that are built over Node. */
export interface SessionOf {
  readonly context: vscode.ExtensionContext;
  readonly log: OutputLog;
  readonly l10n: L10n;
  readonly clock: Clock;
  readonly hash: Hash;
  readonly files: Files;
  readonly paths: Paths;
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly workers: Workers;
  readonly codeWorker: CodeWorkerData;
  readonly home: string;
  /** Recorded as who consents. */
  readonly me: string;
  readonly flags: FlagsControl;
  changes(consent: ConsentPort, source: InstanceSource): ChangesApi;
}

/** One window: its flags, code, signals and changes, and everything drawn from them. Nothing is awaited here. */
export class Session implements Disposable, ShownBySession {
  readonly #held = new DisposableStack();
  /** Flags of the folders were read once, or failed. */
  readonly ready: Promise<void>;
  readonly view: ShownBySession['view'];
  readonly tree: ShownBySession['tree'];
  readonly rows: ShownBySession['rows'];
  readonly status: ShownBySession['status'];

  constructor(of: SessionOf) {
    const { context, log, l10n, clock, settings, flags } = of;
    const held = this.#held;
    const report = (error: unknown): void => log.error('A listener failed', error);
    const worker = { workers: of.workers, clock, log: log.child('workers') };

    const choices = held.add(new Choices(context.workspaceState, report));
    const front = held.add(new FrontDocument(report));
    const code = held.add(
      new CodeIndex({
        worker: new SupervisedWorker<CodeMethods, CodeEvents>({ ...worker, name: 'code', data: of.codeWorker }),
        clock,
        log: log.child('finder'),
        exclude: (root) => flags.configurationFor(root)?.config.finder.exclude ?? [],
      }),
    );
    let wantsAllFlags = (): boolean => false;
    const question = { flags, code, choices, wantsAllFlags: () => wantsAllFlags() };
    const feed = held.add(
      new SignalFeed({
        worker: new SupervisedWorker<TelemetryMethods, TelemetryEvents>({ ...worker, name: 'telemetry', data: null }),
        clock,
        log: log.child('telemetry'),
        question: (environment) => signalQuestion(question, environment),
      }),
    );
    const diff = held.add(new TextDiff());
    const consent = new EditorConsent({ who: of.me, clock, l10n, diff });
    const changes = held.add(of.changes(consent, feed));
    const lookups = new FlagLookups(flags);
    const viewing = { flags, lookups, feed, changes, choices, settings, clock, l10n };
    const references = held.add(new FlagReferences({ code, flags, log }));
    const folders = held.add(new FlagFolders({ flags, log }));
    const detection = held.add(new FlagDetection({ code, files: of.files, clock, log }));
    const causes = held.add(new WorkspaceCauses({ flags, folders, detection, code, log }));
    const documents = held.add(new DocumentViews({ ...viewing, code, log }));
    const views = held.add(
      new FlagViews({
        ...viewing,
        code,
        references,
        front,
        log,
        me: of.me,
        workspace: () => causes.facts(),
        starting: () => !folders.known,
        onDidChangeWorkspace: causes.onDidChange,
      }),
    );
    const panels = held.add(
      new DetailPanels({
        ...viewing,
        references,
        log,
        me: of.me,
        extension: context.extensionUri,
        random: (bytes) => of.hash.random(bytes),
        sightChanged: () => receiver.look(),
      }),
    );
    const receiver = held.add(
      new Receiver({
        feed,
        settings,
        secrets: of.secrets,
        hash: of.hash,
        changes,
        log,
        home: of.home,
        anyPanel: () => panels.anyVisible,
      }),
    );
    wantsAllFlags = () => receiver.treeVisible || panels.anyVisible;

    const pick = new FlagPick({
      flags,
      code,
      choices,
      front,
      l10n,
      describe: (ref) => targetFact(viewContext(viewing, null), flags.flag(ref)),
    });
    held.add(
      registerCommands(
        {
          ...changeCommands({
            changes,
            flags,
            pick,
            diff,
            l10n,
            facts: (target) => targetFacts(viewContext(viewing, null), target),
          }),
          ...choiceCommands({ flags, choices, feed, code, clock, l10n }),
          ...showCommands({
            flags,
            code,
            feed,
            changes,
            pick,
            views,
            l10n,
            context: (path) => viewContext(viewing, path),
            showDetails: ({ ref, environment }) => panels.show(ref, environment),
            refresh: async () => {
              code.refresh();
              feed.askNow();
              await folders.look();
              await flags.refresh();
              await changes.list();
            },
            showLog: () => log.show(),
          }),
          'sightglass.connectFlagSystem': () => connectFlags({ flags, detection, diff, l10n, paths: of.paths }),
        },
        log,
      ),
    );
    held.add(
      registerSurfaces({
        documents,
        views,
        front,
        settings,
        choices,
        log,
        extension: context.extensionUri,
        problems: flags,
        treeShown: (visible) => receiver.setTreeVisible(visible),
      }),
    );
    held.add(new ChangeEnds({ changes, l10n }));

    const questionChanged = (): void => {
      feed.setEnvironments(telemetryEnvironments(question));
      code.setKnownKeys(code.roots.flatMap((root) => flags.keysFor(root)));
      feed.askNow();
    };
    held.add(flags.onDidChange(questionChanged));
    // What the user protects, and whether anything may be written at all, counts from the moment it is said.
    held.add(settings.onDidChange(() => void flags.reload()));
    held.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void flags.refresh()));
    held.add(choices.onDidChange(questionChanged));
    held.add(code.onDidChangeFacts(() => feed.askNow()));
    held.add(vscode.window.onDidChangeVisibleTextEditors(() => receiver.look()));

    this.view = (document) => documents.view(document);
    this.tree = () => views.tree();
    this.rows = () => views.rows();
    this.status = () => feed.status;
    this.ready = new Promise((resolve) => {
      // Workers and files after activation: it is the start of VS Code that waits for this constructor.
      held.add(
        clock.after(0, () => {
          code.start();
          receiver.look();
          resolve(folders.look());
          changes.resume().catch((error: unknown) => log.error('The journal could not be resumed', error));
        }),
      );
    });
  }

  dispose(): void {
    this.#held.dispose();
  }
}
