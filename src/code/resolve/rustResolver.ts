import { folderOf, joinPath, type Resolver } from './resolver';

/**
 * Rust's modules: `crate::a::b` from the root of the file's crate, `self::` and `super::` from the file, else a crate
 * of the workspace by the name in its `Cargo.toml`. A path that ends in a name that is no file leads nowhere.
 */
export class RustResolver implements Resolver {
  /** Folders of crates by the names that code knows them by. */
  readonly #crates: ReadonlyMap<string, string>;
  readonly #resolved = new Map<string, string | null>();

  constructor(
    private readonly files: ReadonlySet<string>,
    configs: ReadonlyMap<string, string>,
  ) {
    this.#crates = new Map(
      [...configs].flatMap(([path, text]) => {
        const name = /(^|\/)Cargo\.toml$/.test(path) ? /^\s*name\s*=\s*"([\w-]+)"/m.exec(text)?.[1] : undefined;
        return name === undefined ? [] : [[name.replaceAll('-', '_'), folderOf(path)] as const];
      }),
    );
  }

  forgetMisses(): void {
    for (const [key, found] of this.#resolved) if (found === null) this.#resolved.delete(key);
  }

  resolve(from: string, specifier: string): string | null {
    const key = `${from}\0${specifier}`;
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const [first = '', ...rest] = specifier.split('::');
    let at = this.#start(from, first);
    for (const part of rest) {
      if (at === null) break;
      at = part === 'super' ? this.#parent(at) : part === 'self' ? at : this.#child(at, part);
    }
    this.#resolved.set(key, at);
    return at;
  }

  #start(from: string, first: string): string | null {
    if (first === 'crate') return this.#root(from);
    if (first === 'self') return from;
    if (first === 'super') return this.#parent(from);
    const child = this.#child(from, first);
    const folder = this.#crates.get(first);
    if (child !== null || folder === undefined) return child;
    return this.#first([joinPath(folder, 'src/lib.rs'), joinPath(folder, 'src/main.rs'), joinPath(folder, 'lib.rs')]);
  }

  /** The nearest `lib.rs` or `main.rs` above; what is a program of its own is its own root. */
  #root(from: string): string | null {
    if (/(^|\/)(lib|main)\.rs$/.test(from) || /(^|\/)src\/bin\/[^/]+\.rs$/.test(from)) return from;
    for (let folder = folderOf(from); ; folder = folderOf(folder)) {
      const found = this.#first([joinPath(folder, 'lib.rs'), joinPath(folder, 'main.rs')]);
      if (found !== null || folder === '') return found;
    }
  }

  #child(file: string, name: string): string | null {
    const folder = /(^|\/)(mod|lib|main)\.rs$/.test(file) ? folderOf(file) : file.slice(0, -'.rs'.length);
    return this.#first([joinPath(folder, `${name}.rs`), joinPath(folder, `${name}/mod.rs`)]);
  }

  #parent(file: string): string | null {
    const folder = /(^|\/)mod\.rs$/.test(file) ? folderOf(folderOf(file)) : folderOf(file);
    const named = folder === '' ? [] : [`${folder}.rs`];
    return this.#first([...['mod', 'lib', 'main'].map((name) => joinPath(folder, `${name}.rs`)), ...named]);
  }

  #first(paths: readonly string[]): string | null {
    return paths.find((path) => this.files.has(path)) ?? null;
  }
}
