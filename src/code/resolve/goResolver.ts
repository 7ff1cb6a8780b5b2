import { folderOf, joinPath, type Resolver } from './resolver';

/**
 * Go's packages: an import path under a module of the workspace (go.mod, its local `replace`s included) is a folder,
 * `.` is the file's own. Folders end with `/`.
 */
export class GoResolver implements Resolver {
  /** Folder of a module by its path, longest path first. */
  readonly #modules: readonly (readonly [path: string, folder: string])[];
  #folders: Map<string, string[]> | undefined;

  constructor(
    private readonly files: ReadonlySet<string>,
    configs: ReadonlyMap<string, string>,
  ) {
    const modules: [string, string][] = [];
    for (const [path, text] of configs) {
      if (!/(^|\/)go\.mod$/.test(path)) continue;
      const folder = folderOf(path);
      const name = /^module\s+"?([^\s"]+)/m.exec(text)?.[1];
      if (name !== undefined) modules.push([name, folder]);
      for (const [, from = '', to = ''] of text.matchAll(/^(?:replace)?\s*(\S+)(?:\s+v\S+)?\s*=>\s*(\.{1,2}\/\S*)/gm))
        modules.push([from, joinPath(folder, to)]);
    }
    this.#modules = modules.sort(([a], [b]) => b.length - a.length);
  }

  forgetMisses(): void {
    this.#folders = undefined;
  }

  resolve(from: string, specifier: string): string | null {
    const own = folderOf(from);
    if (specifier === '.') return this.#package(own);
    // As `filesOf` names them, asked for each name of a package.
    if (specifier.startsWith('./') && specifier.endsWith('.go'))
      return own === '' ? specifier.slice(2) : `${own}/${specifier.slice(2)}`;
    for (const [path, folder] of this.#modules) {
      if (specifier !== path && !specifier.startsWith(`${path}/`)) continue;
      const found = this.#package(joinPath(folder, specifier.slice(path.length)));
      if (found !== null) return found;
    }
    return null;
  }

  #package(folder: string): string | null {
    return this.#byFolder().has(folder) ? `${folder}/` : null;
  }

  filesOf(folder: string): readonly string[] {
    return this.#byFolder().get(folder.slice(0, -1)) ?? [];
  }

  /** Tests see their package; nobody sees them. */
  #byFolder(): ReadonlyMap<string, readonly string[]> {
    if (this.#folders) return this.#folders;
    const folders = new Map<string, string[]>();
    for (const path of this.files) {
      if (!path.endsWith('.go') || path.endsWith('_test.go')) continue;
      const folder = folderOf(path);
      const files = folders.get(folder) ?? [];
      folders.set(folder, files);
      files.push(`./${path.slice(folder === '' ? 0 : folder.length + 1)}`);
    }
    this.#folders = folders;
    return folders;
  }
}
