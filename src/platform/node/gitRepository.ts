import { StringDecoder } from 'node:string_decoder';
import { gitOnPath } from './gitOnPath';
import { GitObjects } from './gitObjects';
import { HunkReader, rawChanges, treeOf, type Hunk, type RawChange, type TreeEntry } from './gitOutput';
import { gitEnvironment, GitError, runGit } from './gitProcess';

const mostText = 64 * 1024 * 1024;
/** A patch is read line by line and not kept. */
const mostPatch = 512 * 1024 * 1024;
const mostUntracked = 20_000;
const mostBranches = 2_000;

const common = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-relative', '--ignore-submodules=dirty'];
const raw = ['diff', '--raw', '-z', '--no-abbrev', ...common];

/** A change can mark any file as one without lines: all are taken as text. */
const patch = [
  ...['-p', '-U0', '--text', '--inter-hunk-context=0'],
  ...['--src-prefix=a/', '--dst-prefix=b/', '--submodule=short'],
];

const configuredFilters = '^filter\\..*\\.(clean|process)$';

const filtersOf = (names: string): string[] => [
  ...new Set(names.split('\0').flatMap((name) => /^(.+)\.(?:clean|process)\n?$/s.exec(name)?.[1] ?? [])),
];

/** What is compared with: a commit, the working tree with what is new in it, or what is staged. */
export type Head = { readonly kind: 'commit'; readonly id: string } | { readonly kind: 'worktree' | 'staged' };

/** `refs/heads/main`; `leadsTo`: what a remote's HEAD stands for. */
export interface Branch {
  readonly ref: string;
  readonly leadsTo: string | null;
  readonly isCurrent: boolean;
}

export interface Difference {
  readonly changes: readonly RawChange[];
  readonly hunks: ReadonlyMap<string, readonly Hunk[]> | null;
  readonly failed: string | null;
  /** There were too many files to look for renames with edits. */
  readonly withoutRenames: boolean;
  /** How many new files of the working tree are not among the changes. */
  readonly leftOut: number;
}

/** A repository of this machine, read through git; nothing of it is run, and nothing written. */
export class GitRepository {
  readonly objects: GitObjects;

  private constructor(
    private readonly git: string,
    private readonly environment: NodeJS.ProcessEnv,
    /** Absolute; the folder itself where there is no working tree. */
    readonly top: string,
    readonly isBare: boolean,
    private readonly signal: AbortSignal,
  ) {
    this.objects = new GitObjects(git, top);
  }

  /** The repository that a folder is in. Rejects with {@link GitError}. */
  static async at(folder: string, signal: AbortSignal): Promise<GitRepository> {
    const git = await gitOnPath();
    const run = { cwd: folder, signal, environment: gitEnvironment(), maxBytes: mostText };
    const ask = async (...args: string[]) => {
      const chunks: Buffer[] = [];
      const end = await runGit(git, args, { ...run, onData: (data) => void chunks.push(data) });
      return { ...end, out: Buffer.concat(chunks).toString('utf8').replace(/\n$/, '') };
    };
    const [bare, { out: named }, top] = await Promise.all([
      ask('rev-parse', '--is-bare-repository'),
      ask('config', '--null', '--name-only', '--get-regexp', configuredFilters),
      ask('rev-parse', '--show-toplevel'),
    ]);
    if (bare.code !== 0) throw noRepository(folder, bare.stderr);
    // Whatever reads the working tree, if only to know whether a file is another, runs them.
    const environment = gitEnvironment(filtersOf(named));
    if (bare.out === 'true') return new GitRepository(git, environment, folder, true, signal);
    if (top.code !== 0) throw noRepository(folder, top.stderr);
    return new GitRepository(git, environment, top.out, false, signal);
  }

  /** The full name of a commit; null: there is none of that name here. */
  async commit(revision: string): Promise<string | null> {
    const { code, out } = await this.#ask(
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${revision}^{commit}`,
    );
    return code === 0 && out.trim() !== '' ? out.trim() : null;
  }

  /** Where two histories parted; null: they never met, or what they met in is cut off. */
  async mergeBase(one: string, other: string): Promise<string | null> {
    const { code, out } = await this.#ask('merge-base', one, other);
    return code === 0 && out.trim() !== '' ? (out.trim().split('\n')[0] ?? null) : null;
  }

  /** The name of a tree without files, which git knows without having it. */
  async emptyTree(): Promise<string> {
    const { out } = await this.#told('hash-object', '-t', 'tree', '/dev/null');
    return out.trim();
  }

  /** Branches of this clone and of its remotes, those with the newest commits first. */
  async branches(): Promise<readonly Branch[]> {
    const format = '--format=%(refname)%00%(symref)%00%(HEAD)';
    const { out } = await this.#told(
      ...['for-each-ref', '--sort=-committerdate', `--count=${mostBranches}`, format],
      ...['refs/heads', 'refs/remotes'],
    );
    return out.split('\n').flatMap((line): Branch[] => {
      const [ref = '', leadsTo = '', head] = line.split('\0');
      return ref === '' ? [] : [{ ref, leadsTo: leadsTo === '' ? null : leadsTo, isCurrent: head === '*' }];
    });
  }

  async isShallow(): Promise<boolean> {
    return (await this.#ask('rev-parse', '--is-shallow-repository')).out.trim() === 'true';
  }

  /** The files of a commit or tree. */
  async tree(id: string): Promise<Map<string, TreeEntry>> {
    return treeOf((await this.#told('ls-tree', '-r', '-z', '--full-tree', id)).out);
  }

  /** What is staged, of files whose copies in the working tree are the same as far as their times and sizes tell. */
  async clean(): Promise<ReadonlyMap<string, string>> {
    if (this.isBare) return new Map();
    const listed = (await this.#told('ls-files', '-s', '-v', '-z')).out.split('\0');
    const { out } = await this.#told('diff-files', '--name-only', '-z', '--ignore-submodules=all');
    const dirty = new Set(out.split('\0'));
    const found = new Map<string, string>();
    for (const line of listed) {
      // H: neither left out of a sparse checkout nor taken to be unchanged whatever lies there.
      const [, id, path] = /^H 100\d+ ([0-9a-f]+) 0\t([^]*)$/.exec(line) ?? [];
      if (id !== undefined && path !== undefined && !dirty.has(path)) found.set(path, id);
    }
    return found;
  }

  /** Files of the working tree whose merge is not done. */
  async conflicts(): Promise<ReadonlySet<string>> {
    const { out } = await this.#told('ls-files', '-u', '-z', '--full-name');
    return new Set(out.split('\0').flatMap((line) => /^[^\t]*\t([^]+)$/.exec(line)?.[1] ?? []));
  }

  /**
   * What differs, renames found, and which lines. `hunks` is null where there was more to tell than is taken in;
   * `failed`: why renames or lines could not be told, as in a clone that lacks what the files hold.
   */
  async compare(base: string, head: Head): Promise<Difference> {
    const sides = sidesOf(base, head);
    const renames = ['-M50%', '-l2000'];
    const [found, untracked, lines] = await Promise.all([
      inTime(this.#ask(...raw, ...renames, ...sides, '--')),
      this.#untracked(head),
      this.#hunks(['diff', ...patch, ...common, ...renames, ...sides, '--']),
    ]);
    if (found instanceof GitError || found.code !== 0 || found.truncated) {
      const failed = found instanceof GitError ? found.message : found.stderr;
      return { ...bounded(await this.changes(base, head)), hunks: null, failed, withoutRenames: true };
    }
    const known = bounded([...rawChanges(found.out), ...untracked]);
    const withoutRenames = found.stderr.includes('rename detection was skipped');
    return {
      ...known,
      withoutRenames,
      ...lines,
    };
  }

  /** What differs, what was renamed as gone and new; what files hold is not needed for it. */
  async changes(base: string, head: Head): Promise<RawChange[]> {
    const { out } = await this.#told(...raw, '--no-renames', ...sidesOf(base, head), '--');
    return [...rawChanges(out), ...(await this.#untracked(head))];
  }

  dispose(): void {
    this.objects.dispose();
  }

  async #untracked(head: Head): Promise<RawChange[]> {
    if (head.kind !== 'worktree') return [];
    const { out } = await this.#told('ls-files', '--others', '--exclude-standard', '-z', '--full-name');
    const paths = out.split('\0').filter((path) => path !== '' && !path.endsWith('/'));
    return paths.map((path) => ({
      before: null,
      after: { path, entry: { kind: 'file', id: null } },
    }));
  }

  async #hunks(args: readonly string[]): Promise<Pick<Difference, 'hunks' | 'failed'>> {
    const reader = new HunkReader();
    const decoder = new StringDecoder('utf8');
    const read = (data: Buffer): void => reader.read(decoder.write(data));
    const end = await inTime(this.#run(args, mostPatch, read));
    // What differs is known all the same.
    if (end instanceof GitError) return { hunks: null, failed: end.message };
    if (end.truncated) return { hunks: null, failed: null };
    if (end.code !== 0) return { hunks: null, failed: end.stderr };
    reader.end();
    return { hunks: reader.hunks, failed: null };
  }

  async #told(...args: string[]): Promise<{ readonly out: string }> {
    const { code, out, stderr, truncated } = await this.#ask(...args);
    if (truncated) throw new GitError(`git ${args[0] ?? ''} told more of ${this.top} than can be taken in.`);
    if (code !== 0) throw new GitError(`git ${args[0] ?? ''} failed in ${this.top}: ${stderr}`);
    return { out };
  }

  async #ask(...args: string[]): Promise<{ code: number | null; out: string; stderr: string; truncated: boolean }> {
    const chunks: Buffer[] = [];
    const end = await this.#run(args, mostText, (data) => chunks.push(data));
    return { ...end, out: Buffer.concat(chunks).toString('utf8') };
  }

  #run(args: readonly string[], maxBytes: number, onData: (data: Buffer) => void) {
    const { top: cwd, signal, environment } = this;
    return runGit(this.git, args, { cwd, signal, environment, maxBytes, onData });
  }
}

const noRepository = (folder: string, why: string): GitError =>
  new GitError(`${folder} is in no working tree of git, so nothing can be compared: ${why}`, 'noRepository');

/** What git told, or why it did not within its time. */
const inTime = <T>(asked: Promise<T>): Promise<T | GitError> =>
  asked.catch((error: unknown) => {
    if (error instanceof GitError) return error;
    throw error;
  });

/** Whatever git keeps, and so many of what it does not. */
function bounded(all: readonly RawChange[]): Pick<Difference, 'changes' | 'leftOut'> {
  let untracked = 0;
  const changes = all.filter(
    ({ before, after }) => before !== null || after?.entry.id !== null || ++untracked <= mostUntracked,
  );
  return { changes, leftOut: all.length - changes.length };
}

const sidesOf = (base: string, head: Head): string[] => [
  ...(head.kind === 'staged' ? ['--cached'] : []),
  base,
  ...(head.kind === 'commit' ? [head.id] : []),
];
