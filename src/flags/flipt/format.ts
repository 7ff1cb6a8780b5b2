import type { SystemDeps } from '../deps';
import type { FlagFileFormat, FlagsOfFile } from '../files/flagFileFormat';
import { fliptProblem, parseFliptFile, type FliptFile } from './flagFile';
import type { Segments } from './flagModel';

/** Files of features as a format of files. `namespace`: whose flags are meant; `beside`: what other sources define. */
export function fliptFormat(
  namespace: string,
  deps: SystemDeps,
  beside: Segments = new Map(),
): FlagFileFormat<FliptFile> {
  // Only what `parse` made comes back.
  const own = (file: FlagsOfFile): FliptFile => file as FliptFile;
  return {
    parse: async (path, read, turns, signal, only) => {
      const file = await parseFliptFile(path, read, namespace, deps, turns, signal, only);
      return beside.size === 0 ? file : file.among(beside, turns, signal);
    },
    versionWith: (file, key, text) => own(file).definitionWith(key, text)?.version ?? 'absent',
    insert: (file, _key, written) => withFlag(own(file), written),
    remove: (file, key) => withoutFlag(own(file), key),
    problemOf: (path, error, text) => fliptProblem(path, error, text, deps),
  };
}

const eolOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** Behind the last flag, nothing else changed; a list that is not on lines, or empty, is left as it is. */
export function withFlag({ text, definitions }: FliptFile, written: string): string {
  const last = [...definitions.values()].reduce(
    (end, each) => (onLines(each) ? Math.max(end, each.offset + each.text.length) : end),
    -1,
  );
  return last < 0 ? text : `${text.slice(0, last)}${eolOf(text)}${written}${text.slice(last)}`;
}

/** Its lines go, nothing else; the only flag of a document stays, since Flipt refuses a list of flags that is nothing. */
function withoutFlag({ text, definitions }: FliptFile, key: string): string {
  const own = definitions.get(key);
  if (!own || !onLines(own) || own.alone) return text;
  const before = text.slice(0, own.offset);
  const start = before.endsWith('\r\n') ? own.offset - 2 : before.endsWith('\n') ? own.offset - 1 : own.offset;
  return text.slice(0, start) + text.slice(own.offset + own.text.length);
}

const onLines = ({ text }: { readonly text: string }): boolean => /^ *-(?:\s|$)/.test(text);
