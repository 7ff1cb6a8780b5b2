import { snapshotRead } from '../grammar/snapshotRead';
import { childOf, childrenOf } from '../grammar/nodes';
import type { Argument, Role } from '../grammar/role';
import type { SyntaxNode as Node } from '../../syntaxTree';
import { bare } from './texts';

export const code = (node: Node): Node[] => node.namedChildren.filter(({ type }) => type !== 'comment');

/** `define('KEY', 'x')` declares a constant. */
export function callOf(node: Node): Role | null {
  const named = node.childForFieldName('function');
  if (!named) return null;
  const args = argumentsIn(node.childForFieldName('arguments'));
  const [first, second] = args;
  if (/^\\?define$/i.test(named.text) && first?.value.type === 'string' && second) {
    const n = first.value.text.slice(1, -1);
    const { value } = second;
    return { is: 'variables', names: [{ n, at: first.value, type: null, value, constant: true }] };
  }
  // `\feature('x')` is the function of that name outside of namespaces.
  const isGlobal = /^\\\w+$/.test(named.text);
  return { is: 'call', callee: isGlobal ? { is: 'name', n: named.text.slice(1), at: named } : named, args };
}

export function methodCallOf(node: Node): Role | null {
  const name = node.childForFieldName('name');
  const object = node.childForFieldName('object') ?? node.childForFieldName('scope');
  const list = node.childForFieldName('arguments');
  if (name?.type !== 'name') return null;
  const callee = { is: 'member', object, n: name.text, at: name } as const;
  // `$client->isOn(...)` is the method, not a call of it.
  return childOf(list, 'variadic_placeholder') ? callee : { is: 'call', callee, args: argumentsIn(list) };
}

export function argumentsIn(list: Node | null): readonly Argument[] {
  return childrenOf(list, 'argument').flatMap((argument) => {
    const name = argument.childForFieldName('name');
    const value = code(argument).findLast((child) => child !== name);
    return value ? [{ value, name: name?.text ?? null }] : [];
  });
}

export function memberOf(node: Node): Role | null {
  const name = node.childForFieldName('name');
  const object = node.childForFieldName('object') ?? node.childForFieldName('scope');
  if (name?.type !== 'name' && name?.type !== 'variable_name') return null;
  return { is: 'member', object, n: bare(name.text), at: name };
}

/** `$flags['new']` */
export function subscriptOf(node: Node): Role | null {
  const [object = null, index] = code(node);
  const read = snapshotRead(object, index);
  if (read) return read;
  if (index?.type !== 'string') return null;
  return { is: 'member', object, n: index.text.slice(1, -1), at: index };
}
