import * as vscode from 'vscode';
import * as z from 'zod';
import type { Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { Log } from '../platform/log';
import type { WorkspaceFacts } from '../view/input';
import type { CodeIndex } from './codeIndex';

type Detected = NonNullable<WorkspaceFacts['detected']>;

/** Names that flagd definition files go by. What is in them decides. */
const candidates = '**/*{flagd,flags}*.json';
const skipped = '**/{node_modules,.git,dist,build}/**';
const most = 20;
const largest = 5_000_000;

/** Enough of flagd's schema to tell such a file from any other JSON; the flag system reads the whole. */
const definitionSchema = z.object({
  flags: z.record(z.string(), z.looseObject({ state: z.string(), variants: z.looseObject({}) })),
});

/** Finds a flag file that could be connected, for the empty view. Nothing is read from it but what it is. */
export class FlagDetection implements Disposable {
  readonly #changed: Emitter<void>;
  readonly onDidChange: Event<void>;
  #files: readonly vscode.Uri[] = [];

  constructor(private readonly of: { readonly code: CodeIndex; readonly log: Log }) {
    this.#changed = new Emitter((error) => of.log.error('A listener failed', error));
    this.onDidChange = this.#changed.event;
  }

  get files(): readonly vscode.Uri[] {
    return this.#files;
  }

  get detected(): Detected | null {
    const [file] = this.#files;
    if (!file) return null;
    const sdks = this.of.code.roots.flatMap((root) => Object.entries(this.of.code.summary(root)?.sdks ?? {}));
    const [sdk] = sdks.sort(([, a], [, b]) => b - a)[0] ?? [null];
    return { sdk, file: vscode.workspace.asRelativePath(file), system: 'flagd' };
  }

  async look(): Promise<void> {
    try {
      const found = await vscode.workspace.findFiles(candidates, skipped, most);
      const known = await Promise.all(found.map(async (file) => ((await isDefinition(file)) ? file : undefined)));
      this.#files = known.filter((file) => file !== undefined).sort((a, b) => a.path.length - b.path.length);
    } catch (error) {
      this.of.log.warn(`Flag files were not searched: ${error instanceof Error ? error.message : ''}`);
    }
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

async function isDefinition(file: vscode.Uri): Promise<boolean> {
  try {
    if ((await vscode.workspace.fs.stat(file)).size > largest) return false;
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    return definitionSchema.safeParse(JSON.parse(text)).success;
  } catch {
    return false;
  }
}
