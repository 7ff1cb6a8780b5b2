import type { SystemDeps } from '../deps';
import type { FlagFileFormat, FlagsOfFile } from '../files/flagFileFormat';
import { definitionWith, parseFlagFile, readProblem, type FlagFile } from './flagFile';
import { withFlag, withoutFlag } from './newFlag';

/** flagd's flag definitions as a format of files. Files that are given back must have been read by it. */
export function flagdFormat(deps: SystemDeps): FlagFileFormat<FlagFile> {
  // Only what `parse` made comes back.
  const own = (file: FlagsOfFile): FlagFile => file as FlagFile;
  return {
    parse: (path, read, turns, signal, only) => parseFlagFile(path, read, deps, turns, signal, only),
    versionWith: (file, key, text) => {
      const found = own(file).definitions.get(key);
      return found ? definitionWith(own(file), found, text).version : 'absent';
    },
    insert: (file, key, written) => withFlag(own(file), key, written),
    remove: (file, key) => withoutFlag(own(file), key),
    problemOf: (path, error, text) => readProblem(path, error, text, deps),
  };
}
