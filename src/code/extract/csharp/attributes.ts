import type { Call, Decorator } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { expression, givenIn, parts } from './expressions';

/**
 * Attributes before a declaration: `[HttpGet("{id}"), RequireFeature(Flags.New)]`. Each is a call of its class too,
 * whose name may be written without its end.
 */
export function attributesOf(draft: Draft, node: Node): Decorator[] {
  return parts(node)
    .filter((child) => child.type === 'attribute_list')
    .flatMap(parts)
    .flatMap((attribute): Decorator[] => {
      const name = attribute.type === 'attribute' ? attribute.childForFieldName('name') : null;
      const e = name ? expression(draft, name) : undefined;
      if (e?.k !== 'id' && e?.k !== 'mem') return [];
      const list = attribute.namedChildren.find((child) => child.type === 'attribute_argument_list');
      const { a, kw } = givenIn(draft, list, 0);
      const named = kw.length > 0 && { kw };
      const [from, id] = draft.span(attribute);
      const c = e.n.endsWith('Attribute') ? e : { ...e, n: `${e.n}Attribute` };
      const call: Call = { id, from, c, a, ...named, kind: 'decorator', f: draft.fn };
      if (a.length + kw.length > 0 && !draft.call(id)) draft.addCall(call);
      return [{ n: e.n.replace(/Attribute$/, ''), a, ...named }];
    });
}

/** Whether a modifier stands before a declaration or a parameter. */
export function hasModifier(node: Node, modifier: string): boolean {
  return node.namedChildren.some((child) => child.type === 'modifier' && child.text === modifier);
}
