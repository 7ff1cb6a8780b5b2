import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { parts } from './expressions';
import { typeName } from './typeName';

const deepest = 4;

/** Gives the functions of what a variable holds its name, before they are visited: `Flag.Value` of `var Flag = struct{…}{Value: func…}`. */
export function nameFunctions(
  draft: Draft,
  value: Node,
  name: string,
  head: number,
  path: readonly string[] = [],
): void {
  const target = value.type === 'unary_expression' ? (value.childForFieldName('operand') ?? value) : value;
  if (target.type === 'func_literal') {
    const isMember = path.length > 0;
    draft.functionAt(target, typeName(target.childForFieldName('result')), {
      n: path.at(-1) ?? name,
      q: draft.qualified([name, ...path].join('.')),
      head: isMember ? draft.at(value) : head,
      cls: null,
      method: isMember,
      owners: isMember ? [name] : [],
      deco: [],
    });
  } else if (target.type === 'composite_literal' && path.length < deepest) {
    for (const element of parts(target.childForFieldName('body') ?? target)) {
      const key = element.childForFieldName('key');
      const inner = element.childForFieldName('value')?.firstNamedChild;
      if (element.type === 'keyed_element' && key && inner)
        nameFunctions(draft, inner, name, head, [...path, draft.textOf(key)]);
    }
  }
}
