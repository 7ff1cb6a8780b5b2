import * as vscode from 'vscode';
import type { Flags } from '../flags/api';
import type { EnvironmentKind } from '../model/flag';
import type { L10n } from '../platform/l10n';
import type { FlagDetection } from './flagDetection';
import type { TextDiff } from './textDiff';

const fileName = '.sightglass.json';

export interface ConnectFlagsOf {
  readonly flags: Flags;
  readonly detection: FlagDetection;
  readonly diff: TextDiff;
  readonly l10n: L10n;
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
  await detection.look();
  const file = await pickFile(detection.files, l10n);
  if (!file) return;
  const folder = vscode.workspace.getWorkspaceFolder(file) ?? folders[0];
  const environment = await pickEnvironment(l10n);
  if (!environment) return;
  const target = vscode.Uri.joinPath(folder.uri, fileName);
  const text = proposal(folder.name, vscode.workspace.asRelativePath(file, false), environment);
  const before = await textOf(target);
  await diff.show(l10n.t('{0}: what would be written', fileName), before, text);
  const write = l10n.t('Write {0}', fileName);
  const answer = await vscode.window.showInformationMessage(
    l10n.t('Write {0} into {1}?', fileName, folder.name),
    {
      modal: true,
      detail: l10n.t('It names the flag file and its environment, and holds no secrets. You can edit it at any time.'),
    },
    write,
  );
  if (answer !== write) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
}

async function pickFile(found: readonly vscode.Uri[], l10n: L10n): Promise<vscode.Uri | undefined> {
  const choose = l10n.t('Choose a file…');
  const items: (vscode.QuickPickItem & { readonly file?: vscode.Uri })[] = [
    ...found.map((file) => ({ label: vscode.workspace.asRelativePath(file), description: 'flagd', file })),
    { label: choose },
  ];
  const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t('Which flag file?') });
  if (!picked || picked.file) return picked?.file;
  const [chosen] = (await vscode.window.showOpenDialog({ filters: { flagd: ['json'] }, canSelectMany: false })) ?? [];
  if (chosen && !vscode.workspace.getWorkspaceFolder(chosen)) {
    void vscode.window.showWarningMessage(
      l10n.t(
        '{0} is outside the folders of this window, so Sightglass would never write it. Choose a file in the workspace.',
        chosen.fsPath,
      ),
    );
    return undefined;
  }
  return chosen;
}

async function pickEnvironment(
  l10n: L10n,
): Promise<{ readonly kind: EnvironmentKind; readonly name: string } | undefined> {
  const items: (vscode.QuickPickItem & { readonly environment: EnvironmentKind })[] = [
    { label: l10n.t('Services read this very file'), description: l10n.t('live'), environment: 'live' },
    {
      label: l10n.t('It goes live by commit, deploy or sync'),
      description: l10n.t('definition'),
      environment: 'definition',
    },
    { label: l10n.t('Only this machine reads it'), description: l10n.t('local'), environment: 'local' },
  ];
  const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t('How does this file take effect?') });
  if (!picked) return undefined;
  const name = await vscode.window.showInputBox({
    prompt: l10n.t('Name of the environment, as telemetry names it (deployment.environment.name)'),
    value: picked.environment === 'local' ? 'local' : '',
    validateInput: (text) => (text.trim() === '' ? l10n.t('A name is needed.') : undefined),
  });
  return name === undefined || name.trim() === '' ? undefined : { kind: picked.environment, name: name.trim() };
}

function proposal(
  project: string,
  source: string,
  { kind, name }: { readonly kind: EnvironmentKind; readonly name: string },
): string {
  const configuration = {
    systems: [
      {
        id: 'flags',
        type: 'flagd',
        projects: [{ name: project, folders: ['.'], environments: [{ name, kind, source: [source] }] }],
      },
    ],
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

async function textOf(file: vscode.Uri): Promise<string> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    return '';
  }
}
