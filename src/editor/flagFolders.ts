import * as vscode from 'vscode';
import type { FlagsControl } from '../flags/api';
import type { Disposable } from '../platform/disposable';
import { DisposableStack } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { Log } from '../platform/log';

const configurationFiles = '**/.sightglass.json';
const mostConfigurations = 200;
const skipped = '**/{node_modules,.git,dist,build}/**';

/** Tells the flag store about the window's folders and the configurations in them, now and as they come and go. */
export class FlagFolders implements Disposable {
  readonly #held = new DisposableStack();
  readonly #changed: Emitter<void>;
  readonly onDidChange: Event<void>;
  #running = Promise.resolve();
  #known = false;

  constructor(private readonly of: { readonly flags: FlagsControl; readonly log: Log }) {
    this.#changed = new Emitter((error) => of.log.error('A listener failed', error));
    this.onDidChange = this.#changed.event;
    const again = (): void => void this.look();
    this.#held.add(vscode.workspace.onDidChangeWorkspaceFolders(again));
    const watcher = this.#held.add(vscode.workspace.createFileSystemWatcher(configurationFiles));
    this.#held.add(watcher.onDidCreate(again));
    this.#held.add(watcher.onDidChange(again));
    this.#held.add(watcher.onDidDelete(again));
  }

  /** False until the folders were looked at once: an empty view then says so, not that nothing is connected. */
  get known(): boolean {
    return this.#known;
  }

  look(): Promise<void> {
    this.#running = this.#running.then(async () => {
      const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath);
      try {
        await this.of.flags.setFolders(folders, await this.#configurations());
      } catch (error) {
        this.of.log.error('The flags of the folders could not be read', error);
      }
      this.#known = true;
      this.#changed.fire();
    });
    return this.#running;
  }

  dispose(): void {
    this.#held.dispose();
    this.#changed.dispose();
  }

  /** Where files cannot be searched, the folders' own configurations still count: the store looks there itself. */
  async #configurations(): Promise<string[]> {
    try {
      const found = await vscode.workspace.findFiles(configurationFiles, skipped, mostConfigurations);
      return found.map(({ fsPath }) => fsPath);
    } catch (error) {
      this.of.log.warn(
        `Configurations below the folders were not searched: ${error instanceof Error ? error.message : ''}`,
      );
      return [];
    }
  }
}
