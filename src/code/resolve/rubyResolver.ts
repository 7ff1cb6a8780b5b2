import { folderOf, joinPath, type Resolver } from './resolver';

/** What `require_relative` names (written `./x`), and what `require` names in the folders that are on its path. */
export class RubyResolver implements Resolver {
  readonly #resolved = new Map<string, string | null>();

  constructor(private readonly files: ReadonlySet<string>) {}

  resolve(from: string, specifier: string): string | null {
    const key = specifier.startsWith('.') ? `${folderOf(from)}\0${specifier}` : specifier;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const found = this.#find(from, specifier);
    this.#resolved.set(key, found);
    return found;
  }

  #find(from: string, specifier: string): string | null {
    const folders = specifier.startsWith('.') ? [folderOf(from)] : ['lib', 'app', ''];
    for (const folder of folders)
      for (const end of ['.rb', '']) {
        const path = joinPath(folder, specifier + end);
        if (this.files.has(path)) return path;
      }
    return null;
  }

  forgetMisses(): void {
    for (const [key, found] of this.#resolved) if (found === null) this.#resolved.delete(key);
  }
}
