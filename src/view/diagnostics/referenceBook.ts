import type { Json } from '../../model/json';
import type { Reference } from '../../model/reference';
import { globMatcher } from '../flagLookup';
import type { DiagnosedFile } from './diagnosis';

/** An evaluation with the default that is written there, and the file it is in. */
export interface DefaultSite {
  readonly file: DiagnosedFile;
  readonly reference: Reference & { readonly key: string };
  readonly defaultValue: Json;
}

/** How the code of the workspace names a key: not at all, in what a tool wrote only, or itself. */
export type Named = 'nowhere' | 'generated' | 'inCode';

/** Patterns with less written out than this match every second key, and say nothing of any. */
const leastWritten = 3;

/** All references of a workspace by file and by key, kept as files change: each costs what it holds. */
export class ReferenceBook {
  readonly #files = new Map<string, DiagnosedFile>();
  readonly #byKey = new Map<string, Map<string, readonly Reference[]>>();
  readonly #patterns = new Map<string, readonly string[]>();
  #written: ReadonlySet<string> = new Set();
  /** Keys with another default than before, somewhere. */
  readonly #moved = new Set<string>();
  #namesRevision = 0;

  constructor(files: Iterable<DiagnosedFile> = []) {
    for (const file of files) this.set(file);
  }

  /** A file is so now; one without references is forgotten. */
  set(file: DiagnosedFile): void {
    const id = fileId(file);
    const old = this.#files.get(id);
    if (old?.references === file.references) return;
    this.#forget(id, old);
    this.#note(old?.references ?? [], file.references);
    if (file.references.length === 0) return;
    this.#files.set(id, file);
    const ofKey = new Map<string, Reference[]>();
    const patterns: string[] = [];
    for (const reference of file.references) {
      const { key, pattern } = reference;
      if (key !== null) append(ofKey, key, reference);
      else if (pattern !== null && pattern.replaceAll('*', '').length >= leastWritten) patterns.push(pattern);
    }
    for (const [key, references] of ofKey) {
      const files = this.#byKey.get(key) ?? new Map<string, readonly Reference[]>();
      this.#byKey.set(key, files.set(id, references));
    }
    if (patterns.length > 0) this.#patterns.set(id, patterns);
  }

  delete(file: Pick<DiagnosedFile, 'root' | 'path'>): void {
    const old = this.#files.get(fileId(file));
    if (!old) return;
    this.#forget(fileId(file), old);
    this.#note(old.references, []);
  }

  #forget(id: string, old: DiagnosedFile | undefined): void {
    if (!old) return;
    this.#files.delete(id);
    this.#patterns.delete(id);
    for (const { key } of old.references) {
      if (key === null) continue;
      const files = this.#byKey.get(key);
      files?.delete(id);
      if (files?.size === 0) this.#byKey.delete(key);
    }
  }

  /** What a file's change is to others: defaults that theirs are compared with, and how keys are named and asked for. */
  #note(before: readonly Reference[], after: readonly Reference[]): void {
    const [old, now] = [defaultsIn(before), defaultsIn(after)];
    for (const key of new Set([...old.keys(), ...now.keys()])) if (old.get(key) !== now.get(key)) this.#moved.add(key);
    if (namesIn(before) !== namesIn(after)) this.#namesRevision++;
  }

  /** Another whenever what {@link named} says of some key, or who asks for it, may be another. */
  get namesRevision(): number {
    return this.#namesRevision;
  }

  /** Files with a default that is compared with one that changed since this was asked last. */
  takeMoved(): ReadonlySet<DiagnosedFile> {
    const files = new Set<DiagnosedFile>();
    for (const key of this.#moved)
      for (const id of this.#byKey.get(key)?.keys() ?? []) {
        const file = this.#files.get(id);
        if (file) files.add(file);
      }
    this.#moved.clear();
    return files;
  }

  /** Forgets all files of some folders; whether there were any. */
  deleteRoots(isGone: (root: string) => boolean): boolean {
    const gone = [...this.#files.values()].filter(({ root }) => isGone(root));
    for (const file of gone) this.delete(file);
    return gone.length > 0;
  }

  /** Keys that a search found in the text of some source file, where they may be anything: these are named in code. */
  setWritten(keys: Iterable<string>): void {
    const written = new Set(keys);
    if (written.size === this.#written.size && [...written].every((key) => this.#written.has(key))) return;
    this.#written = written;
    this.#namesRevision++;
  }

  files(): Iterable<DiagnosedFile> {
    return this.#files.values();
  }

  file(at: Pick<DiagnosedFile, 'root' | 'path'>): DiagnosedFile | undefined {
    return this.#files.get(fileId(at));
  }

  /**
   * How a key is named. Tests count, and texts that nothing is known to ask with: what says "not referenced" is to be
   * literally true. What a tool writes for every flag of a manifest does not: it is no use of any.
   */
  named(key: string, patterns: readonly ((key: string) => boolean)[]): Named {
    const files = this.#byKey.get(key);
    if (files) for (const references of files.values()) if (!references.every(isOfTool)) return 'inCode';
    if ((!files && this.#written.has(key)) || patterns.some((matches) => matches(key))) return 'inCode';
    return files ? 'generated' : 'nowhere';
  }

  /** What the code asks for by patterns, to be tried with a key. */
  patterns(): readonly ((key: string) => boolean)[] {
    return [...new Set([...this.#patterns.values()].flat())].map(globMatcher);
  }

  /** Evaluations of a key outside of tests that write a default. */
  defaults(key: string): readonly DefaultSite[] {
    const sites: DefaultSite[] = [];
    for (const [id, references] of this.#byKey.get(key) ?? []) {
      const file = this.#files.get(id);
      if (!file) continue;
      for (const reference of references) {
        const site = defaultSite(file, reference);
        if (site) sites.push(site);
      }
    }
    return sites;
  }
}

/** An evaluation that is certainly of its key, outside of tests: what rules of single calls are about. */
export function isCertainEvaluation(reference: Reference): reference is Reference & { readonly key: string } {
  const { key, kind, certainty } = reference;
  return key !== null && key !== '' && kind === 'evaluation' && certainty === 'certain';
}

/** Null where a reference is no such evaluation, or writes no default that can be read. */
export function defaultSite(file: DiagnosedFile, reference: Reference): DefaultSite | null {
  const { defaultValue } = reference;
  if (!isCertainEvaluation(reference) || defaultValue === undefined) return null;
  return { file, reference, defaultValue };
}

const isOfTool = ({ generated, kind }: Reference): boolean => generated && kind !== 'evaluation' && kind !== 'test';

const fileId = ({ root, path }: Pick<DiagnosedFile, 'root' | 'path'>): string => `${root}\n${path}`;

/** Defaults of each key with their places, as texts. */
function defaultsIn(references: readonly Reference[]): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const reference of references) {
    const { defaultValue, line, column, endLine, endColumn, sdk } = reference;
    if (!isCertainEvaluation(reference) || defaultValue === undefined) continue;
    const text = JSON.stringify([defaultValue, line, column, endLine, endColumn, sdk]);
    texts.set(reference.key, `${texts.get(reference.key) ?? ''}${text}`);
  }
  return texts;
}

/** Keys and patterns that a file names, and how: their places aside. */
function namesIn(references: readonly Reference[]): string {
  const names = new Set<string>();
  for (const reference of references) {
    const { key, pattern, sdk } = reference;
    names.add(JSON.stringify([key, pattern, sdk, isOfTool(reference), isCertainEvaluation(reference)]));
  }
  return [...names].sort().join('\n');
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
