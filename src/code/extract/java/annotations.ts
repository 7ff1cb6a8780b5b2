import type { Call, Decorator, Expr } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { expression, parts } from './expressions';

/** Annotations before a declaration: `@GetMapping(path = "/x")`. Each that is given something is a call of its class too. */
export function annotationsOf(draft: Draft, node: Node): Decorator[] {
  const modifiers = node.namedChildren.find((child) => child.type === 'modifiers');
  return (modifiers ? parts(modifiers) : []).flatMap((annotation): Decorator[] => {
    const name = annotation.childForFieldName('name');
    if (!name) return [];
    const list = annotation.childForFieldName('arguments');
    const given = list ? parts(list) : [];
    const kw = given.flatMap((argument): [string, Expr][] => {
      const key = argument.type === 'element_value_pair' ? argument.childForFieldName('key') : null;
      return key ? [[draft.textOf(key), expression(draft, argument.childForFieldName('value'))]] : [];
    });
    const a = given
      .filter((argument) => argument.type !== 'element_value_pair')
      .map((argument) => expression(draft, argument));
    const named = kw.length > 0 && { kw };
    const [from, id] = draft.span(annotation);
    const call: Call = { id, from, c: expression(draft, name), a, ...named, kind: 'decorator', f: draft.fn };
    if (given.length > 0 && !draft.call(id)) draft.addCall(call);
    const text = draft.textOf(name);
    return [{ n: text.slice(text.lastIndexOf('.') + 1), a, ...named }];
  });
}

/** Whether a modifier stands before a declaration. */
export function hasModifier(draft: Draft, node: Node, modifier: string): boolean {
  const modifiers = node.namedChildren.find((child) => child.type === 'modifiers');
  if (!modifiers) return false;
  const last = parts(modifiers).at(-1);
  const from = last ? last.endIndex : modifiers.startIndex;
  const words = `${draft.text.slice(modifiers.startIndex, parts(modifiers)[0]?.startIndex ?? from)} ${draft.text.slice(from, modifiers.endIndex)}`;
  return words.split(/\s+/).includes(modifier);
}
