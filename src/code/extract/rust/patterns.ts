import { childrenOf } from '../grammar/nodes';
import type { Role, SwitchCase, Variable } from '../grammar/role';
import type { SyntaxNode as Node } from '../../syntaxTree';

/** Names that a pattern binds, and what to: `x`, `Some(x)`, `Self { client, .. }`. Several places cannot be told apart. */
export function bindingOf(pattern: Node | null, value: Node | null, type: string | null, constant: boolean): Role {
  const one = (at: Node, rest: Partial<Variable> = {}): Role => ({
    is: 'variables',
    names: [{ n: at.text, at, type, value, constant, ...rest }],
  });
  if (pattern?.type === 'identifier') return one(pattern);
  if (pattern?.type === 'mut_pattern' && pattern.lastNamedChild)
    return one(pattern.lastNamedChild, { constant: false });
  if (pattern?.type === 'tuple_struct_pattern') {
    const [, inner, more] = pattern.namedChildren;
    if (inner && !more && inner.type === 'identifier') return one(inner, { type: null });
  }
  if (pattern?.type === 'struct_pattern') {
    const names = childrenOf(pattern, 'field_pattern').flatMap((field): Variable[] => {
      const at = field.childForFieldName('name');
      const name = field.childForFieldName('pattern') ?? at;
      return at && name ? [{ n: name.text, at: name, type: null, value, constant, property: at.text }] : [];
    });
    if (names.length > 0) return { is: 'variables', names };
  }
  return { is: 'scope', names: unknownNames(pattern), children: value ? [value] : [] };
}

export function unknownNames(pattern: Node | null): Variable[] {
  const names = pattern?.descendantsOfType(['identifier']).filter(({ text }) => /^[a-z_]/.test(text)) ?? [];
  return names.map((at) => ({ n: at.text, at, type: null, value: null, constant: false }));
}

/** `let Ok(true) = x` compares, `let Some(y) = x` names. */
export function letOf(node: Node): Role {
  const pattern = node.childForFieldName('pattern');
  const value = node.childForFieldName('value');
  const [test] = testsOf(pattern);
  if (test) return { is: 'binary', op: '==', a: value, b: test };
  return bindingOf(pattern, value, null, true);
}

/** What a text is a view of: `theme` of `match theme.as_str()`. */
export function asked(subject: Node | null): Node | null {
  const method = subject?.type === 'call_expression' ? subject.childForFieldName('function') : null;
  const isView = /^(as_str|as_ref|as_deref)$/.test(method?.childForFieldName('field')?.text ?? '');
  return isView ? (method?.childForFieldName('value') ?? null) : subject;
}

export function armOf(arm: Node): SwitchCase {
  const pattern = arm.childForFieldName('pattern');
  const condition = pattern?.childForFieldName('condition') ?? null;
  const [of] = pattern?.namedChildren.filter((child) => child !== condition) ?? [];
  const value = arm.childForFieldName('value');
  const isDefault = condition === null && (!of || (of.type === 'identifier' && /^[a-z_]/.test(of.text)));
  return { tests: condition || isDefault ? [] : testsOf(of ?? null), body: value ? [value] : [], isDefault };
}

/** What a pattern compares with: `"a" | "b"`, `Some("a")`, `Flag::New`. */
function testsOf(pattern: Node | null): readonly Node[] {
  if (!pattern) return [];
  if (pattern.type.endsWith('_literal') || pattern.type === 'scoped_identifier') return [pattern];
  if (pattern.type === 'identifier') return /^[A-Z]/.test(pattern.text) && pattern.text !== 'None' ? [pattern] : [];
  if (pattern.type === 'or_pattern') return pattern.namedChildren.flatMap(testsOf);
  if (pattern.type === 'tuple_struct_pattern') {
    const [type, inner, more] = pattern.namedChildren;
    return inner && !more && /^(Some|Ok)$/.test(type?.text ?? '') && inner.type.endsWith('_literal') ? [inner] : [];
  }
  return [];
}
