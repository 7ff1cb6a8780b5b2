import type { SystemDeps } from '../deps';
import type { FlagFileFormat, FlagsOfFile } from '../files/flagFileFormat';
import { goffProblem, parseGoffFile, type GoffFile } from './flagFile';

/** Flag files of GO Feature Flag as a format of files. Flags are changed in them, not made or taken out. */
export function goffFormat(deps: SystemDeps): FlagFileFormat<GoffFile> {
  // Only what `parse` made comes back.
  const own = (file: FlagsOfFile): GoffFile => file as GoffFile;
  return {
    parse: (path, read, turns, signal, only) => parseGoffFile(path, read, deps, turns, signal, only),
    versionWith: (file, key, text) => own(file).definitionWith(key, text)?.version ?? 'absent',
    insert: (file) => file.text,
    remove: (file) => file.text,
    problemOf: (path, error, text) => goffProblem(path, error, text, deps),
  };
}
