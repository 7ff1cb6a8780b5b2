import * as path from 'node:path';
import type { Paths } from '../files';

/** Path arithmetic of the machine this runs on. */
export const nodePaths: Paths = {
  separator: path.sep,
  join: (...parts) => path.join(...parts),
  dirname: (file) => path.dirname(file),
  basename: (file) => path.basename(file),
  relative: (from, to) => path.relative(from, to),
  resolve: (base, file) => path.resolve(base, file),
  isInside(folder, file) {
    const relative = path.relative(folder, file);
    return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  },
};
