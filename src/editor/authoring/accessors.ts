import * as vscode from 'vscode';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { L10n } from '../../platform/l10n';
import { accessorArguments, accessorKinds, isManifest, type AccessorKind } from '../../view/authoring/accessors';
import { iconless } from '../../view/text';

const manifests = '**/flags.json';
/** A window may have many; nobody picks among more. */
const mostManifests = 20;
const largestManifest = 2 * 1024 * 1024;

/** Typed accessors by OpenFeature's command line, where it is installed and the window has a manifest. */
export class Accessors implements Disposable {
  readonly #held = new DisposableStack();

  constructor(
    private readonly of: {
      readonly l10n: L10n;
      /** Where the command line may be, absolute, in the order to try. */
      readonly commandLines: readonly string[];
    },
  ) {}

  /** Looks whether the command is to be offered, now and when manifests come or go. Nothing is run. */
  start(): void {
    void this.#commandLine().then((binary) => {
      if (binary === undefined) return;
      const look = (): void => void this.#offer();
      const watcher = this.#held.add(vscode.workspace.createFileSystemWatcher(manifests, false, true, false));
      this.#held.add(watcher.onDidCreate(look));
      this.#held.add(watcher.onDidDelete(look));
      this.#held.add(vscode.workspace.onDidChangeWorkspaceFolders(look));
      look();
    });
  }

  dispose(): void {
    this.#held.dispose();
  }

  async #offer(): Promise<void> {
    const isThere = (await this.#manifests()).length > 0;
    await vscode.commands.executeCommand('setContext', 'sightglass.canGenerateAccessors', isThere);
  }

  /** Asks what is to be written and where, and runs the command line as a task that can be watched. */
  async generate(): Promise<void> {
    const { t } = this.of.l10n;
    const tell = (words: string): void => void vscode.window.showWarningMessage(words);
    if (!vscode.workspace.isTrusted) {
      tell(t('This workspace is not trusted: nothing is run for it.'));
      return;
    }
    const binary = await this.#commandLine();
    if (binary === undefined) {
      tell(t('OpenFeature’s command line is not on PATH: install “openfeature” and start VS Code again.'));
      return;
    }
    const found = await this.#manifests();
    if (found.length === 0) {
      tell(t('No manifest of OpenFeature was found: “openfeature init” makes a flags.json.'));
      return;
    }
    const manifest = found.length === 1 ? found[0] : await pickedManifest(found, t('Accessors of which manifest?'));
    const kind = manifest && (await pickedKind(t('Accessors in which language?')));
    if (!manifest || !kind) return;
    const name = kind.named === null ? null : await this.#name(kind);
    if (name === undefined) return;
    const folder = vscode.workspace.getWorkspaceFolder(manifest);
    const [output] =
      (await vscode.window.showOpenDialog({
        ...{ canSelectFiles: false, canSelectFolders: true, canSelectMany: false },
        ...{ defaultUri: folder?.uri ?? manifest, openLabel: t('Write accessors here') },
      })) ?? [];
    if (!output) return;
    const args = accessorArguments({ kind, manifest: manifest.fsPath, output: output.fsPath, name });
    const cwd = vscode.Uri.joinPath(manifest, '..').fsPath;
    const task = new vscode.Task(
      { type: 'process' },
      ...([folder ?? vscode.TaskScope.Workspace, t('Typed accessors'), 'Sightglass'] as const),
      new vscode.ProcessExecution(binary, [...args], { cwd }),
      [],
    );
    await vscode.tasks.executeTask(task);
  }

  #name({ named }: AccessorKind): Thenable<string | undefined> {
    const { t } = this.of.l10n;
    const title = named === '--namespace' ? t('Namespace of the accessors') : t('Package of the accessors');
    return vscode.window.showInputBox({ title, prompt: t('Empty: what OpenFeature’s command line takes') });
  }

  async #commandLine(): Promise<string | undefined> {
    for (const path of this.of.commandLines) {
      const { type } = await vscode.workspace.fs.stat(vscode.Uri.file(path)).then(undefined, () => ({ type: 0 }));
      if ((type & vscode.FileType.File) !== 0) return path;
    }
    return undefined;
  }

  async #manifests(): Promise<readonly vscode.Uri[]> {
    const found = await vscode.workspace.findFiles(manifests, '**/node_modules/**', mostManifests);
    const read = found.map(async (uri) => {
      try {
        if ((await vscode.workspace.fs.stat(uri)).size > largestManifest) return [];
        return isManifest(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))) ? [uri] : [];
      } catch {
        return [];
      }
    });
    return (await Promise.all(read)).flat();
  }
}

async function pickedManifest(uris: readonly vscode.Uri[], placeHolder: string): Promise<vscode.Uri | undefined> {
  const items = uris.map((uri) => ({ label: iconless(vscode.workspace.asRelativePath(uri)), uri }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.uri;
}

async function pickedKind(placeHolder: string): Promise<AccessorKind | undefined> {
  const items = accessorKinds.map((kind) => ({ label: kind.title, description: kind.kind, chosen: kind }));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.chosen;
}
