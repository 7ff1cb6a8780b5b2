/** Which file of the workspace an import means. Paths are relative to the root, with `/`. */
export interface Resolver {
  /**
   * null when it is no file of the workspace. A path ending with `/` is a folder that is imported as one package
   * (Go, Java): {@link Resolver.filesOf} names its files.
   */
  resolve(from: string, specifier: string): string | null;
  /** Files (relative to the folder, `./a.go`) that make up the package of a folder. */
  filesOf?(folder: string): readonly string[];
  /** Asks again about imports that led nowhere: a file appeared. */
  forgetMisses(): void;
}

export const folderOf = (path: string): string => {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : path.slice(0, at);
};

/** Follows `.` and `..`; never climbs above the root. */
export function joinPath(folder: string, path: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
