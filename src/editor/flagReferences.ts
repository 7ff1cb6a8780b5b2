import * as vscode from 'vscode';
import type { Flags } from '../flags/api';
import { flagId, type FlagRef } from '../model/identity';
import type { Reference } from '../model/reference';
import type { Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { Log } from '../platform/log';
import type { ReferenceAt } from '../view/input';
import type { CodeIndex } from './codeIndex';

/** A flag with more references than this is listed so far. */
const most = 500;

interface Known {
  readonly references: readonly ReferenceAt[];
  stale: boolean;
}

/** References by flag, fetched when first looked at and again when the index moved. */
export class FlagReferences implements Disposable {
  readonly #known = new Map<string, Known>();
  readonly #fetching = new Set<string>();
  readonly #changed: Emitter<void>;
  readonly #listening: Disposable;
  readonly onDidChange: Event<void>;

  constructor(private readonly of: { readonly code: CodeIndex; readonly flags: Flags; readonly log: Log }) {
    this.#changed = new Emitter((error) => of.log.error('A listener failed', error));
    this.onDidChange = this.#changed.event;
    this.#listening = of.code.onDidChangeIndex(() => {
      for (const known of this.#known.values()) known.stale = true;
      this.#changed.fire();
    });
  }

  /** null = being fetched. */
  get(ref: FlagRef): readonly ReferenceAt[] | null {
    const id = flagId(ref);
    const known = this.#known.get(id);
    if ((!known || known.stale) && !this.#fetching.has(id)) void this.#fetch(ref, id);
    return known?.references ?? null;
  }

  dispose(): void {
    this.#listening.dispose();
    this.#changed.dispose();
  }

  async #fetch(ref: FlagRef, id: string): Promise<void> {
    this.#fetching.add(id);
    try {
      const folders = await this.of.code.references(ref.key, most);
      const references: ReferenceAt[] = [];
      for (const { root, files } of folders) {
        for (const file of files) {
          const uri = vscode.Uri.joinPath(vscode.Uri.file(root), file.path);
          const meant = this.of.flags.resolve(ref.key, uri.fsPath).some(({ flag }) => flagId(flag.ref) === id);
          if (!meant) continue;
          const lines = await linesOf(uri, file.references);
          for (const reference of file.references)
            if (reference.key === ref.key)
              references.push({ root, reference, code: lines.get(reference.line) ?? null });
        }
      }
      this.#known.set(id, { references, stale: false });
      this.#changed.fire();
    } catch (error) {
      this.of.log.warn(`References of a flag could not be fetched: ${error instanceof Error ? error.message : ''}`);
    } finally {
      this.#fetching.delete(id);
    }
  }
}

/** The referenced lines' text; of the open document where there is one. Nothing when the file cannot be read. */
async function linesOf(uri: vscode.Uri, references: readonly Reference[]): Promise<ReadonlyMap<number, string>> {
  try {
    const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    const text = open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const lines = text.split(/\r?\n/);
    return new Map(references.map(({ line }) => [line, (lines[line - 1] ?? '').trim().slice(0, 200)]));
  } catch {
    return new Map();
  }
}
