import { asksForAll, saysFlag } from '../../flagNames';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Role } from './role';

/** How much of what stands before the brackets is looked at. */
const mostRead = 200;

/** `flags`, `$this->flags`, `client.all_flags(user)`: the last name, with what it is called with. */
const lastName = /([A-Za-z_]\w*)[?!]*\s*(?:\((?:[^()]|\([^()]*\))*\))?[?!]*$/;

/** What SDKs call all of it by, and Firebase's client, which is asked so in Kotlin. */
const otherNames = /^(decisions|remote_?config|(to_?)?values_?(json_?)?map)$/i;

/** Whether what stands before brackets by its name holds all flags. */
export function isSnapshot(object: Node | null): boolean {
  const text = object?.text.slice(-mostRead).replace(/^\(\s*([^]*)\)$/, '$1') ?? '';
  const name = lastName.exec(text)?.[1] ?? '';
  return saysFlag(name) || asksForAll(name) || otherNames.test(name);
}

/**
 * `flags["new"]`, `client.getAllFlags(user)[key]`: a call of what the name says holds all flags, as other languages have
 * one for it. Null where the name says nothing of the sort.
 */
export function snapshotRead(object: Node | null, index: Node | null | undefined): Role | null {
  if (!object || !index || !isSnapshot(object)) return null;
  return { is: 'call', callee: { is: 'member', object, n: 'subscript', at: index }, args: [{ value: index }] };
}
