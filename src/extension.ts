import * as vscode from 'vscode';
import { Changes } from './change/changes';
import { couldWriteInPlace } from './change/writeMode';
import { sightglassApi, type SightglassApi } from './editor/api';
import { Session } from './editor/session';
import { FlagStore } from './flags/store';
import { systemClock as clock } from './platform/node/clock';
import { nodeFiles as files } from './platform/node/files';
import { nodeHash as hash } from './platform/node/hash';
import { http2Grpc as grpc } from './platform/node/http2Grpc';
import { lazyHttp, lazySockets as sockets } from './platform/node/lazyHttp';
import { nodePaths as paths } from './platform/node/paths';
import { commandOnPath, ripgrepCandidates, ripgrepOnPath } from './platform/node/ripgrepLadder';
import { surroundings } from './platform/node/surroundings';
import { nodeWorkers } from './platform/node/workerChannel';
import { editorL10n, editorTranslations } from './platform/vscode/editorL10n';
import { EditorSettings } from './platform/vscode/editorSettings';
import { fetchHttp } from './platform/vscode/fetchHttp';
import { originSecrets } from './platform/vscode/originSecrets';
import { OutputLog } from './platform/vscode/outputLog';
import { serverAccess } from './platform/vscode/serverAccess';
import { settingsHttp } from './platform/vscode/settingsHttp';

/** Builds the rooms in order; VS Code disposes what is subscribed, in reverse. Nothing is awaited. */
export function activate(context: vscode.ExtensionContext): SightglassApi {
  const began = clock.monotonic();
  const { subscriptions, extensionUri, globalStorageUri } = context;
  const hold = <T extends vscode.Disposable>(held: T): T => {
    subscriptions.unshift(held);
    return held;
  };
  const { home, user, platform, arch, pathVariable } = surroundings();
  const log = hold(new OutputLog());
  const l10n = editorL10n();
  const settings = hold(new EditorSettings((error) => log.error('A listener of the settings failed', error)));
  const shared = { files, paths, hash, clock, l10n };
  const access = hold(
    serverAccess({
      ...shared,
      home,
      grpc,
      sockets,
      http: settingsHttp({ settings, files, host: fetchHttp, own: lazyHttp }),
      secrets: originSecrets(context.secrets),
      log: log.child('servers'),
    }),
  );
  const flags = hold(
    new FlagStore({
      ...shared,
      remotes: access.remotes,
      log: log.child('flags'),
      isDirty: (path) => vscode.workspace.textDocuments.some(({ isDirty, uri }) => isDirty && uri.fsPath === path),
      workspaceFolders: () => (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath),
      readOnlyReason: () =>
        vscode.workspace.isTrusted ? null : l10n.t('This workspace is not trusted: nothing is written from it.'),
      protection: () => ({
        protected: settings.get<string[]>('protectedEnvironments', []).filter((name) => typeof name === 'string'),
        unprotected: settings.get<string[]>('unprotectedEnvironments', []).filter((name) => typeof name === 'string'),
      }),
    }),
  );
  const session = hold(
    new Session({
      ...shared,
      context,
      log,
      settings,
      access,
      workers: nodeWorkers(vscode.Uri.joinPath(extensionUri, 'dist').fsPath),
      openFeature: commandOnPath('openfeature', pathVariable, platform),
      codeWorker: {
        grammars: vscode.Uri.joinPath(extensionUri, 'dist/grammars').fsPath,
        ripgrep: [
          ...ripgrepCandidates(vscode.env.appRoot, platform, arch, settings.get('ripgrep.path', '')),
          ...ripgrepOnPath(pathVariable, platform),
        ],
        storage: vscode.Uri.joinPath(globalStorageUri, 'index').fsPath,
      },
      translations: editorTranslations(),
      home,
      me: user,
      flags,
      changes: (consent, source) =>
        new Changes({
          ...shared,
          home,
          systems: flags,
          consent,
          source,
          couldWriteInPlace: (environment) => couldWriteInPlace(flags, environment),
          log: log.child('change'),
        }),
    }),
  );
  const milliseconds = clock.monotonic() - began;
  log.info(`Activated in ${milliseconds.toFixed(1)} ms`);
  return sightglassApi(session, milliseconds);
}
