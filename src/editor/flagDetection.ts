import * as vscode from 'vscode';
import { detectFlagFiles, FLAG_FILE_EXCLUDES, FLAG_FILE_GLOBS, type DetectedFile } from '../flags/detect';
import { HINT_FILE_GLOBS, hintsIn, MAX_HINT_FILE_BYTES, type SystemHint } from '../flags/workspaceHints';
import type { Clock } from '../platform/clock';
import type { Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { Files } from '../platform/files';
import type { Log } from '../platform/log';
import type { WorkspaceFacts } from '../view/input';
import type { CodeIndex } from './codeIndex';

type Detected = NonNullable<WorkspaceFacts['detected']>;

/** A hint with the file that gave it, as the workspace names it; null for what the code imports. */
export interface FoundHint extends SystemHint {
  readonly file: string | null;
}

const most = 50;
const mostHintFiles = 100;
const patience = 10_000;

/** Finds what could be connected: flag files, and the flag systems that code and configuration speak of. */
export class FlagDetection implements Disposable {
  readonly #changed: Emitter<void>;
  readonly onDidChange: Event<void>;
  #files: readonly DetectedFile[] = [];
  #hints: readonly FoundHint[] = [];

  constructor(
    private readonly of: { readonly code: CodeIndex; readonly files: Files; readonly clock: Clock; readonly log: Log },
  ) {
    this.#changed = new Emitter((error) => of.log.error('A listener failed', error));
    this.onDidChange = this.#changed.event;
  }

  get files(): readonly DetectedFile[] {
    return this.#files;
  }

  /** Those with an address first; each system and address once. */
  get hints(): readonly FoundHint[] {
    const imported = this.#imports().flatMap((sdk): FoundHint[] => {
      const system = (['unleash', 'launchdarkly', 'growthbook', 'flipt'] as const).find((name) =>
        sdk.toLowerCase().includes(name),
      );
      return system ? [{ system, url: null, evidence: sdk, file: null }] : [];
    });
    const all = [...this.#hints.filter(({ url }) => url !== null), ...imported, ...this.#hints];
    return all.filter(
      ({ system, url }, at) =>
        all.findIndex((one) => one.system === system && (url === null || one.url === url)) === at,
    );
  }

  get detected(): Detected | null {
    const [file] = this.#files;
    const [sdk] = this.#imports();
    if (file)
      return { sdk: sdk ?? null, file: vscode.workspace.asRelativePath(file.path), system: file.type ?? 'flagd' };
    const [hint] = this.hints;
    if (!hint) return null;
    return { sdk: hint.file === null ? hint.evidence : (sdk ?? null), file: hint.file, system: hint.system };
  }

  async look(): Promise<void> {
    try {
      const found = await vscode.workspace.findFiles(`{${FLAG_FILE_GLOBS.join(',')}}`, FLAG_FILE_EXCLUDES, most);
      const paths = found.map(({ fsPath }) => fsPath);
      this.#files = await detectFlagFiles(paths, this.of, AbortSignal.timeout(patience));
      this.#hints = await this.#look();
    } catch (error) {
      this.of.log.warn(`Flag files were not searched: ${error instanceof Error ? error.message : ''}`);
    }
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  /** SDK packages that the code imports, those of most files first. */
  #imports(): string[] {
    const sdks = this.of.code.roots.flatMap((root) => Object.entries(this.of.code.summary(root)?.sdks ?? {}));
    return sdks.sort(([, a], [, b]) => b - a).map(([sdk]) => sdk);
  }

  /** Of each file only the hint is kept: `.env` files hold more than is ours to know. */
  async #look(): Promise<FoundHint[]> {
    const found = await vscode.workspace.findFiles(`{${HINT_FILE_GLOBS.join(',')}}`, FLAG_FILE_EXCLUDES, mostHintFiles);
    const hints = await Promise.all(
      found.map(async ({ fsPath }) => {
        try {
          const text = new TextDecoder().decode(await this.of.files.read(fsPath, MAX_HINT_FILE_BYTES));
          const file = vscode.workspace.asRelativePath(fsPath);
          return hintsIn(fsPath.replaceAll('\\', '/'), text).map((hint) => ({ ...hint, file }));
        } catch {
          // Gone, or too large to be written by a person.
          return [];
        }
      }),
    );
    return hints.flat();
  }
}
