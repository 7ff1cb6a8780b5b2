import * as z from 'zod';
import type { Files, Paths } from '../platform/files';
import type { Hash } from '../platform/hash';
import type { SourceFile } from './readSource';

/** Raised whenever the extractor or its records change: an index of another format is no index. */
const format = 1;
const mostBytes = 256 * 1024 * 1024;

/** The first line vouches for the rest: what was not written whole, or not by us, is not read. */
const headerSchema = z.object({ format: z.literal(format), root: z.string(), sha256: z.string() });

/** Keeps the summaries of a root between sessions, one file a root, in the folder it is given. */
export class PersistedIndex {
  readonly #path: string;

  constructor(
    storage: string,
    private readonly root: string,
    private readonly tools: { readonly files: Files; readonly paths: Paths; readonly hash: Hash },
  ) {
    this.#path = tools.paths.join(storage, `finder-${tools.hash.sha256(root).slice(0, 24)}.jsonl`);
  }

  /** Empty when there is none that can be trusted. */
  async read(): Promise<Map<string, SourceFile>> {
    const none = new Map<string, SourceFile>();
    try {
      const text = new TextDecoder().decode(await this.tools.files.read(this.#path, mostBytes));
      const end = text.indexOf('\n');
      const header = headerSchema.safeParse(JSON.parse(text.slice(0, end))).data;
      const body = text.slice(end + 1);
      if (header?.root !== this.root || header.sha256 !== this.tools.hash.sha256(body)) return none;
      return new Map(JSON.parse(body) as [string, SourceFile][]);
    } catch {
      return none;
    }
  }

  /** Rejects when the folder cannot be written; the index then stays in memory only. */
  async write(sources: ReadonlyMap<string, SourceFile>): Promise<void> {
    const body = JSON.stringify([...sources]);
    if (body.length > mostBytes) return;
    const header = JSON.stringify({ format, root: this.root, sha256: this.tools.hash.sha256(body) });
    await this.tools.files.makeFolder(this.tools.paths.dirname(this.#path), 0o700);
    await this.tools.files.writeAtomic(this.#path, new TextEncoder().encode(`${header}\n${body}`), 0o600);
  }

  async remove(): Promise<void> {
    await this.tools.files.remove(this.#path).catch(() => undefined);
  }
}
