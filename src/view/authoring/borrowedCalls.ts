import type { FlagType } from '../../model/flag';
import type { Reference } from '../../model/reference';
import { calleeAt } from '../callLike';
import { keyToken } from '../keyToken';
import { headImport } from './headImport';
import type { Imported, UsingFile } from './imports';
import { nearness } from './nearFiles';
import type { TypedSample } from './wrapEdit';

/** A call of another file that means the same in this one, and the line that it needs here. */
export interface BorrowedCall {
  readonly sample: TypedSample;
  readonly imported: Imported | null;
}

export interface LendingFile {
  readonly file: UsingFile;
  readonly references: readonly Reference[];
}

/** Of calls that are written alike so many are tried: their types may differ. */
const mostAlike = 5;

/**
 * Calls by which other files ask for flags that would mean the same in a file which has none: by a name that it can
 * import or sees anyway, given literals only. The most usual in the project first, of equally many the nearest.
 */
export function borrowedCalls(
  target: UsingFile,
  lending: readonly LendingFile[],
  typeOf: (key: string) => FlagType | undefined,
): readonly BorrowedCall[] {
  const alike = new Map<string, { count: number; near: number; calls: BorrowedCall[] }>();
  for (const { file, references } of lending) {
    if (file.path === target.path || file.language !== target.language) continue;
    const near = nearness(file.path, target.path);
    for (const reference of references) {
      const found = callIn(file, reference, typeOf);
      const needed = found && headImport(target, file, found.head);
      if (!needed) continue;
      const id = JSON.stringify([found.callee, needed.imported?.line ?? null]);
      const group = alike.get(id) ?? { count: 0, near, calls: [] };
      alike.set(id, group);
      group.count++;
      group.near = Math.max(group.near, near);
      if (group.calls.length < mostAlike) group.calls.push({ sample: found.sample, imported: needed.imported });
    }
  }
  return [...alike.values()].sort((a, b) => b.count - a.count || b.near - a.near).flatMap(({ calls }) => calls);
}

/** Names and static calls, as far as nothing of the place is needed: `isOn`, `flags.isOn`, `Flags::on`, `Flags.get().isOn`. */
const standing = /^\\?[\p{L}_][\p{L}\p{N}_$\\]*(?:\(\))?(?:(?:\.|::)[\p{L}_][\p{L}\p{N}_$]*[?!]?(?:\(\))?)*$/u;
const ofPlace = /^(?:this|self|cls|super|static|parent|await|new|return)$/;
const hook = /(?:^|\.)use\p{Lu}[\p{L}\p{N}_]*$/u;
const text = /(["'`])(?:\\.|(?!\1).)*\1/g;
/** Words between literals that are none of the place's names: literals themselves, and the names of arguments. */
const word = /[\p{L}_$][\p{L}\p{N}_$]*(?!\s*[=:](?![=:]))(?![\p{L}\p{N}_$])/gu;
const literal = /^(?:true|false|null|none|nil|undefined)$/i;

function callIn(
  file: UsingFile,
  reference: Reference,
  typeOf: (key: string) => FlagType | undefined,
): { readonly sample: TypedSample; readonly head: string; readonly callee: string } | null {
  const { key, kind, certainty, line: at, endLine, column, endColumn, via } = reference;
  if (kind !== 'evaluation' || certainty !== 'certain' || key === null || at !== endLine || via === 'codegen')
    return null;
  const line = file.lines[at - 1] ?? '';
  const token = keyToken(line, column - 1, key);
  const callee = token?.literal === true ? calleeAt(line, token.from) : null;
  const end = endColumn - 1;
  if (!token || !callee || end <= token.to || end > line.length) return null;
  const name = line.slice(callee.from, callee.open);
  const [head = ''] = /^\\?[\p{L}_$][\p{L}\p{N}_$\\]*/u.exec(name) ?? [];
  if (!standing.test(name) || ofPlace.test(head) || hook.test(name)) return null;
  // What is awaited, or may fail, asks something of the function around it.
  if (/\b(?:await|try[?!]?)\s+$/.test(line.slice(0, callee.from))) return null;
  if (/^(?:\.|\?(?![?:.\s])|!)/.test(line.slice(end))) return null;
  const given = `${line.slice(callee.open + 1, token.from)} ${line.slice(token.to, end)}`;
  if (/\$|#\{|\b[fF]["']/.test(given)) return null;
  if ([...given.replace(text, ' ').matchAll(word)].some(([one]) => !literal.test(one))) return null;
  const type = reference.valueType ?? typeOf(key);
  const span = { keyFrom: token.from, keyTo: token.to, end };
  return { sample: { line, ...span, reference, type, language: file.language }, head, callee: name };
}
