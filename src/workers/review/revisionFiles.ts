import { FileError, type Files, type FileStat } from '../../platform/files';
import { nodeFiles } from '../../platform/node/files';
import type { GitObjects } from '../../platform/node/gitObjects';
import { nodePaths } from '../../platform/node/paths';
import { recentFiles } from '../../platform/node/recentFiles';
import type { RevisionTree } from './revisionTree';
import type { TreeEntry } from '../../platform/node/gitOutput';

/** What was read of git is kept up to so much. */
const mostKept = 128 * 1024 * 1024;

const foldersOf = new WeakMap<RevisionTree, Set<string>>();

export interface RevisionSource {
  /** Absolute folder that the tree's paths are in. */
  readonly top: string;
  readonly objects: Pick<GitObjects, 'read' | 'size'>;
  /** Object by path, of files whose copies on disk are the same: they are read there. */
  readonly onDisk: ReadonlyMap<string, string>;
  /** Told of a file that should be there and cannot be had. */
  readonly unread: (path: string) => void;
}

/**
 * The files of a repository as they were, or will be, at a revision, under the paths they have in the working tree;
 * nothing is checked out. What lies outside of the repository is what it is. Nothing can be written.
 */
export class RevisionFiles {
  /** Which revision is read. */
  tree: RevisionTree;
  readonly #source: RevisionSource;
  readonly #kept = new Map<string, Uint8Array>();
  #keptBytes = 0;

  constructor(source: RevisionSource, tree: RevisionTree) {
    this.#source = source;
    this.tree = tree;
  }

  readonly files: Files = {
    stat: async (path) => this.#stat(path),
    read: async (path, maxBytes) => (await this.#read(path, maxBytes)).data,
    readWithStat: (path, maxBytes) => this.#read(path, maxBytes),
    list: (path) => (this.#inside(path) === null ? nodeFiles.list(path) : Promise.resolve(this.#list(path))),
    realpath: (path) => (this.#inside(path) === null ? nodeFiles.realpath(path) : Promise.resolve(path)),
    makeFolder: refused,
    writeAtomic: refused,
    replaceIf: refused,
    writeInPlace: refused,
    append: refused,
    remove: refused,
    rename: refused,
    withLock: refused,
    watch: () => ({ dispose: () => undefined }),
  };

  /** Whether a file can be read on disk instead. */
  isOnDisk(path: string): boolean {
    const entry = this.tree.get(path);
    return entry?.kind === 'file' && (entry.id === null || this.#source.onDisk.get(path) === entry.id);
  }

  /** What is told of a file as its time, where it is an object. */
  stampOf(path: string): Partial<Pick<FileStat, 'modified'>> {
    const id = this.tree.get(path)?.id ?? null;
    return id === null ? {} : { modified: statOf(id, 0).modified };
  }

  absolute(path: string): string {
    return nodePaths.join(this.#source.top, ...path.split('/'));
  }

  /** Content of a file of the tree; null: it is none, larger, or cannot be had. */
  async content(path: string, maxBytes: number): Promise<Uint8Array | null> {
    return this.files.read(this.absolute(path), maxBytes).catch(() => null);
  }

  #inside(path: string): string | null {
    const { top } = this.#source;
    if (path === top) return '';
    if (!nodePaths.isInside(top, path)) return null;
    return nodePaths.relative(top, path).split(nodePaths.separator).join('/');
  }

  async #stat(path: string): Promise<FileStat | undefined> {
    const inside = this.#inside(path);
    if (inside === null) return nodeFiles.stat(path);
    const entry = this.tree.get(inside);
    if (!entry)
      return this.#folders().has(inside) ? { kind: 'directory', size: 0, modified: 0, mode: 0o755 } : undefined;
    if (entry.kind !== 'file') return { kind: 'other', size: 0, modified: 0, mode: 0o644 };
    if (entry.id === null) return nodeFiles.stat(path);
    const size = this.#kept.get(entry.id)?.byteLength ?? (await this.#sizeOf(entry.id));
    if (size === null) {
      this.#source.unread(inside);
      return undefined;
    }
    return statOf(entry.id, size);
  }

  async #read(path: string, maxBytes: number): Promise<{ readonly data: Uint8Array; readonly stat: FileStat }> {
    const inside = this.#inside(path);
    const entry = inside === null ? undefined : this.tree.get(inside);
    if (inside === null || (entry?.kind === 'file' && entry.id === null))
      return recentFiles.readWithStat(path, maxBytes);
    if (entry?.kind !== 'file' || entry.id === null)
      throw new FileError('notFound', path, `${path} does not exist there`);
    const data = await this.#object(path, inside, { ...entry, id: entry.id }, maxBytes);
    return { data, stat: statOf(entry.id, data.byteLength) };
  }

  async #object(
    path: string,
    inside: string,
    { id }: TreeEntry & { id: string },
    maxBytes: number,
  ): Promise<Uint8Array> {
    const kept = this.#kept.get(id);
    if (kept && kept.byteLength <= maxBytes) return kept;
    if (this.#source.onDisk.get(inside) === id) return (await recentFiles.readWithStat(path, maxBytes)).data;
    const data = await this.#source.objects.read(id, maxBytes).catch(() => null);
    if (!data) {
      const size = await this.#sizeOf(id);
      if (size !== null) throw new FileError('tooLarge', path, `${path} has ${size} bytes there`);
      this.#source.unread(inside);
      throw new FileError('notFound', path, `${path} is not in this clone`);
    }
    if (this.#keptBytes + data.byteLength <= mostKept) {
      this.#kept.set(id, data);
      this.#keptBytes += data.byteLength;
    }
    return data;
  }

  /** null: this clone does not have it, or git cannot be asked any more. */
  #sizeOf(id: string): Promise<number | null> {
    return this.#source.objects.size(id).catch(() => null);
  }

  #folders(): ReadonlySet<string> {
    let known = foldersOf.get(this.tree);
    if (!known) {
      known = new Set(['']);
      for (const path of this.tree.keys())
        for (
          let end = path.lastIndexOf('/');
          end > 0 && !known.has(path.slice(0, end));
          end = path.lastIndexOf('/', end - 1)
        )
          known.add(path.slice(0, end));
      foldersOf.set(this.tree, known);
    }
    return known;
  }

  #list(path: string): { readonly name: string; readonly kind: FileStat['kind'] }[] {
    const inside = this.#inside(path) ?? '';
    const prefix = inside === '' ? '' : `${inside}/`;
    const found = new Map<string, FileStat['kind']>();
    for (const [file, { kind }] of this.tree) {
      if (!file.startsWith(prefix)) continue;
      const [name = '', ...rest] = file.slice(prefix.length).split('/');
      if (name !== '') found.set(name, rest.length > 0 ? 'directory' : kind === 'file' ? 'file' : 'other');
    }
    return [...found].map(([name, kind]) => ({ name, kind }));
  }
}

/** Whoever compares times and sizes sees one that is another exactly where the object is. */
const statOf = (id: string, size: number): FileStat => ({
  kind: 'file',
  size,
  modified: Number.parseInt(id.slice(0, 12), 16),
  mode: 0o644,
});

const refused = (path: string): Promise<never> =>
  Promise.reject(new FileError('denied', path, `${path} is read only here`));
