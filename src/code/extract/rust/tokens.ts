import { childOf, childrenOf } from '../grammar/nodes';
import { unescape } from '../unescape';
import type { Role } from '../grammar/role';
import type { SyntaxNode as Node } from '../../syntaxTree';

export const hands =
  /^(unwrap|expect|unwrap_or_default|clone|cloned|copied|as_deref|as_mut|into_inner|get_ref|lock|read|write|borrow|borrow_mut|get|load|ok|deref|unwrap_unchecked|unwrap_or_log)$/;

/** What is told to people: what stands in it asks for nothing. */
const says = /^(e?print(ln)?|write(ln)?|format_args|log|trace|debug|info|warn|error|dbg)$/;

const leaves = /^(panic|unreachable|todo|unimplemented|bail)$/;

export function macroOf(node: Node): Role | null {
  const macro = node.childForFieldName('macro')?.text ?? '';
  const name = macro.slice(macro.lastIndexOf(':') + 1);
  const tokens = childOf(node, 'token_tree');
  if (leaves.test(name)) return { is: 'leave' };
  if (says.test(name)) return { is: 'skip' };
  if (name === 'format' && tokens) return formatted(tokens);
  if (name === 'concat')
    return { is: 'text', parts: childrenOf(tokens, 'string_literal').map(({ text }) => unescape(text.slice(1, -1))) };
  if (name === 'vec' && tokens)
    return { is: 'list', items: groups(tokens).flatMap((group) => joined(tokens, group) ?? []) };
  return { is: 'inner', of: tokens };
}

/** `format!("exp-{}-{id}", key)` */
function formatted(tokens: Node): Role {
  const [[template] = [], ...given] = groups(tokens);
  if (template?.type !== 'string_literal') return { is: 'inner', of: tokens };
  const parts: (string | Node)[] = [];
  const { text } = template;
  let from = 1;
  let next = 0;
  for (const hole of text.matchAll(/\{\{|\}\}|\{(\w*)(?::[^{}]*)?\}/g)) {
    parts.push(unescape(text.slice(from, hole.index)));
    from = hole.index + hole[0].length;
    const [all, name = ''] = hole;
    if (all === '{{' || all === '}}') parts.push(all.charAt(0));
    else if (name === '' || /^\d/.test(name)) {
      const value = joined(tokens, given[name === '' ? next++ : Number(name)] ?? []);
      parts.push(value ?? template.as('unknown', template.startIndex, template.endIndex));
    } else {
      const called = given.find(([first]) => first?.text === name);
      const at = template.startIndex + hole.index + 1;
      const value = called ? joined(tokens, called.slice(1)) : null;
      parts.push(value ?? template.as('identifier', at, at + name.length));
    }
  }
  parts.push(unescape(text.slice(from, -1)));
  return { is: 'text', parts };
}

/** Tokens between commas. */
export function groups(tokens: Node | null): Node[][] {
  const all: Node[][] = [[]];
  for (const child of tokens?.children ?? []) {
    if (!child.isNamed && child.type === ',') all.push([]);
    else if (child.isNamed || inTokens.has(child.type)) all.at(-1)?.push(child);
  }
  return all.filter(({ length }) => length > 0);
}

/** Tokens that say how names in a macro belong together. */
export const inTokens = new Set(['.', '::', '!', '&', '*', '?', '=']);

/** What tokens are together, which a macro takes as an expression. */
function joined(tokens: Node, group: readonly Node[]): Node | null {
  const [first, ...rest] = group;
  if (!first) return null;
  return rest.length === 0 && first.isNamed ? first : tokens.of(group);
}

/** An expression of tokens: names with dots between, calls of them; anything else is read for the calls in it. */
export function tokensOf(node: Node): Role | null {
  const parts = groups(node);
  if (parts.length !== 1) return { is: 'list', items: parts.flatMap((group) => joined(node, group) ?? []) };
  let [group = []] = parts;
  if (group[0]?.type === '!') return { is: 'not', of: joined(node, group.slice(1)) };
  while (group[0] && /^[&*]$/.test(group[0].type)) group = group.slice(1);
  while (
    group.length > 1 &&
    (group.at(-1)?.type === '?' || group.at(-1)?.text === 'await' || group.at(-1)?.type === '.')
  )
    group = group.slice(0, -1);
  const last = group.at(-1);
  if (!last) return { is: 'skip' };
  if (group.length === 1) return last.isNamed ? { is: 'inner', of: last } : { is: 'skip' };
  const isCall = last.type === 'token_tree' && group.at(-2)?.type === 'identifier';
  const name = isCall ? group.at(-2) : last;
  const before = group.slice(0, isCall ? -2 : -1);
  const link = before.at(-1)?.type;
  if (name?.type !== 'identifier' || (before.length > 0 && link !== '.' && link !== '::'))
    return { is: 'list', items: group.filter(({ type }) => type === 'token_tree') };
  const object = joined(node, before.slice(0, -1));
  const callee: Role = object
    ? { is: 'member', object, n: name.text, at: name }
    : { is: 'name', n: name.text, at: name };
  if (!isCall) return callee;
  if (hands.test(name.text) && object && groups(last).length === 0) return { is: 'inner', of: object };
  return {
    is: 'call',
    callee,
    args: groups(last).flatMap((given) => {
      const value = joined(last, given);
      return value ? [{ value }] : [];
    }),
  };
}
