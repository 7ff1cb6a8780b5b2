import * as z from 'zod';
import type { Files, Paths } from '../platform/files';
import type { Hash } from '../platform/hash';
import { keepRecentRoots } from './persistedRoots';
import type { SourceFile } from './readSource';

/** Raised whenever the extractor or its records change: an index of another format is no index. */
const format = 6;
const mostBytes = 256 * 1024 * 1024;
/** A segment is what one changed file costs: so many files are in one, as long as there are not too many of them. */
const filesASegment = 64;
const mostSegments = 256;

const mostManifestBytes = 4_096;
const manifestSchema = z.object({
  format: z.literal(format),
  root: z.string(),
  segments: z.int().min(1).max(mostSegments),
});
/** The first line of a segment vouches for the rest: what was not written whole, or not by us, is not read. */
const headerSchema = manifestSchema.extend({ sha256: z.string() });

type Sources = ReadonlyMap<string, SourceFile>;

/**
 * Keeps the summaries of a root between sessions in the folder it is given: segments, among which the files are shared
 * out by their paths, and how many of them there are. Only segments with files that are others than they were are
 * written again.
 */
export class PersistedIndex {
  /** Of the names of all its files. */
  readonly #prefix: string;
  /** How many segments are on disk; 0: nothing is known of what is there. */
  #segments = 0;
  /** What is in them, and how long each is. */
  #kept: Sources = new Map();
  #bytes = new Map<number, number>();

  constructor(
    private readonly storage: string,
    private readonly root: string,
    private readonly tools: { readonly files: Files; readonly paths: Paths; readonly hash: Hash },
    /** Called between segments, to let others in. */
    private readonly pause: () => Promise<void>,
  ) {
    this.#prefix = `finder-${tools.hash.sha256(root).slice(0, 24)}`;
  }

  /** What can be trusted of what there is. */
  async read(): Promise<Sources> {
    const kept = new Map<string, SourceFile>();
    const manifest = manifestSchema.safeParse(await this.#manifest()).data;
    if (manifest?.root !== this.root) return kept;
    for (let at = 0; at < manifest.segments; at++) {
      for (const [path, source] of await this.#segment(at, manifest.segments)) kept.set(path, source);
      await this.pause();
    }
    this.#segments = manifest.segments;
    this.#kept = new Map(kept);
    return kept;
  }

  /** Rejects when the folder cannot be written; the index then stays in memory only. */
  async write(sources: Sources): Promise<void> {
    const { files } = this.tools;
    const segments = segmentsFor(sources.size, this.#segments);
    const isOther = segments !== this.#segments;
    const stale = isOther ? new Set(Array.from({ length: segments }, (_, at) => at)) : this.#stale(sources);
    if (stale.size === 0) return;
    const shares = new Map([...stale].map((at) => [at, [] as [string, SourceFile][]]));
    for (const [path, source] of sources) shares.get(segmentOf(path, segments))?.push([path, source]);
    await files.makeFolder(this.storage, 0o700);
    const before = this.#segments;
    // Were it to fail half way, all would be written again.
    this.#segments = 0;
    if (isOther) this.#bytes = new Map();
    for (const [at, share] of shares) {
      await this.#write(at, segments, share);
      await this.pause();
    }
    for (let at = segments; at < before; at++) await files.remove(this.#pathOf(at)).catch(() => undefined);
    await this.#put(this.#manifestPath(), { format, root: this.root, segments }, '');
    this.#segments = segments;
    this.#kept = new Map(sources);
    if (before === 0) await keepRecentRoots(this.storage, this.tools);
  }

  /** Segments in which a file is another than it was kept, new or gone. */
  #stale(sources: Sources): Set<number> {
    const stale = new Set<number>();
    for (const [path, source] of sources)
      if (this.#kept.get(path) !== source) stale.add(segmentOf(path, this.#segments));
    for (const path of this.#kept.keys()) if (!sources.has(path)) stale.add(segmentOf(path, this.#segments));
    return stale;
  }

  async #write(at: number, segments: number, share: readonly (readonly [string, SourceFile])[]): Promise<void> {
    const body = JSON.stringify(share);
    this.#bytes.delete(at);
    // What is left out is read again the next time.
    if ([...this.#bytes.values()].reduce((sum, bytes) => sum + bytes, body.length) > mostBytes) return;
    this.#bytes.set(at, body.length);
    await this.#put(
      this.#pathOf(at),
      { format, root: this.root, segments, sha256: this.tools.hash.sha256(body) },
      `\n${body}`,
    );
  }

  /** What a crash of the machine loses of it costs the next start only. */
  #put(path: string, header: object, body: string): Promise<void> {
    return this.tools.files.writeAtomic(path, new TextEncoder().encode(JSON.stringify(header) + body), 0o600, false);
  }

  async #manifest(): Promise<unknown> {
    try {
      const data = await this.tools.files.read(this.#manifestPath(), mostManifestBytes);
      return JSON.parse(new TextDecoder().decode(data));
    } catch {
      return undefined;
    }
  }

  async #segment(at: number, segments: number): Promise<readonly [string, SourceFile][]> {
    try {
      const text = new TextDecoder().decode(await this.tools.files.read(this.#pathOf(at), mostBytes));
      const end = text.indexOf('\n');
      const header = headerSchema.parse(JSON.parse(text.slice(0, end)));
      const body = text.slice(end + 1);
      if (header.root !== this.root || header.segments !== segments) return [];
      if (header.sha256 !== this.tools.hash.sha256(body)) return [];
      this.#bytes.set(at, body.length);
      return JSON.parse(body) as [string, SourceFile][];
    } catch {
      return [];
    }
  }

  #pathOf(at: number): string {
    return this.tools.paths.join(this.storage, `${this.#prefix}-${at}.jsonl`);
  }

  /** Written last, each time: tells how recent the whole is. */
  #manifestPath(): string {
    return this.tools.paths.join(this.storage, `${this.#prefix}.json`);
  }
}

/** A power of two, which grows with the files and shrinks only when it is far too many. */
function segmentsFor(files: number, now: number): number {
  let fit = 1;
  while (fit < mostSegments && fit * filesASegment < files) fit *= 2;
  return now >= fit && now <= fit * 4 ? now : fit;
}

/** FNV-1a of the path. */
function segmentOf(path: string, segments: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < path.length; i++) hash = Math.imul(hash ^ path.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % segments;
}
