import * as vscode from 'vscode';
import type { Flags } from '../flags/api';
import { parseConfiguration } from '../flags/configuration';
import { proposeConfiguration, type DetectedFile } from '../flags/detect';
import { fileOf } from '../flags/environments';
import { withBackend, withOfrep, withSystem, type WrittenSystem } from '../flags/extendConfiguration';
import type { EnvironmentKind } from '../model/flag';
import type { Paths } from '../platform/files';
import { adminServers } from './adminServers';
import { connectAdmin, type Connection } from './connectAdmin';
import { connectChoices, type ConnectChoice, type Connected } from './connectChoices';
import { connectMetrics } from './connectMetrics';
import { connectOfrep } from './connectOfrep';
import { connectSync, flagdServer, goffRelay } from './connectSync';

import type { FlagDetection } from './flagDetection';
import type { SignInOf } from './signIn';
import { configurationName, readText, writeConfiguration, type WriteConfigurationOf } from './writeConfiguration';

export interface ConnectFlagsOf extends SignInOf, WriteConfigurationOf {
  readonly flags: Flags;
  readonly detection: FlagDetection;
  readonly paths: Paths;
}

/**
 * Offers what the code imports and the workspace holds first, then what else can be connected. What the configuration
 * would say is shown, and written only after a yes. Whether a file is live is asked, never guessed.
 */
export async function connectFlags(of: ConnectFlagsOf): Promise<void> {
  const { l10n, detection } = of;
  const place = await placeToWrite(of);
  if (!place) return;
  const { first, inForce } = place;
  await detection.look();
  const picked = await vscode.window.showQuickPick(connectChoices(detection, connected(of, inForce), l10n), {
    placeHolder: l10n.t('Which flag system, or telemetry?'),
    matchOnDescription: true,
  });
  const choice = picked?.choice;
  if (!choice) return;
  if (choice.kind === 'metrics') return connectMetricsServer(of);
  const target = targetOf(choice, inForce, first);
  if (choice.kind === 'open' || (await isBroken(target, of))) {
    // It is not in force because it is broken, or leads elsewhere: it is mended by hand, never replaced.
    await vscode.window.showTextDocument(target);
    return;
  }
  if (choice.kind === 'ofrep') {
    const found = await connectOfrep(of);
    if (found) await writeConfiguration(target, (before) => withOfrep(before, found.at, found.url), found.facts, of);
    return;
  }
  const made = await connect(choice, of.paths.dirname(target.fsPath), of);
  if (made) await writeConfiguration(target, (before) => withSystem(before, made.system), made.facts, of);
}

/** A telemetry store, into the same configuration and in the same way. */
export async function connectMetricsServer(of: ConnectFlagsOf): Promise<void> {
  const place = await placeToWrite(of);
  if (!place) return;
  const target = targetOf({ kind: 'metrics' }, place.inForce, place.first);
  if (await isBroken(target, of)) {
    await vscode.window.showTextDocument(target);
    return;
  }
  const found = await connectMetrics(of);
  if (found) await writeConfiguration(target, (before) => withBackend(before, found.backend), found.facts, of);
}

/** undefined, and the person told, where nothing may be written. */
async function placeToWrite({
  flags,
  l10n,
}: ConnectFlagsOf): Promise<{ first: vscode.WorkspaceFolder; inForce: string | undefined } | undefined> {
  const folders = vscode.workspace.workspaceFolders;
  if (!folders?.[0]) {
    await vscode.commands.executeCommand('vscode.openFolder');
    return undefined;
  }
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showWarningMessage(
      l10n.t('This workspace is not trusted: Sightglass writes nothing into it. Trust it with Manage Workspace Trust.'),
    );
    return undefined;
  }
  const paths = folders.map(({ uri }) => flags.configurationFor(uri.fsPath)?.path);
  return { first: folders[0], inForce: paths.find((path) => typeof path === 'string') };
}

function connected({ flags, paths }: ConnectFlagsOf, inForce: string | undefined): Connected {
  const files = flags.projects().flatMap(({ configPath, config }) => {
    const folder = configPath === null ? null : paths.dirname(configPath);
    const sources = config.environments.flatMap(({ source }) => source);
    return folder === null ? [] : sources.map((source) => paths.resolve(folder, fileOf(source)));
  });
  const urls = flags.projects().flatMap(({ config }) => config.environments.flatMap(({ source }) => source));
  return {
    files: new Set(files),
    urls: new Set([...urls, ...flags.servers().map(({ url }) => url.replace(/\/+$/, ''))]),
    configured: typeof inForce === 'string',
  };
}

/** The configuration in force, else one in the folder that the file is in. */
function targetOf(choice: ConnectChoice, inForce: string | undefined, first: vscode.WorkspaceFolder): vscode.Uri {
  if (typeof inForce === 'string') return vscode.Uri.file(inForce);
  const file = choice.kind === 'file' ? vscode.Uri.file(choice.file.path) : undefined;
  const folder = (file && vscode.workspace.getWorkspaceFolder(file)) ?? first;
  return vscode.Uri.joinPath(folder.uri, configurationName);
}

async function connect(
  choice: Exclude<ConnectChoice, { kind: 'open' | 'metrics' | 'ofrep' }>,
  folder: string,
  of: ConnectFlagsOf,
): Promise<Connection | undefined> {
  switch (choice.kind) {
    case 'unleash':
    case 'launchdarkly':
    case 'growthbook':
    case 'flipt':
      return connectAdmin(adminServers[choice.kind], choice.url, of);
    case 'sync':
      return connectSync(flagdServer, choice.url, of.paths.basename(folder), of);
    case 'goff':
      return connectSync(goffRelay, choice.url, of.paths.basename(folder), of);
    case 'file': {
      const kind = await pickKind(of);
      const system = kind && fileSystem(folder, choice.file, kind, of);
      return system && { system, facts: [of.l10n.t('It names the flag file and its environment.')] };
    }
  }
}

/** Only a person knows whether services read the very file. */
async function pickKind({ l10n }: ConnectFlagsOf): Promise<EnvironmentKind | undefined> {
  const items: (vscode.QuickPickItem & { readonly takesEffect: EnvironmentKind })[] = [
    {
      label: l10n.t('It goes live by commit, deploy or sync'),
      description: l10n.t('definition'),
      takesEffect: 'definition',
    },
    { label: l10n.t('Services read this very file'), description: l10n.t('live'), takesEffect: 'live' },
    { label: l10n.t('Only this machine reads it'), description: l10n.t('local'), takesEffect: 'local' },
  ];
  const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t('How does this file take effect?') });
  return picked?.takesEffect;
}

function fileSystem(
  folder: string,
  file: DetectedFile,
  kind: EnvironmentKind,
  of: ConnectFlagsOf,
): WrittenSystem | undefined {
  const [system] = proposeConfiguration(folder, [file], of).systems;
  if (!system) return undefined;
  return {
    id: system.id,
    type: system.type,
    projects: system.projects.map(({ name, folders, environments }) => ({
      name,
      folders,
      environments: environments.map((environment) => ({ ...environment, kind })),
    })),
  };
}

async function isBroken(target: vscode.Uri, { l10n }: ConnectFlagsOf): Promise<boolean> {
  const text = await readText(target);
  return text !== null && parseConfiguration(target.fsPath, text, l10n).config === null;
}
