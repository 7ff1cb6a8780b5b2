/** An entry of a tree: `file` as bytes, a `link`, or another repository's commit. */
export type EntryKind = 'file' | 'link' | 'submodule';

export interface TreeEntry {
  readonly kind: EntryKind;
  /** Name of the object; null: it is what lies on disk. */
  readonly id: string | null;
}

export interface RawChange {
  /** Null where it was not, or is no more. */
  readonly before: { readonly path: string; readonly entry: TreeEntry } | null;
  readonly after: { readonly path: string; readonly entry: TreeEntry } | null;
}

/** Lines that were replaced: `count` lines from `start` on (1-based); where there are none, they came behind `start`. */
export interface Hunk {
  readonly before: { readonly start: number; readonly count: number };
  readonly after: { readonly start: number; readonly count: number };
}

/** `git ls-tree -r -z`, and `git ls-files -s -z` in its form. */
export function treeOf(text: string): Map<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>();
  for (const line of text.split('\0')) {
    const [, mode, id, path] = /^(\d+) \w+ ([0-9a-f]+)\t([^]*)$/.exec(line) ?? [];
    const kind = mode === undefined ? null : kindOf(mode);
    if (kind !== null && id !== undefined && path !== undefined) entries.set(path, { kind, id });
  }
  return entries;
}

/** `git diff --raw -z --no-abbrev`. What git calls a type change is both gone and new in one place. */
export function rawChanges(text: string): RawChange[] {
  const fields = text.split('\0');
  const changes = new Map<string, RawChange>();
  for (let at = 0; at < fields.length; at++) {
    const meta = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])\d*$/.exec(fields[at] ?? '');
    if (!meta) continue;
    const [, modeBefore = '', modeAfter = '', idBefore = '', idAfter = '', status = ''] = meta;
    const first = fields[++at] ?? '';
    const second = status === 'R' || status === 'C' ? (fields[++at] ?? first) : first;
    const before = status === 'C' ? null : entryOf(modeBefore, idBefore);
    const after = entryOf(modeAfter, idAfter);
    // A file in conflict is told of twice: that it is, and what lies on disk.
    const earlier = changes.get(second);
    changes.set(second, {
      before: before ? { path: first, entry: before } : (earlier?.before ?? null),
      after: after ? { path: second, entry: after } : (earlier?.after ?? null),
    });
  }
  return [...changes.values()];
}

function entryOf(mode: string, id: string): TreeEntry | null {
  const kind = kindOf(mode);
  return kind && { kind, id: /^0+$/.test(id) ? null : id };
}

function kindOf(mode: string): EntryKind | null {
  if (mode === '160000') return 'submodule';
  if (mode === '120000') return 'link';
  return mode.startsWith('100') ? 'file' : null;
}

const header = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Of a line so much is kept: no header is longer, and a file without line feeds is one line. */
const longestLine = 65_536;

/**
 * Reads `git diff -U0 --src-prefix=a/ --dst-prefix=b/` in pieces as they come: hunks by the path of what they are in afterwards, of
 * what was removed by the path it had. Lines of a hunk are counted, so that none passes for a header.
 */
export class HunkReader {
  readonly hunks = new Map<string, Hunk[]>();
  #rest = 0;
  #before: string | null = null;
  #path: string | null = null;
  #open = '';

  read(piece: string): void {
    const lines = (this.#open + piece).split('\n');
    this.#open = (lines.pop() ?? '').slice(0, longestLine);
    for (const line of lines) this.#line(line);
  }

  /** What came behind the last line feed is a line too. */
  end(): void {
    this.#line(this.#open);
    this.#open = '';
  }

  #line(line: string): void {
    if (this.#rest > 0) {
      if (!line.startsWith('\\')) this.#rest--;
      return;
    }
    if (line.startsWith('diff --git ')) [this.#before, this.#path] = [null, null];
    else if (line.startsWith('--- ')) this.#before = pathOf(line.slice(4), 'a/');
    else if (line.startsWith('+++ ')) this.#path = pathOf(line.slice(4), 'b/') ?? this.#before;
    else this.#hunk(header.exec(line));
  }

  #hunk(match: RegExpExecArray | null): void {
    if (!match || this.#path === null) return;
    const [, start = '0', count = '1', newStart = '0', newCount = '1'] = match;
    const hunk = {
      before: { start: Number(start), count: Number(count) },
      after: { start: Number(newStart), count: Number(newCount) },
    };
    this.#rest = hunk.before.count + hunk.after.count;
    const known = this.hunks.get(this.#path);
    if (known) known.push(hunk);
    else this.hunks.set(this.#path, [hunk]);
  }
}

/** A name as a patch writes it: quoted where it has signs that C would escape, with a tab behind where it has spaces. */
function pathOf(written: string, prefix: string): string | null {
  if (written === '/dev/null') return null;
  const name = written.startsWith('"') ? unquoted(written) : written.replace(/\t$/, '');
  return name.startsWith(prefix) ? name.slice(prefix.length) : null;
}

const escapes: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

function unquoted(written: string): string {
  const end = written.lastIndexOf('"');
  const bytes: Buffer[] = [];
  const inner = written.slice(1, end);
  const part = /\\([0-7]{3}|[abtnvfr"\\])|[^\\]+/g;
  for (const [whole, escape] of inner.matchAll(part)) {
    if (escape === undefined) bytes.push(Buffer.from(whole, 'utf8'));
    else bytes.push(Buffer.from([escapes[escape] ?? parseInt(escape, 8)]));
  }
  return Buffer.concat(bytes).toString('utf8');
}
