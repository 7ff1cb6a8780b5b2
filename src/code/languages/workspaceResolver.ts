import type { Resolver } from '../resolve/resolver';
import type { MakeResolver } from './language';
import { languageOf, languages } from './table';

/** Every file's imports by the rules of its language. */
export class WorkspaceResolver implements Resolver {
  readonly #resolvers = new Map<MakeResolver, Resolver>();
  /** By the folder of a package. */
  readonly #ofFolders = new Map<string, Resolver | undefined>();

  constructor(files: ReadonlySet<string>, configs: ReadonlyMap<string, string>) {
    for (const { resolver } of languages)
      if (!this.#resolvers.has(resolver)) this.#resolvers.set(resolver, resolver(files, configs));
  }

  resolve(from: string, specifier: string): string | null {
    return this.#of(from)?.resolve(from, specifier) ?? null;
  }

  filesOf(folder: string): readonly string[] {
    for (const resolver of this.#resolvers.values()) {
      const files = resolver.filesOf?.(folder) ?? [];
      if (files.length > 0) return files;
    }
    return [];
  }

  forgetMisses(): void {
    this.#ofFolders.clear();
    for (const resolver of this.#resolvers.values()) resolver.forgetMisses();
  }

  /** What a package's folder imports is read by the language of its files. */
  #of(from: string): Resolver | undefined {
    if (!from.endsWith('/')) return this.#ofFile(from);
    if (!this.#ofFolders.has(from)) this.#ofFolders.set(from, this.#ofFile(this.filesOf(from)[0] ?? from));
    return this.#ofFolders.get(from);
  }

  #ofFile(path: string): Resolver | undefined {
    const language = languageOf(path);
    return language && this.#resolvers.get(language.resolver);
  }
}
