import type { Node } from 'web-tree-sitter';
import type { Reference } from '../../model/reference';
import type { FileSummary } from '../summary';
import { functionAround, isCall } from './bodies';
import { Names, namesIn } from './names';
import type { Statements } from './statements';

interface Site {
  readonly root: Node;
  readonly text: string;
  readonly grammar: string;
  readonly summary: FileSummary;
  readonly at: Pick<Statements, 'from' | 'body'>;
}

/**
 * Calls of the file that could stand before the statements as they are: their names mean there what they mean where they
 * stand, and what is awaited can be. The nearest of the same function first.
 */
export function usableCalls(
  site: Site,
  references: readonly Reference[],
): readonly Pick<Reference, 'line' | 'column'>[] {
  const { root, summary, at } = site;
  const names = new Names(summary);
  const around = functionAround(at.body);
  const usable: { readonly line: number; readonly column: number; readonly rank: number }[] = [];
  for (const reference of references) {
    const { line, column, endLine, endColumn, kind, key, via } = reference;
    if ((kind !== 'evaluation' && kind !== 'test') || key === null || line !== endLine || via === 'codegen') continue;
    const start = summary.lineStarts[line - 1];
    if (start === undefined) continue;
    const keyAt = start + column - 1;
    const call = callOf(root, keyAt, start + endColumn - 1);
    if (!call || !isUsable(site, names, call, keyAt)) continue;
    const isSame = functionAround(call)?.id === around?.id;
    const distance = Math.abs(keyAt - at.from);
    usable.push({ line, column, rank: (isSame ? 0 : 1e9) + distance + (keyAt < at.from ? 0 : 0.5) });
  }
  return usable.sort((a, b) => a.rank - b.rank).map(({ line, column }) => ({ line, column }));
}

/** The call that a key is given to, told by where it ends. */
function callOf(root: Node, keyAt: number, end: number): Node | null {
  let node = root.descendantForIndex(keyAt, end - 1);
  while (node && !(isCall(node) && node.endIndex === end && node.startIndex < keyAt)) {
    if (node.endIndex > end) return null;
    node = node.parent;
  }
  return node;
}

function isUsable(site: Site, names: Names, call: Node, keyAt: number): boolean {
  const { text, grammar, at } = site;
  const around = functionAround(at.body);
  const head = headOf(around, at.body, text);
  const line = text.slice(text.lastIndexOf('\n', call.startIndex - 1) + 1, call.startIndex);
  const after = text.slice(call.endIndex, call.endIndex + 40);
  const own = functionAround(call);
  const isSame = own?.id === around?.id;
  const isAwaited = /\bawait\s+$/.test(line) || /^\.await\b/.test(after);
  if (isAwaited && !isSame && !(around ? /\basync\b|\bsuspend\b/.test(head) : own === null && grammar !== 'python'))
    return false;
  // What may fail ends the function that it is asked in.
  if (!isSame && (/^[^;]*\?\s*(?:[;.{]|$)/.test(after) || /\btry\s+(?:await\s+)?$/.test(line))) return false;
  const callee = text.slice(call.startIndex, keyAt);
  // Hooks are called by each run of a component; what Vue's and Svelte's hand out at the top of a script is no condition.
  if (/\buse[A-Z]\w*\s*(?:<[^()]*>)?\($/.test(callee) && !(isSame && around && at.body.parent?.id === around.id))
    return false;
  return namesIn(call, text, [keyAt, tokenEnd(text, keyAt)]).every((use) =>
    means(site, names, use.name, use.at, isSame),
  );
}

/** Whether a name of the call means the same before the statements. */
function means({ text, grammar, at }: Site, names: Names, name: string, used: number, isSame: boolean): boolean {
  const cls = names.classAt(used);
  const isObject = /^(?:this|self|cls|super|\$this|@{1,2}\w+)$/.test(name);
  const declared = isObject ? undefined : names.declared(name, used);
  if (declared?.scope) {
    const { it, scope } = declared;
    const here = names.declared(name, at.from);
    if (here?.scope?.[0] === scope[0]) return it.kind === 'param' || it.kind === 'function' || declared.at < at.from;
    return it.kind === 'param' && here?.it.kind === 'param' && here.it.t === it.t;
  }
  if (declared) {
    const hidden = names.declared(name, at.from)?.scope;
    return (
      !hidden &&
      (declared.at < at.from || !/^(?:const|let)$/.test(declared.it.kind) || functionAround(at.body) !== null)
    );
  }
  const isOwn = isObject || (cls !== null && names.isMember(cls, name));
  if (!isOwn || isSame) return true;
  if (names.classAt(at.from) !== cls) return false;
  const head = headOf(functionAround(at.body), at.body, text);
  if ((grammar === 'python' || grammar === 'rust') && isObject) return new RegExp(`\\b${name}\\b`).test(head);
  return !/\bstatic\b/.test(head) && !/^\s*def\s+self\./.test(head);
}

function headOf(owner: Node | null, body: Node, text: string): string {
  if (!owner) return '';
  const from = text.lastIndexOf('\n', owner.startIndex - 1) + 1;
  const isIn = body.startIndex > owner.startIndex;
  const own = isIn ? text.slice(owner.startIndex, body.startIndex) : '';
  const head = /^[^{]*?(?=\{|=>)/.exec(own)?.[0] ?? own;
  return text.slice(from, owner.startIndex) + head;
}

function tokenEnd(text: string, at: number): number {
  const sign = text.charAt(at);
  if (!/["'`]/.test(sign)) return at + (/^:?[\w$.:>-]+/.exec(text.slice(at, at + 500))?.[0].length ?? 1);
  const end = text.indexOf(sign, at + 1);
  return end < 0 ? at + 1 : end + 1;
}
