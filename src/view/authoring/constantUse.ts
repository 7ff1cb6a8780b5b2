import { keyToken } from '../keyToken';
import {
  byFolder,
  ecmascript,
  folderOf,
  importPlace,
  isRequiring,
  importOf,
  lastImport,
  moduleBetween,
  samePackage,
  type Imported,
  type UsingFile,
} from './imports';
import type { KeyTable } from './keyTables';

/** A place where a constant of the table is used: the line is 1-based, the column too. */
export interface Use {
  readonly file: UsingFile;
  readonly line: number;
  readonly column: number;
  readonly name: string;
}

export interface Written {
  /** What stands for the constant. */
  readonly text: string;
  /** The line that is needed for it. */
  readonly imported: Imported | null;
}

/** What stands for a constant of a table in a file, where that is certain. Null: it is not. */
export function constantUse(
  file: UsingFile,
  table: KeyTable & { readonly file: UsingFile },
  name: string,
  uses: readonly Use[],
): Written | null {
  const here = formOf(
    uses.filter((use) => use.file.path === file.path),
    name,
  );
  if (here !== null) return { text: here.text, imported: null };
  const there = formOf(
    uses.filter((use) => use.file.path !== table.file.path),
    name,
  );
  const { owner } = table;
  // A constant of an enum may have to be asked for its key.
  if (!there && owner?.isEnum === true && !ecmascript.test(file.language)) return null;
  const plain = owner ? `${owner.name}${joint(file.language)}${name}` : name;
  const text = there?.text ?? plain;
  if (file.path === table.file.path) return { text: formOf(uses, name)?.text ?? plain, imported: null };
  const head = /^[\p{L}_$][\p{L}\p{N}_$]*/u.exec(text)?.[0] ?? '';
  if (ecmascript.test(file.language)) return ofModule(file, table, plain, owner?.name ?? name);
  const isBeside = folderOf(file.path) === folderOf(table.file.path);
  if (byFolder.test(file.language) && isBeside && samePackage(file, table.file)) return { text: plain, imported: null };
  if (!there || !/^(?:python|java|kotlin|php|csharp)$/.test(file.language)) return null;
  const line = importOf(there.file, head);
  const isRelative = line !== null && /^from\s+\./.test(line);
  if (line === null || (isRelative && folderOf(there.file.path) !== folderOf(file.path))) return null;
  return { text, imported: file.lines.includes(line) ? null : { behind: importPlace(file), line } };
}

const joint = (language: string): string => (/^(?:php|ruby|rust)$/.test(language) ? '::' : '.');

/** The constant as the code writes another one of the table. */
function formOf(uses: readonly Use[], name: string): { readonly text: string; readonly file: UsingFile } | null {
  for (const { file, line, column, name: used } of uses) {
    const text = file.lines[line - 1] ?? '';
    const token = keyToken(text, column - 1, null);
    if (!token || token.literal) continue;
    const called = text.slice(token.to, token.to + 2) === '()' ? '()' : '';
    const parts = text.slice(token.from, token.to).split(/(\.|::|->)/);
    const at = parts.lastIndexOf(used);
    if (at < 0 || (called !== '' && at === parts.length - 1)) continue;
    return { text: `${parts.map((part, i) => (i === at ? name : part)).join('')}${called}`, file };
  }
  return null;
}

function ofModule(
  file: UsingFile,
  table: KeyTable & { readonly file: UsingFile },
  text: string,
  head: string,
): Written | null {
  const { owner, entries } = table;
  const isExported = owner?.isExported ?? entries.every(({ line }) => /^export\b/.test(table.file.lines[line] ?? ''));
  const behind = lastImport(file);
  if (!isExported || isRequiring(file)) return null;
  if (file.lines.some((line) => new RegExp(`^import\\b.*[{,\\s]${head.replaceAll('$', '\\$')}[\\s,}]`).test(line)))
    return { text, imported: null };
  const last = file.lines[behind] ?? `import '';`;
  const quote = last.includes('"') ? '"' : "'";
  const relative = file.lines.filter((line) => /^import\b.*from\s+["']\.{1,2}\//.test(line));
  const ending =
    relative.map((line) => /\.(?:[cm]?[jt]sx?)(?=["'])/.exec(line)?.[0]).find((one) => one !== undefined) ?? '';
  const module = `${moduleBetween(file.path, table.file.path).replace(/\.[cm]?[jt]sx?$/, '')}${ending}`;
  const end = /;\s*$/.test(last) ? ';' : '';
  return {
    text,
    imported: { behind: importPlace(file), line: `import { ${head} } from ${quote}${module}${quote}${end}` },
  };
}
