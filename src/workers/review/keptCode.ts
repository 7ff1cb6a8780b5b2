import { stat } from 'node:fs/promises';
import type { FileFacts } from '../../model/reference';
import { nodeFiles } from '../../platform/node/files';
import type { RawChange } from '../../platform/node/gitOutput';
import { nodeHash } from '../../platform/node/hash';
import { nodePaths } from '../../platform/node/paths';
import type { CodeSide } from '../../review/input';
import type { ReviewedCode } from './reviewCode';

/** Raised whenever the records are others: what was kept of another format is not found. */
const format = 1;
const mostBytes = 128 * 1024 * 1024;
/** Each is a review of one change; the eldest go. */
const mostKept = 8;
const ours = /^code-[0-9a-f]{40}\.json$/;

/** All that the code of a review follows from. */
export interface CodeQuestion {
  /** The commit that the change is compared with; null: there is none. */
  readonly from: string | null;
  readonly changes: readonly RawChange[];
  readonly knownKeys: readonly string[];
  readonly exclude: readonly string[];
  readonly codePaths: boolean;
  /** Display language: what could not be read is said in it. */
  readonly locale: string;
}

/** The second side as what of it is not the same as the first. */
interface Kept {
  readonly before: readonly FileFacts[];
  readonly after: readonly (FileFacts | number)[];
  readonly written: readonly string[];
  readonly missing: ReviewedCode['missing'];
}

/** The code of a change as it was kept, or as it is read, which is then kept where all that it is of was there. */
export async function keptCode(of: {
  readonly storage: string;
  readonly question: CodeQuestion;
  readonly read: () => Promise<ReviewedCode>;
  /** Asked when it was read. */
  readonly isSound: () => boolean;
}): Promise<ReviewedCode> {
  // A build of ours is told by its file.
  const build = await stat(__filename).catch(() => null);
  const kept = build && new KeptCode(of.storage, `${String(build.size)} ${String(build.mtimeMs)}`);
  const key = kept?.keyOf(of.question) ?? null;
  if (!kept || key === null) return of.read();
  const known = await kept.read(key);
  if (known) return known;
  const code = await of.read();
  if (of.isSound()) await kept.write(key, code);
  return code;
}

/**
 * What the finder knew of the code of a change, kept in a folder for when it is reviewed again: as it is named by git's
 * names of contents, nothing of it can be another. A change of which a part lies on disk alone has no such name.
 */
export class KeptCode {
  constructor(
    private readonly storage: string,
    /** What tells one build of ours from another: each may find more than the last. */
    private readonly build: string,
  ) {}

  /** The name to keep an answer under; null: what is asked has none. */
  keyOf({ from, changes, knownKeys, exclude, codePaths, locale }: CodeQuestion): string | null {
    if (from === null) return null;
    if (changes.some(({ after }) => after?.entry.kind === 'file' && after.entry.id === null)) return null;
    const asked = [format, this.build, from, changes, knownKeys, exclude, codePaths, locale];
    return nodeHash.sha256(JSON.stringify(asked)).slice(0, 40);
  }

  /** null where there is none that can be trusted. */
  async read(key: string): Promise<ReviewedCode | null> {
    try {
      const text = new TextDecoder().decode(await nodeFiles.read(this.#pathOf(key), mostBytes));
      const end = text.indexOf('\n');
      const body = text.slice(end + 1);
      if (text.slice(0, end) !== nodeHash.sha256(body)) return null;
      const { before, after, written, missing } = JSON.parse(body) as Kept;
      const files = after.flatMap((file) => (typeof file === 'number' ? (before[file] ?? []) : file));
      return { before: { files: before }, after: { files }, written: new Set(written), missing, isWhole: true };
    } catch {
      return null;
    }
  }

  /** Keeps what was read whole. What cannot be kept costs the next time only. */
  async write(key: string, { before, after, written, missing, isWhole }: ReviewedCode): Promise<void> {
    if (!isWhole || written === null) return;
    const at = new Map(before.files.map((file, index) => [JSON.stringify(file), index]));
    const kept = {
      before: before.files,
      after: after.files.map((file): CodeSide['files'][number] | number => at.get(JSON.stringify(file)) ?? file),
      written: [...written],
      missing,
    };
    const body = JSON.stringify(kept);
    if (body.length > mostBytes) return;
    try {
      await nodeFiles.makeFolder(this.storage, 0o700);
      const data = new TextEncoder().encode(`${nodeHash.sha256(body)}\n${body}`);
      await nodeFiles.writeAtomic(this.#pathOf(key), data, 0o600, false);
      await this.#letGo();
    } catch {
      // The folder cannot be written: nothing is kept.
    }
  }

  async #letGo(): Promise<void> {
    const names = (await nodeFiles.list(this.storage)).flatMap(({ name }) => (ours.test(name) ? name : []));
    if (names.length <= mostKept) return;
    const paths = names.map((name) => nodePaths.join(this.storage, name));
    const times = await Promise.all(paths.map(async (path) => (await nodeFiles.stat(path))?.modified ?? 0));
    const byAge = paths.map((path, index) => ({ path, at: times[index] ?? 0 })).sort((a, b) => b.at - a.at);
    for (const { path } of byAge.slice(mostKept)) await nodeFiles.remove(path).catch(() => undefined);
  }

  #pathOf(key: string): string {
    return nodePaths.join(this.storage, `code-${key}.json`);
  }
}
