import { keyToken, nameGiven, type KeyToken } from '../keyToken';

/** A constant that holds a key, on one line (0-based). */
export interface TableEntry {
  readonly line: number;
  readonly key: string;
  readonly name: KeyToken;
  readonly token: KeyToken;
}

/** Constants that hold keys of flags, one a line, beside each other. */
export interface KeyTable {
  readonly entries: readonly TableEntry[];
  /** What they are members of; null: they stand for themselves. */
  readonly owner: { readonly name: string; readonly isEnum: boolean; readonly isExported: boolean } | null;
}

const opening =
  /(?:\b(?:class|enum|object|module|struct|interface|trait)\s+(?:class\s+)?|\b(?:const|let|var|val|static|readonly)\s+)([\p{L}_$][\p{L}\p{N}_$]*)|^([\p{L}_][\p{L}\p{N}_]*)\s*=\s*[{(]?/u;

/** The tables among the definitions of a file: at least two constants at one depth with nothing less deep between them. */
export function keyTables(
  lines: readonly string[],
  definitions: readonly { readonly line: number; readonly column: number; readonly key: string | null }[],
  language: string,
): readonly KeyTable[] {
  const entries = definitions.flatMap(({ line, column, key }): TableEntry[] => {
    const text = lines[line - 1];
    if (text === undefined || key === null) return [];
    const token = keyToken(text, column - 1, key);
    const name = token?.literal === true ? nameGiven(text, token.from, language) : null;
    return token && name ? [{ line: line - 1, key, name, token }] : [];
  });
  const written = entries.flatMap((entry) => siblings(lines, entry, language));
  const unique = [...new Map([...written, ...entries].map((entry) => [entry.line, entry])).values()].sort(
    (a, b) => a.line - b.line,
  );
  const groups: TableEntry[][] = [];
  for (const entry of unique) {
    const group = groups.at(-1);
    const before = group?.at(-1);
    if (group && before && areBeside(lines, before.line, entry.line)) group.push(entry);
    else groups.push([entry]);
  }
  return groups.flatMap((group) => (group.length < 2 ? [] : [{ entries: group, owner: ownerOf(lines, group[0]) }]));
}

/** The finder tells of constants that something asks by; those beside them that are written alike are of the table too. */
function siblings(lines: readonly string[], entry: TableEntry, language: string): readonly TableEntry[] {
  const around = (text: string, { name, token }: Pick<TableEntry, 'name' | 'token'>): string =>
    `${text.slice(0, name.from)}\n${text.slice(name.to, token.from).replace(/\s+/g, ' ')}`;
  const form = around(lines[entry.line] ?? '', entry);
  const found: TableEntry[] = [];
  for (const step of [-1, 1])
    for (
      let line = entry.line + step;
      line >= 0 && line < lines.length && areBeside(lines, ...inOrder(line, entry.line));
      line += step
    ) {
      const text = lines[line] ?? '';
      const from = text.search(/["'`]/);
      const token = from < 0 ? null : keyToken(text, from, null);
      const name = token?.literal === true ? nameGiven(text, from, language) : null;
      if (!token || !name || around(text, { name, token }) !== form) continue;
      found.push({ line, key: text.slice(token.from, token.to).replace(/^["'`]+|["'`]+$/g, ''), name, token });
    }
  return found;
}

const inOrder = (a: number, b: number): [number, number] => (a < b ? [a, b] : [b, a]);

const depth = (line: string): number => /^\s*/.exec(line)?.[0].length ?? 0;

/** Whether nothing less deep stands between two lines; what is deeper belongs to the entry before it. */
function areBeside(lines: readonly string[], from: number, to: number): boolean {
  const own = Math.max(depth(lines[from] ?? ''), depth(lines[to] ?? ''));
  return lines.slice(from, to + 1).every((line) => line.trim() === '' || depth(line) >= own);
}

function ownerOf(lines: readonly string[], first: TableEntry | undefined): KeyTable['owner'] {
  if (!first) return null;
  const own = depth(lines[first.line] ?? '');
  for (let at = first.line - 1; at >= 0 && own > 0; at--) {
    const line = lines[at] ?? '';
    if (line.trim() === '' || depth(line) >= own || /^\s*[{(]\s*$/.test(line)) continue;
    const found = opening.exec(line.trim());
    const name = found?.[1] ?? found?.[2];
    if (name === undefined) return null;
    return { name, isEnum: /\benum\b/.test(line), isExported: /^\s*export\b/.test(line) };
  }
  return null;
}

/** What a table would call a key, as it calls its others: in their case, with the words that all of them begin or end with. */
export function nameFor(key: string, table: KeyTable, lines: readonly string[]): string {
  const named = table.entries.map((entry) => ({
    key: entry.key,
    name: (lines[entry.line] ?? '').slice(entry.name.from, entry.name.to),
  }));
  const style = styles.find(
    (one) => named.some(({ name }) => one.fits(name)) && named.every(({ name }) => one.fits(name)),
  );
  const { write } = style ?? upperSnake;
  const around = named.map(({ key: own, name }) => {
    const written = write(wordsOf(own));
    const at = name.indexOf(written);
    return at < 0 ? '\n' : `${name.slice(0, at)}\n${name.slice(at + written.length)}`;
  });
  const [first = '\n'] = around;
  const [prefix = '', suffix = ''] = around.every((one) => one === first) ? first.split('\n') : [];
  const made = `${prefix}${write(wordsOf(key))}${suffix}`;
  return /^\p{N}/u.test(made) ? `_${made}` : made;
}

const wordsOf = (key: string): string[] =>
  key
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

const upperSnake = {
  fits: (name: string) => /^[\p{Lu}\p{N}_]+$/u.test(name),
  write: (words: readonly string[]) => words.join('_').toUpperCase(),
};
const styles = [
  upperSnake,
  {
    fits: (name: string) => /^[\p{Ll}\p{N}_]+$/u.test(name) && name.includes('_'),
    write: (w: readonly string[]) => w.join('_'),
  },
  {
    fits: (name: string) => /^\p{Lu}[\p{L}\p{N}]*$/u.test(name),
    write: (w: readonly string[]) => w.map(capital).join(''),
  },
  {
    fits: (name: string) => /^\p{Ll}[\p{L}\p{N}]*$/u.test(name),
    write: (w: readonly string[]) => w.map((word, at) => (at === 0 ? word : capital(word))).join(''),
  },
];

/** Lines that a table's last entry becomes with one more behind it. Its line is the one of the last entry. */
export function withEntry(table: KeyTable, lines: readonly string[], name: string, key: string): readonly string[] {
  const last = table.entries.at(-1);
  const before = table.entries.at(-2);
  if (!last || !before) return [];
  const text = lines[last.line] ?? '';
  const code = (tail: string): string => tail.replace(/\s*(?:\/\/|#).*$/, '');
  const tail = text.slice(last.token.to);
  const separated = code((lines[before.line] ?? '').slice(before.token.to));
  const written = text.slice(last.token.from, last.token.to).replace(last.key, () => key);
  const made = `${text.slice(0, last.name.from)}${name}${text.slice(last.name.to, last.token.from)}${written}${code(tail)}`;
  const own =
    code(tail) === separated ? text : `${text.slice(0, last.token.to)}${separated}${tail.slice(code(tail).length)}`;
  return [own, made];
}
