import * as vscode from 'vscode';
import type { Reference } from '../../model/reference';
import type { L10n } from '../../platform/l10n';
import { constantUse, type Use } from '../../view/authoring/constantUse';
import type { UsingFile } from '../../view/authoring/imports';
import { kindOf, nearness } from '../../view/authoring/nearFiles';
import { keyTables, nameFor, withEntry, type KeyTable } from '../../view/authoring/keyTables';
import { iconless, linkless, quoted } from '../../view/text';
import type { CodeIndex } from '../codeIndex';
import type { KeysAt } from '../language/keysAt';
import { workspacePlace } from '../workspacePlace';
import { applyPreviewed, type PreviewedEdit } from './previewed';

export interface ExtractOf {
  readonly keys: KeysAt;
  readonly code: CodeIndex;
  readonly l10n: L10n;
}

/** A folder's references are looked through for constants that hold keys; so many are asked for. */
const mostReferences = 50_000;
/** Files that hold tables, and files that use one: no more of them are opened. */
const mostFiles = 20;

interface PlacedTable extends KeyTable {
  readonly file: UsingFile;
  readonly document: vscode.TextDocument;
  /** Of the document, when its lines were taken. */
  readonly version: number;
}

/**
 * Puts the key at the cursor into a table of constants that the project has, and writes the constant where it stood;
 * shown before it is done. A constant that holds the key already is used as it is.
 */
export async function extractKey({ keys, code, l10n }: ExtractOf): Promise<void> {
  const { t } = l10n;
  const editor = vscode.window.activeTextEditor;
  const at = editor && keys.at(editor.document, editor.selection.active);
  const place = editor && workspacePlace(editor.document.uri);
  if (!editor || !place || at?.literal !== true || at.reference.key === null || at.reference.kind === 'definition') {
    tell(t('Put the cursor into the key of a flag where it is written at a call.'));
    return;
  }
  const { document } = editor;
  const { key } = at.reference;
  const version = document.version;
  const folders = await code.references(undefined, mostReferences);
  const files = folders.find(({ root }) => root === place.root)?.files ?? [];
  const own = files.filter(({ path }) => kindOf(path) === kindOf(place.path));
  const tables = await tablesOf(place.root, place.path, own);
  if (tables.length === 0) {
    tell(
      t('No table of constants was found in this language: at least two that hold keys of flags beside each other.'),
    );
    return;
  }
  const holding = tables.filter(({ entries }) => entries.some((entry) => entry.key === key));
  const table = await pickedTable(holding.length > 0 ? holding : tables, key, l10n);
  if (!table) return;
  const known = table.entries.find((entry) => entry.key === key);
  const { lines } = table.file;
  const name = known ? (lines[known.line] ?? '').slice(known.name.from, known.name.to) : nameFor(key, table, lines);
  if (
    !known &&
    table.entries.some((entry) => (lines[entry.line] ?? '').slice(entry.name.from, entry.name.to) === name)
  ) {
    tell(t('{0} has a constant {1} already, for another key.', quoted(table.file.path), quoted(name)));
    return;
  }
  const file = usingFile(document, place.path);
  const written = constantUse(file, table, name, await usesOf(place.root, table, own));
  if (!written) {
    tell(
      t(
        'How a constant of {0} is written here is not certain: use one of its constants in this file first, then extract again.',
        quoted(table.file.path),
      ),
    );
    return;
  }
  const edits: PreviewedEdit[] = [{ uri: document.uri, range: at.range, text: written.text }];
  if (!known) edits.push(...newEntry(table, name, key));
  if (written.imported) {
    const { behind, line } = written.imported;
    const where = new vscode.Range(behind + 1, 0, behind + 1, 0);
    edits.push({ uri: document.uri, range: where, text: `${line}\n` });
  }
  // Both texts are written by their lines.
  const isMoved = document.version !== version || table.document.version !== table.version;
  if (isMoved) tell(t('The text was changed meanwhile. Extract the key again.'));
  else await applyPreviewed(edits, t('Extract key {0}', quoted(key)), written.text);
}

function newEntry(table: PlacedTable, name: string, key: string): readonly PreviewedEdit[] {
  const line = table.entries.at(-1)?.line;
  const [own, made] = withEntry(table, table.file.lines, name, key);
  if (line === undefined || own === undefined || made === undefined) return [];
  const range = new vscode.Range(line, 0, line, (table.file.lines[line] ?? '').length);
  return [{ uri: table.document.uri, range, text: `${own}\n${made}` }];
}

/** Tables of a folder, the nearest to the file first, then the longest. */
async function tablesOf(
  root: string,
  path: string,
  files: readonly { readonly path: string; readonly references: readonly Reference[] }[],
): Promise<readonly PlacedTable[]> {
  const holding = files
    .map((file) => ({ path: file.path, definitions: file.references.filter(isConstant) }))
    .filter(({ definitions }) => definitions.length > 0)
    .sort((a, b) => nearness(b.path, path) - nearness(a.path, path) || b.definitions.length - a.definitions.length);
  const found: PlacedTable[] = [];
  for (const { path: of, definitions } of holding.slice(0, mostFiles)) {
    const document = await opened(root, of);
    if (!document) continue;
    const file = usingFile(document, of);
    for (const table of keyTables(file.lines, definitions, file.language))
      found.push({ ...table, file, document, version: document.version });
  }
  return found;
}

const isConstant = ({ kind, generated, certainty }: Reference): boolean =>
  kind === 'definition' && !generated && certainty === 'certain';

/** Where constants of a table are used, in other files too: how they are written there. */
async function usesOf(
  root: string,
  table: PlacedTable,
  files: readonly { readonly path: string; readonly references: readonly Reference[] }[],
): Promise<readonly Use[]> {
  const names = new Map(
    table.entries.map(({ line, name }) => [line + 1, (table.file.lines[line] ?? '').slice(name.from, name.to)]),
  );
  const uses: Use[] = [];
  let read = 0;
  for (const { path, references } of files) {
    const through = references.flatMap(({ kind, line, column, trace }) => {
      if (kind !== 'evaluation' && kind !== 'test') return [];
      const step = trace.find((one) => one.path === table.file.path && names.has(one.line));
      return step ? [{ line, column, name: names.get(step.line) ?? '' }] : [];
    });
    const document = through.length > 0 && read++ < mostFiles ? await opened(root, path) : undefined;
    const file = document && usingFile(document, path);
    if (file) uses.push(...through.map((use) => ({ file, ...use })));
  }
  return uses;
}

const usingFile = (document: vscode.TextDocument, path: string): UsingFile => ({
  path,
  lines: document.getText().split(/\r?\n/),
  language: document.languageId,
});

async function opened(root: string, path: string): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.joinPath(vscode.Uri.file(root), path));
  } catch {
    return undefined;
  }
}

async function pickedTable(tables: readonly PlacedTable[], key: string, { t }: L10n): Promise<PlacedTable | undefined> {
  if (tables.length === 1) return tables[0];
  const items = tables.map((table) => ({
    label: iconless(table.owner?.name ?? table.file.path.slice(table.file.path.lastIndexOf('/') + 1)),
    description: iconless(table.file.path),
    detail: t('{0} constants', String(table.entries.length)),
    table,
  }));
  return (
    await vscode.window.showQuickPick(items, { title: key, placeHolder: t('Into which table? The nearest first.') })
  )?.table;
}

function tell(words: string): void {
  void vscode.window.showWarningMessage(linkless(words));
}
