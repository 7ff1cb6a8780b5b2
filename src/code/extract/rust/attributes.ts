import { childOf, childrenOf } from '../grammar/nodes';
import type { Annotation, Argument } from '../grammar/role';
import type { SyntaxNode as Node } from '../../syntaxTree';
import { groups } from './tokens';

/** Members, each together with the attributes above it. */
export function marked(body: Node | null): Node[] {
  const members: Node[] = [];
  let above: Node[] = [];
  for (const child of body?.namedChildren ?? []) {
    if (child.type === 'attribute_item') above.push(child);
    else if (!child.type.endsWith('comment')) {
      members.push(above.length > 0 ? child.of([...above, ...child.children]) : child);
      above = [];
    }
  }
  return members;
}

/** `#[get("/x")]`, `#[serde(rename = "x")]`: what is given stands among tokens. */
export function annotationsIn(items: readonly Node[]): readonly Annotation[] {
  return items.flatMap((item) => {
    const attribute = childOf(item, 'attribute');
    const name = attribute?.firstNamedChild;
    if (!attribute || !name) return [];
    const given = groups(attribute.childForFieldName('arguments')).flatMap((group): Argument[] => {
      const value = group.findLast(({ type }) => type.endsWith('string_literal'));
      if (!value) return [];
      const [first] = group;
      return [{ value, name: first && first !== value && first.type === 'identifier' ? first.text : null }];
    });
    return [{ n: name.text.slice(name.text.lastIndexOf(':') + 1), at: item, args: given }];
  });
}

/** What a variant is called in texts, where an attribute says so. */
export function renamed(variant: Node): readonly Argument[] {
  const given = annotationsIn(childrenOf(variant, 'attribute_item')).flatMap(({ args }) =>
    args.filter(({ name }) => name === 'rename' || name === 'serialize' || name === 'to_string'),
  );
  return given.slice(0, 1).map(({ value }) => ({ value }));
}
