import * as vscode from 'vscode';
import type { Flags } from '../../flags/api';
import type { FlagSnapshot } from '../../model/flag';
import { flagId, type FlagRef } from '../../model/identity';
import { lastKnown } from '../../model/answer';
import { flagDocumentUri } from './flagDocuments';

/** A key in a flag file. */
export interface FlagInFile {
  readonly ref: FlagRef;
  readonly range: vscode.Range;
}

/** A flag file may be one line. */
const mostInLine = 2_000;

interface Line {
  readonly ref: FlagRef;
  /** 0-based. */
  readonly line: number;
}

/** Where flags are defined: in files, else in a document of what their system says of them. */
export class FlagPlaces {
  #built: { readonly by: readonly unknown[]; readonly lines: ReadonlyMap<string, readonly Line[]> } | undefined;

  constructor(private readonly flags: Flags) {}

  /** Each place once: several environments may read one file. Lines 0-based. */
  of(flag: FlagSnapshot): readonly { readonly uri: vscode.Uri; readonly range: vscode.Range }[] {
    const places = new Map<string, { uri: vscode.Uri; range: vscode.Range }>();
    for (const { location } of flag.states) {
      if (!location) continue;
      const range = new vscode.Range(location.line - 1, 0, location.endLine - 1, Number.MAX_SAFE_INTEGER);
      places.set(`${location.path}:${String(location.line)}`, { uri: vscode.Uri.file(location.path), range });
    }
    const inFiles = [...places.values()];
    return inFiles.length > 0
      ? inFiles
      : [{ uri: flagDocumentUri(flag.ref), range: new vscode.Range(0, 0, 0, flag.ref.key.length) }];
  }

  /** Whether flags are defined in this document. */
  isFlagFile({ uri }: vscode.TextDocument): boolean {
    return uri.scheme === 'file' && this.#lines().has(uri.fsPath);
  }

  /** The flag whose key stands at a position of a flag file. */
  at(document: vscode.TextDocument, position: vscode.Position): FlagInFile | undefined {
    return this.inFile(document, mostInLine, position.line).find(({ range }) => range.contains(position));
  }

  /** Keys of a flag file, at most so many, where their lines are what they were when the file was read. */
  inFile(document: vscode.TextDocument, most: number, only?: number): readonly FlagInFile[] {
    if (document.uri.scheme !== 'file') return [];
    const lines = this.#lines().get(document.uri.fsPath) ?? [];
    return lines
      .filter(({ line }) => line < document.lineCount && (only === undefined || line === only))
      .slice(0, most)
      .flatMap(({ ref, line }) => {
        const { text } = document.lineAt(line);
        // A short key may be part of what stands before it, its quotes hardly.
        const quoted = text.indexOf(JSON.stringify(ref.key));
        const at = quoted < 0 ? text.indexOf(ref.key) : quoted + 1;
        return at < 0 ? [] : [{ ref, range: new vscode.Range(line, at, line, at + ref.key.length) }];
      });
  }

  #lines(): ReadonlyMap<string, readonly Line[]> {
    const projects = this.flags.projects();
    const by = projects.map(({ answer }) => answer);
    const built = this.#built;
    if (built?.by.length === by.length && built.by.every((answer, at) => answer === by[at])) return built.lines;
    const lines = new Map<string, Map<string, Line>>();
    for (const flag of projects.flatMap(({ answer }) => lastKnown(answer)?.value.flags ?? [])) {
      for (const { location } of flag.states) {
        if (!location) continue;
        const ofFile = lines.get(location.path) ?? new Map<string, Line>();
        lines.set(location.path, ofFile);
        ofFile.set(`${flagId(flag.ref)}:${String(location.line)}`, { ref: flag.ref, line: location.line - 1 });
      }
    }
    const made = new Map([...lines].map(([path, ofFile]) => [path, [...ofFile.values()]] as const));
    this.#built = { by, lines: made };
    return made;
  }
}
