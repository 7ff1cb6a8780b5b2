import type { Paths } from '../platform/files';
import { globPattern, isGlob } from './globs';

/** A folder of a project: a path, or a glob whose fixed beginning is `path`. */
export interface ProjectFolder {
  /** Absolute. */
  readonly path: string;
  /** How deep a file's match is; undefined when the file is not in it. */
  readonly depthOf: (file: string) => number | undefined;
}

/** `folder` as `.sightglass.json` writes it, relative to `base`. */
export function projectFolder(base: string, folder: string, paths: Paths): ProjectFolder {
  if (!isGlob(folder)) {
    const path = paths.resolve(base, folder);
    const depth = segments(path).length;
    return { path, depthOf: (file) => (paths.isInside(path, file) ? depth : undefined) };
  }
  const fixed = segments(folder).findIndex(isGlob);
  const path = paths.resolve(base, segments(folder).slice(0, fixed).join('/') || '.');
  const pattern = globPattern(`${segments(folder).slice(fixed).join('/')}/**`);
  const depth = segments(path).length + segments(folder).length - fixed;
  return {
    path,
    depthOf(file) {
      if (!paths.isInside(path, file)) return undefined;
      const relative = paths.relative(path, file).replaceAll(paths.separator, '/');
      return pattern.test(`${relative}/`) ? depth : undefined;
    },
  };
}

const segments = (path: string): string[] => path.split(/[\\/]/).filter((part) => part !== '' && part !== '.');
