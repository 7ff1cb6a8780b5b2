import { mostBytes, mostSearchedBytes } from './bounds';
import { languageOf } from './languages/table';
import { decodeSource } from './scan/decode';
import { callersPattern, candidatePattern, declaringPattern, writingPattern } from './scan/patterns';
import type { Search, Survey } from './scan/search';
import type { RootRequest, Tools } from './tools';

export const mostCandidates = 20_000;
const mostConfigs = 4_000;
const configsAtOnce = 32;

/** The files of one root as the engines find them; paths are relative to it, with `/`. */
export class RootFiles {
  /** The engine that answered last. */
  engine: Search['engine'] = 'javascript';

  /** `note` is told what part could not be had; the rest counts. */
  #written: RegExp | null | undefined;

  constructor(
    private readonly request: RootRequest,
    private readonly tools: Tools,
    private readonly note: (words: string) => void,
  ) {}

  absolute(path: string): string {
    return this.tools.paths.join(this.request.root, ...path.split('/'));
  }

  /** Source files, and the files that say how imports resolve. Rejects when no engine can answer, or when aborted. */
  list(signal: AbortSignal): Promise<readonly string[]> {
    const { root, exclude } = this.request;
    return this.#ask((search) => search.list(root, exclude, signal), signal);
  }

  /** All that `list` gives, and files that may evaluate flags; each of these is told as soon as it is found. */
  async survey(signal: AbortSignal, onCandidate: (path: string) => void): Promise<Survey> {
    const { root, exclude } = this.request;
    const { files, matching } = await this.#ask(
      (search) => search.survey(root, candidatePattern, exclude, signal, onCandidate),
      signal,
    );
    if (matching.length > mostCandidates)
      this.note(`Only ${mostCandidates} of ${matching.length} files that may evaluate flags were read.`);
    return { files, matching: matching.slice(0, mostCandidates) };
  }

  /** Files that call one of these names. */
  async callers(names: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const { root, exclude } = this.request;
    const pattern = callersPattern(names);
    const found = await this.#ask((search) => search.matching(root, pattern, exclude, signal), signal);
    return found.slice(0, mostCandidates);
  }

  /** Files that write a known key behind a word that tells of flags, whatever they import. */
  async writing(signal: AbortSignal): Promise<readonly string[]> {
    const { root, exclude } = this.request;
    const pattern = writingPattern(this.request.knownKeys);
    if (pattern === null) return [];
    const found = await this.#ask((search) => search.matching(root, pattern, exclude, signal), signal);
    return found.slice(0, mostCandidates);
  }

  /** Files that declare one of these names, of languages whose paths do not tell it. */
  async declaring(names: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const { root, exclude } = this.request;
    const pattern = declaringPattern(names);
    const found = await this.#ask((search) => search.matching(root, pattern, exclude, signal), signal);
    return found.filter((path) => languageOf(path)?.declares).slice(0, mostCandidates);
  }

  async isFile(path: string): Promise<boolean> {
    const stat = await this.tools.files.stat(this.absolute(path)).catch(() => undefined);
    return stat?.kind === 'file';
  }

  /** Whether the file may evaluate flags, by itself, through project functions or as what declares classes of these names. */
  async isCandidate(path: string, names: readonly string[], classes: readonly string[]): Promise<boolean> {
    const text = await this.#text(path, mostSearchedBytes);
    if (text === undefined) return false;
    return (
      new RegExp(candidatePattern).test(text) ||
      (names.length > 0 && new RegExp(callersPattern(names)).test(text)) ||
      this.#writesKey(text) ||
      (classes.length > 0 &&
        languageOf(path)?.declares !== undefined &&
        new RegExp(declaringPattern(classes)).test(text))
    );
  }

  #writesKey(text: string): boolean {
    if (this.#written === undefined) {
      const pattern = writingPattern(this.request.knownKeys);
      this.#written = pattern === null ? null : new RegExp(pattern);
    }
    return this.#written?.test(text) === true;
  }

  /** Text by path; what cannot be read is left out. */
  async texts(paths: readonly string[]): Promise<Map<string, string>> {
    const texts = new Map<string, string>();
    for (let at = 0; at < Math.min(paths.length, mostConfigs); at += configsAtOnce) {
      await Promise.all(
        paths.slice(at, at + configsAtOnce).map(async (path) => {
          const text = await this.#text(path, mostBytes);
          if (text !== undefined) texts.set(path, text);
        }),
      );
    }
    return texts;
  }

  async #text(path: string, most: number): Promise<string | undefined> {
    const data = await this.tools.files.read(this.absolute(path), most).catch(() => undefined);
    return data && decodeSource(data);
  }

  /** Asks the engines in order until one answers. */
  async #ask<Answer>(ask: (search: Search) => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
    let failure: unknown;
    for (const search of this.tools.searches) {
      try {
        const answer = await ask(search);
        this.engine = search.engine;
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        failure = error;
        this.note(`${search.engine} could not search: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    throw failure;
  }
}
