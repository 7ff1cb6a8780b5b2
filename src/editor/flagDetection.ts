import * as vscode from 'vscode';
import { detectFlagFiles, FLAG_FILE_EXCLUDES, FLAG_FILE_GLOBS, type DetectedFile } from '../flags/detect';
import type { Clock } from '../platform/clock';
import type { Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { Files } from '../platform/files';
import type { Log } from '../platform/log';
import type { WorkspaceFacts } from '../view/input';
import type { CodeIndex } from './codeIndex';

type Detected = NonNullable<WorkspaceFacts['detected']>;

const most = 50;
const patience = 10_000;

/** Finds a flag file that could be connected, for the empty view. Nothing is read from it but what it is. */
export class FlagDetection implements Disposable {
  readonly #changed: Emitter<void>;
  readonly onDidChange: Event<void>;
  #files: readonly DetectedFile[] = [];

  constructor(
    private readonly of: { readonly code: CodeIndex; readonly files: Files; readonly clock: Clock; readonly log: Log },
  ) {
    this.#changed = new Emitter((error) => of.log.error('A listener failed', error));
    this.onDidChange = this.#changed.event;
  }

  get files(): readonly DetectedFile[] {
    return this.#files;
  }

  get detected(): Detected | null {
    const [file] = this.#files;
    if (!file) return null;
    const sdks = this.of.code.roots.flatMap((root) => Object.entries(this.of.code.summary(root)?.sdks ?? {}));
    const [sdk] = sdks.sort(([, a], [, b]) => b - a)[0] ?? [null];
    return { sdk, file: vscode.workspace.asRelativePath(file.path), system: 'flagd' };
  }

  async look(): Promise<void> {
    try {
      const found = await vscode.workspace.findFiles(`{${FLAG_FILE_GLOBS.join(',')}}`, FLAG_FILE_EXCLUDES, most);
      const paths = found.map(({ fsPath }) => fsPath);
      this.#files = await detectFlagFiles(paths, this.of, AbortSignal.timeout(patience));
    } catch (error) {
      this.of.log.warn(`Flag files were not searched: ${error instanceof Error ? error.message : ''}`);
    }
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
