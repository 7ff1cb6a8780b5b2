import { folderOf, joinPath, type Resolver } from './resolver';

/**
 * Python's modules: relative ones by their dots, absolute ones from the nearest folder upwards that has them (or its
 * `src`), which is where the interpreter was started or what is on its path as far as a tree of files can tell.
 */
export class PythonResolver implements Resolver {
  readonly #resolved = new Map<string, string | null>();

  constructor(private readonly files: ReadonlySet<string>) {}

  forgetMisses(): void {
    for (const [key, found] of this.#resolved) if (found === null) this.#resolved.delete(key);
  }

  resolve(from: string, specifier: string): string | null {
    const folder = folderOf(from);
    const key = `${folder}\0${specifier}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const found = this.#resolve(folder, specifier);
    this.#resolved.set(key, found);
    return found;
  }

  #resolve(folder: string, specifier: string): string | null {
    const [, dots = '', name = ''] = /^(\.*)(.*)$/.exec(specifier) ?? [];
    const path = name.replaceAll('.', '/');
    if (dots !== '') return this.#module(joinPath(folder, `${'../'.repeat(dots.length - 1)}${path}`));
    if (path === '') return null;
    for (let at = folder; ; at = folderOf(at)) {
      const found = this.#module(joinPath(at, path)) ?? this.#module(joinPath(at, `src/${path}`));
      if (found !== null || at === '') return found;
    }
  }

  #module(path: string): string | null {
    for (const file of [`${path}.py`, path === '' ? '__init__.py' : `${path}/__init__.py`])
      if (this.files.has(file)) return file;
    return null;
  }
}
