import * as vscode from 'vscode';
import type { Flags } from '../flags/api';
import { configurationText, proposeConfiguration, type DetectedFile } from '../flags/detect';
import type { Config } from '../model/config';
import type { EnvironmentKind } from '../model/flag';
import type { Paths } from '../platform/files';
import type { L10n } from '../platform/l10n';
import { iconless } from '../view/text';
import type { FlagDetection } from './flagDetection';
import type { TextDiff } from './textDiff';

const fileName = '.sightglass.json';

export interface ConnectFlagsOf {
  readonly flags: Flags;
  readonly detection: FlagDetection;
  readonly diff: TextDiff;
  readonly l10n: L10n;
  readonly paths: Paths;
}

/**
 * Opens the configuration that is in force, or proposes one for a flag file: what it would say is shown first, and it
 * is written only after a yes. Whether the file is live is asked, never guessed.
 */
export async function connectFlags(of: ConnectFlagsOf): Promise<void> {
  const { l10n, detection, diff, flags } = of;
  const folders = vscode.workspace.workspaceFolders;
  if (!folders?.[0]) {
    await vscode.commands.executeCommand('vscode.openFolder');
    return;
  }
  const inForce = folders
    .map(({ uri }) => flags.configurationFor(uri.fsPath)?.path)
    .find((path) => typeof path === 'string');
  if (typeof inForce === 'string') {
    await vscode.window.showTextDocument(vscode.Uri.file(inForce));
    return;
  }
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showWarningMessage(
      l10n.t('This workspace is not trusted: Sightglass writes nothing into it. Trust it with Manage Workspace Trust.'),
    );
    return;
  }
  await detection.look();
  const file = await pickFile(detection.files, l10n);
  if (!file) return;
  const uri = vscode.Uri.file(file.path);
  const folder = vscode.workspace.getWorkspaceFolder(uri) ?? folders[0];
  const target = vscode.Uri.joinPath(folder.uri, fileName);
  // One that is there is not in force because it is broken, or leads elsewhere: it is mended by hand, never replaced.
  if (await exists(target)) {
    await vscode.window.showTextDocument(target);
    return;
  }
  const kind = await pickKind(l10n);
  if (!kind) return;
  const text = configurationText(inKind(proposeConfiguration(folder.uri.fsPath, [file], of), kind));
  await diff.show(l10n.t('{0}: what would be written', fileName), '', text);
  const write = l10n.t('Write {0}', fileName);
  const answer = await vscode.window.showInformationMessage(
    l10n.t('Write {0} into {1}?', fileName, folder.name),
    {
      modal: true,
      detail: l10n.t('It names the flag file and its environment, and holds no secrets. You can edit it at any time.'),
    },
    write,
  );
  // The question may have stood for long: what was written there meanwhile stays.
  if (answer !== write || (await exists(target))) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
}

async function pickFile(found: readonly DetectedFile[], l10n: L10n): Promise<DetectedFile | undefined> {
  if (found.length === 0) {
    void vscode.window.showInformationMessage(
      l10n.t('No flagd flag file was found in this workspace. Name one in .sightglass.json.'),
    );
    return undefined;
  }
  const items = found.map((file) => ({
    label: vscode.workspace.asRelativePath(file.path),
    description: l10n.t('flagd, {0} flags', file.keys.length),
    detail: iconless(file.keys.slice(0, 10).join(', ')),
    file,
  }));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t('Which flag file?') });
  return picked?.file;
}

/** Only a person knows whether services read the very file. */
async function pickKind(l10n: L10n): Promise<EnvironmentKind | undefined> {
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

function inKind(config: Config, kind: EnvironmentKind): Config {
  return {
    ...config,
    systems: config.systems.map((system) => ({
      ...system,
      projects: system.projects.map((project) => ({
        ...project,
        environments: project.environments.map((environment) => ({ ...environment, kind })),
      })),
    })),
  };
}

async function exists(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}
