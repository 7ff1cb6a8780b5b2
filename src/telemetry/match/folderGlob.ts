import { globFits } from '../../platform/pathGlob';

/**
 * Whether `path` (relative, `/`) lies in a folder given as a path or a glob (`*`, `?` within a segment, `**` over any
 * number of them).
 */
export function isInFolder(path: string, folder: string): boolean {
  return globFits(segmentsOf(folder), segmentsOf(path), () => true);
}

const segmentsOf = (path: string): readonly string[] => path.split('/').filter((part) => part !== '' && part !== '.');
