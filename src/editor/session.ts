import * as vscode from 'vscode';
import type { ChangesApi, InstanceSource } from '../change/api';
import type { ConsentPort } from '../change/consentPort';
import type { CodeEvents, CodeMethods, CodeWorkerData } from '../code/api';
import type { FlagsControl } from '../flags/api';
import type { Workers } from '../platform/channel';
import { serveRemotes } from '../platform/channelRemotes';
import type { Clock } from '../platform/clock';
import { DisposableStack, type Disposable } from '../platform/disposable';
import type { Files, Paths } from '../platform/files';
import type { Hash } from '../platform/hash';
import type { L10n, Translations } from '../platform/l10n';
import type { Settings } from '../platform/settings';
import type { ServerAccess } from '../platform/vscode/serverAccess';
import type { OutputLog } from '../platform/vscode/outputLog';
import type { TelemetryEvents, TelemetryMethods } from '../telemetry/api';
import type { ShownBySession } from './api';
import { askedFrom } from './askedFrom';
import { Accessors } from './authoring/accessors';
import { authoringCommands } from './authoring/authoringCommands';
import { changeCommands } from './changeCommands';
import { ChangeEnds } from './changeEnds';
import { choiceCommands } from './choiceCommands';
import { Choices } from './choices';
import { CodeIndex } from './codeIndex';
import { registerCommands } from './commandTable';
import { connectFlags, connectMetricsServer } from './connectFlags';
import { EditorConsent } from './consent';
import { evaluateAsCommand } from './evaluateAs';
import { UnreferencedFlags } from './diagnostics/unreferencedFlags';
import { DetailPanels } from './detailPanels';
import { DocumentViews } from './documentViews';
import { FlagDetection } from './flagDetection';
import { FlagFolders } from './flagFolders';
import { FlagLookups } from './flagLookups';
import { FlagPick } from './flagPick';
import { FlagReferences } from './flagReferences';
import { FlagViews } from './flagViews';
import { CodeQuestions } from './language/codeQuestions';
import { FlagPlaces } from './language/flagPlaces';
import { KeysAt } from './language/keysAt';
import { navigationCommands } from './language/navigationCommands';
import { registerLanguage } from './language/registerLanguage';
import { FrontDocument } from './frontDocument';
import { LateImpact } from './impact/lateImpact';
import { Receiver } from './receiver';
import { SavedContexts } from './savedContexts';
import { serverCommands } from './serverCommands';
import { Servers } from './servers';
import { showCommands } from './showCommands';
import { SignalFeed } from './signalFeed';
import { configuredBackends, signalQuestion, telemetryEnvironments } from './signalQuestion';
import { SupervisedWorker } from './supervisedWorker';
import { registerSurfaces } from './registerSurfaces';
import { ServiceManifests } from './serviceManifests';
import { TextDiff } from './textDiff';
import { viewContext } from './viewContext';
import { targetFacts, targetFact } from './targetFacts';
import { WalkthroughProgress } from './walkthroughProgress';
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
  readonly access: ServerAccess;
  readonly workers: Workers;
  readonly codeWorker: CodeWorkerData;
  /** Where OpenFeature's command line may be. */
  readonly openFeature: readonly string[];
  /** For the telemetry worker, whose reasons and problems are shown. */
  readonly translations: Translations;
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
  readonly impact: ShownBySession['impact'];
  readonly status: ShownBySession['status'];

  constructor(of: SessionOf) {
    const { context, log, l10n, clock, settings, flags } = of;
    const held = this.#held;
    const report = (error: unknown): void => log.error('A listener failed', error);
    const worker = { workers: of.workers, clock, log: log.child('workers') };

    const choices = held.add(new Choices(context.workspaceState, report));
    const front = held.add(new FrontDocument(report));
    const finder = new SupervisedWorker<CodeMethods, CodeEvents>({ ...worker, name: 'code', data: of.codeWorker });
    const code = held.add(
      new CodeIndex({
        worker: finder,
        clock,
        log: log.child('finder'),
        exclude: (root) => flags.configurationFor(root)?.config.finder.exclude ?? [],
      }),
    );
    let wantsAllFlags = (): boolean => false;
    const signals = new SupervisedWorker<TelemetryMethods, TelemetryEvents>({
      ...worker,
      name: 'telemetry',
      data: of.translations,
      serve: (channel) => serveRemotes(channel, of.access.remotes),
    });
    const manifests = new ServiceManifests({ worker: signals, files: of.files, clock, log: log.child('manifests') });
    const question = {
      ...{ flags, code, choices },
      discovered: () => manifests.folders,
      wantsAllFlags: () => wantsAllFlags(),
    };
    const feed = held.add(
      new SignalFeed({
        worker: signals,
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
    const servers = held.add(new Servers({ flags, access: of.access, log: log.child('servers') }));
    const unreferenced = held.add(new UnreferencedFlags(report));
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
        ...{ servers, unreferenced },
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
        secrets: of.access.secrets,
        hash: of.hash,
        changes,
        log,
        home: of.home,
        anyPanel: () => panels.anyVisible,
        hasBackends: () => configuredBackends(flags).length > 0,
      }),
    );
    const { grammars, ripgrep } = of.codeWorker;
    const impact = held.add(
      new LateImpact({
        ...{ choices, settings, clock, l10n, log: log.child('review') },
        worker: {
          workers: of.workers,
          data: { grammars, ripgrep, translations: of.translations, home: of.home },
          serve: (channel) => serveRemotes(channel, of.access.remotes),
        },
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
    const language = {
      ...{ code, flags, l10n, log: log.child('language') },
      keys: new KeysAt(code),
      places: new FlagPlaces(flags),
      questions: new CodeQuestions({ worker: finder, log }),
      accessors: new Accessors({ l10n, commandLines: of.openFeature }),
      context: (path: string | null) => viewContext(viewing, path),
    };
    const connecting = { access: of.access, me: of.me, flags, detection, diff, l10n, paths: of.paths };
    held.add(
      registerCommands(
        {
          ...changeCommands({
            changes,
            flags,
            pick,
            diff,
            l10n,
            memory: context.workspaceState,
            facts: (target) => targetFacts(viewContext(viewing, null), target),
            place: (ref) => askedFrom(ref, { front, code, flags }),
          }),
          ...evaluateAsCommand({ flags, pick, contexts: new SavedContexts(context.workspaceState, flags), l10n }),
          ...choiceCommands({
            ...{ flags, choices, feed, code, clock, l10n },
            connectMetricsServer: () => connectMetricsServer(connecting),
          }),
          ...showCommands({
            flags,
            code,
            feed,
            changes,
            pick,
            views,
            l10n,
            context: (path) => viewContext(viewing, path),
            showDetails: ({ ref, environment }) => {
              panels.show(ref, environment);
              walkthrough.did('openDetails');
            },
            refresh: async () => {
              code.refresh();
              feed.askNow();
              await folders.look();
              await flags.refresh();
              await changes.list();
            },
            showLog: () => log.show(),
            openWalkthrough: async () => {
              await vscode.commands.executeCommand('workbench.action.openWalkthrough', 'sightglass.sightglass#start');
              walkthrough.opened();
            },
          }),
          ...impact.commands,
          ...navigationCommands({ ...language, pick }),
          ...authoringCommands(language),
          ...serverCommands({ access: of.access, servers, me: of.me, l10n }),
          'sightglass.connectFlagSystem': () => connectFlags(connecting),
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
        ...{ problems: flags, impact, code, lookups, servers, unreferenced, l10n, clock },
        treeShown: (visible) => receiver.setTreeVisible(visible),
      }),
    );
    held.add(new ChangeEnds({ changes, l10n }));
    const walkthrough = held.add(new WalkthroughProgress({ flags, feed, documents, changes, clock }));

    const questionChanged = (): void => {
      feed.setEnvironments(telemetryEnvironments(question));
      code.setKnownKeys(code.roots.flatMap((root) => flags.keysFor(root)));
      // Backends may have been configured, or be no longer.
      receiver.look();
    };
    held.add(flags.onDidChange(questionChanged));
    // What the user protects, and whether anything may be written at all, counts from the moment it is said.
    held.add(settings.onDidChange(() => void flags.reload()));
    held.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void flags.refresh()));
    held.add(of.access.remotes.onDidChange(() => void flags.refresh()));
    held.add(choices.onDidChange(questionChanged));
    held.add(code.onDidChangeFacts(() => feed.askNow()));
    held.add(vscode.window.onDidChangeVisibleTextEditors(() => receiver.look()));

    this.view = (document) => documents.view(document);
    this.tree = () => views.tree();
    this.rows = () => views.rows();
    this.impact = impact;
    this.status = () => feed.status;
    this.ready = new Promise((resolve) => {
      // Workers and files after activation: it is the start of VS Code that waits for this constructor.
      held.add(
        clock.after(0, () => {
          code.start();
          receiver.look();
          // A dozen registrations, each for every kind of document; nothing has been found yet that they could tell of.
          held.add(registerLanguage(language));
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
