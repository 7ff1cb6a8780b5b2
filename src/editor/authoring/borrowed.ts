import * as vscode from 'vscode';
import { borrowedCalls, type BorrowedCall } from '../../view/authoring/borrowedCalls';
import type { UsingFile } from '../../view/authoring/imports';
import { kindOf, nearness } from '../../view/authoring/nearFiles';
import type { FlagLookup } from '../../view/input';
import type { CodeIndex } from '../codeIndex';
import { workspacePlace } from '../workspacePlace';

const mostReferences = 50_000;
/** The nearest files that ask for flags: no more of them are read, and none that is larger, in bytes. */
const mostFiles = 40;
const largestFile = 1024 * 1024;

/** How other files of the folder ask for flags, where a document could do the same; see {@link borrowedCalls}. */
export async function borrowedFor(
  code: CodeIndex,
  document: vscode.TextDocument,
  flags: FlagLookup,
): Promise<readonly BorrowedCall[]> {
  const place = workspacePlace(document.uri);
  if (!place) return [];
  const folders = await code.references(undefined, mostReferences);
  const near = (folders.find(({ root }) => root === place.root)?.files ?? [])
    .filter(({ path, references }) => kindOf(path) === kindOf(place.path) && references.some(isEvaluation))
    .sort((a, b) => nearness(b.path, place.path) - nearness(a.path, place.path))
    .slice(0, mostFiles);
  const read = near.map(async ({ path, references }) => {
    const lines = path === place.path ? null : await linesOf(vscode.Uri.joinPath(vscode.Uri.file(place.root), path));
    // Files of one kind are written alike: TypeScript imports what JavaScript exports.
    const file = { path, lines: lines ?? [], language: document.languageId };
    return lines === null ? [] : [{ file, references }];
  });
  const target: UsingFile = { path: place.path, lines: linesIn(document.getText()), language: document.languageId };
  return borrowedCalls(target, (await Promise.all(read)).flat(), (key) => flags.resolve(key)[0]?.type);
}

const isEvaluation = ({ kind, generated }: { readonly kind: string; readonly generated: boolean }): boolean =>
  kind === 'evaluation' && !generated;

const linesIn = (text: string): readonly string[] => text.split(/\r?\n/);

async function linesOf(uri: vscode.Uri): Promise<readonly string[] | null> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return linesIn(open.getText());
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > largestFile) return null;
    return linesIn(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
  } catch {
    return null;
  }
}
