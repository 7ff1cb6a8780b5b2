import { folderOf, joinPath, type Resolver } from './resolver';

/** Scripts that others source: from the script's own folder, as nearly all are, else from the root. */
export class ShellResolver implements Resolver {
  constructor(private readonly files: ReadonlySet<string>) {}

  resolve(from: string, specifier: string): string | null {
    for (const path of [joinPath(folderOf(from), specifier), joinPath('', specifier)])
      if (this.files.has(path)) return path;
    return null;
  }

  forgetMisses(): void {
    // Nothing is remembered.
  }
}
