import * as vscode from 'vscode';
import type { Reference } from '../../model/reference';
import { keyToken, type KeyToken } from '../../view/keyToken';
import type { CodeIndex } from '../codeIndex';

/** A token that names a flag in a document, where it stands now. */
export interface KeyAt {
  readonly reference: Reference;
  readonly range: vscode.Range;
  /** The key is written there, not a name that stands for it. */
  readonly literal: boolean;
}

/**
 * Languages in which VS Code itself follows names: what a name that stands for a key is, where else it is used and what it
 * may be called are its answers there, and ours are about keys alone.
 */
const namesFollowed: ReadonlySet<string> = new Set(['typescript', 'typescriptreact', 'javascript', 'javascriptreact']);

export function followsNames({ languageId }: vscode.TextDocument): boolean {
  return namesFollowed.has(languageId);
}

/** Tokens that name flags in a document, out of the facts that are held of it: nothing is read and nobody is asked. */
export class KeysAt {
  constructor(private readonly code: CodeIndex) {}

  /** The token at a position; undefined where it names no flag. */
  at(document: vscode.TextDocument, position: vscode.Position): KeyAt | undefined {
    for (const reference of this.#references(document)) {
      const key = this.#where(document, reference, position.line);
      if (key?.range.contains(position) === true) return key;
    }
    return undefined;
  }

  /** All tokens, as long as their text stands. */
  all(document: vscode.TextDocument): readonly KeyAt[] {
    return this.#references(document).flatMap((reference) => this.#where(document, reference) ?? []);
  }

  /** What runs only for some value of a flag around a position, the innermost first. */
  around(document: vscode.TextDocument, position: vscode.Position): readonly KeyAt[] {
    const found = this.#references(document).flatMap((reference) =>
      reference.regions.flatMap((region) => {
        const start = this.code.now(document, { line: region.startLine - 1, character: region.startColumn - 1 });
        const end = this.code.now(document, { line: region.endLine - 1, character: region.endColumn - 1 });
        const key = start && end && this.#where(document, reference);
        if (!key) return [];
        const range = new vscode.Range(start.line, start.character, end.line, end.character);
        return range.contains(position) ? [{ key, range }] : [];
      }),
    );
    found.sort((a, b) => b.range.start.compareTo(a.range.start) || a.range.end.compareTo(b.range.end));
    return [...new Set(found.map(({ key }) => key))];
  }

  #references(document: vscode.TextDocument): readonly Reference[] {
    return this.code.facts(document)?.references ?? [];
  }

  #where(document: vscode.TextDocument, reference: Reference, line?: number): KeyAt | undefined {
    const start = this.code.now(document, { line: reference.line - 1, character: reference.column - 1 });
    if (!start || (line !== undefined && start.line !== line) || start.line >= document.lineCount) return undefined;
    const token: KeyToken | null = keyToken(document.lineAt(start.line).text, start.character, reference.key);
    if (!token) return undefined;
    return {
      reference,
      range: new vscode.Range(start.line, token.from, start.line, token.to),
      literal: token.literal,
    };
  }
}
