import { behindPrefix, childOf, childrenOf, hasToken, numberOf } from '../grammar/nodes';
import type { Annotation, Argument, ClassRole, FunctionRole, Param, Role, SwitchCase, Variable } from '../grammar/role';
import { unescape } from '../unescape';
import type { SyntaxNode as Node } from '../../syntaxTree';

// What declarations, calls and texts of Swift's grammar say: the longer roles of languages/swift.ts.

/** A case of an enum of texts, and the text that one stands for which says nothing. */
export const textEntry = 'text_enum_entry';
export const impliedText = 'implied_text';

export const given = (node: Node | null): readonly Node[] => (node ? [node] : []);

export function numberIn(node: Node): Role | null {
  const v = numberOf(node.text);
  return Number.isFinite(v) ? { is: 'value', v } : null;
}

export function binaryOf(node: Node): Role {
  const op = node.childForFieldName('op')?.type ?? '';
  return { is: 'binary', op, a: node.childForFieldName('lhs'), b: node.childForFieldName('rhs') };
}

/** Any class may be extended anywhere. */
export function classOf(node: Node): ClassRole {
  const name = node.childForFieldName('name');
  const kind = node.childForFieldName('declaration_kind')?.type;
  const bases = childrenOf(node, 'inheritance_specifier').flatMap(
    (each) => each.childForFieldName('inherits_from') ?? [],
  );
  const members = node.childForFieldName('body')?.namedChildren ?? [];
  const ofTexts = kind === 'enum' && bases[0]?.text === 'String';
  return {
    is: 'class',
    n: name?.text.replace(/<.*$/s, '') ?? '',
    at: name ?? node,
    kind: kind === 'protocol' ? 'interface' : kind === 'enum' ? 'enum' : 'class',
    partial: true,
    // Whether the first is a class or a protocol the text does not tell.
    bases: bases.map((of, i) => ({ of, isSuper: i === 0 && kind === 'class' })),
    maker: null,
    members: ofTexts
      ? members.map((each) =>
          each.type === 'enum_entry' ? each.as(textEntry, each.startIndex, each.endIndex).of(each.children) : each,
        )
      : members,
    annotations: annotationsOf(node),
  };
}

export function entriesOf(node: Node, ofTexts: boolean): readonly Variable[] {
  const entries: Variable[] = [];
  for (const child of node.children) {
    const last = entries.at(-1);
    if (child.field === 'name' && child.isNamed) {
      const value = ofTexts ? child.as(impliedText, child.startIndex, child.endIndex) : null;
      entries.push({ n: child.text.replace(/`/g, ''), at: child, type: null, value, constant: true, entry: true });
    } else if (child.field === 'raw_value' && last) entries.splice(-1, 1, { ...last, value: child });
  }
  return entries;
}

export function functionOf(node: Node, n: string | null): FunctionRole {
  const returned = node.children.findLast(({ field, isNamed, type }) => field === 'name' && isNamed && isType(type));
  const body = node.childForFieldName('body');
  return {
    is: 'function',
    n,
    params: childrenOf(node, 'parameter').map(paramOf),
    body: given(childOf(body, 'statements') ?? body),
    lastIsValue: childOf(body, 'statements')?.namedChildren.length === 1,
    returns: typeName(returned ?? null),
    annotations: annotationsOf(node),
  };
}

/** A parameter without a label is called by its own name; `_` says that it has none. */
export function paramOf(node: Node): Param {
  const name = node.children.find(({ field, type }) => field === 'name' && type === 'simple_identifier');
  const label = node.childForFieldName('external_name')?.text ?? null;
  const type = node.namedChildren.find((child) => isType(child.type));
  return { n: name?.text ?? '', at: name ?? node, label: label === '_' ? null : label, type: typeName(type ?? null) };
}

export function variablesOf(node: Node): readonly Variable[] {
  const constant = childOf(node, 'value_binding_pattern')?.text === 'let';
  const annotations = annotationsOf(node);
  const found: Variable[] = [];
  for (const child of node.children) {
    const last = found.at(-1);
    if (child.type === 'pattern' && child.field === 'name') {
      const name = child.childForFieldName('bound_identifier');
      const names = name ? [name] : childrenOf(child, 'pattern');
      for (const at of names)
        found.push({ n: at.text, at, type: null, value: null, constant: constant && !!name, annotations });
    } else if (!last) continue;
    else if (child.type === 'type_annotation')
      found.splice(-1, 1, { ...last, type: typeName(child.childForFieldName('name')) });
    else if (child.field === 'value' && child.isNamed) found.splice(-1, 1, { ...last, value: child });
    else if (child.type === 'computed_property') {
      const getter = getterIn(child);
      if (getter) found.splice(-1, 1, { ...last, getter });
    }
  }
  return found;
}

/** What a computed property gives; nothing where it only says that it can be read. */
export function getterIn(node: Node | null): readonly Node[] | null {
  const statements = childOf(node, 'statements') ?? childOf(childOf(node, 'computed_getter'), 'statements');
  if (!statements) return null;
  return statements.namedChildren.length === 1 ? statements.namedChildren : [statements];
}

/** Conditions stand between commas; what they bind is named before its value. */
export function branchOf(node: Node): Extract<Role, { is: 'if' }> {
  const conditions: Node[] = [];
  const names: Variable[] = [];
  const sides: Node[] = [];
  let bound: Node | null = null;
  let isPattern = false;
  let isElse = false;
  let hasElse = false;
  let then: Node[] = [];
  for (const child of node.children) {
    if (child.type === ',') [bound, isPattern] = [null, false];
    else if (child.type === 'else') [isElse, hasElse] = [true, true];
    else if (child.field === 'bound_identifier') bound = child;
    else if (child.field === 'condition' && child.type === 'case') isPattern = true;
    else if (child.field === 'condition' && child.isNamed && child.type !== 'value_binding_pattern') {
      if (isPattern) continue;
      conditions.push(child);
      if (bound) names.push({ n: bound.text, at: bound, type: null, value: child, constant: true });
      bound = null;
    } else if (child.type === 'statements' || child.type === 'if_statement') {
      if (isElse) sides.push(child);
      else then = [child];
    }
  }
  // A guard has the one block, behind its `else`.
  return node.type === 'guard_statement'
    ? { is: 'if', conditions, names, then: sides, other: [] }
    : { is: 'if', conditions, names, then, other: hasElse ? sides : [] };
}

export function caseOf(node: Node): SwitchCase {
  return {
    tests: childrenOf(node, 'switch_pattern'),
    body: childrenOf(node, 'statements'),
    isDefault: childOf(node, 'default_keyword') !== null,
  };
}

/** `.on`, `Flag.on`, `"blue"`; what binds names is nothing that can be compared. */
export function patternOf(node: Node): Role | null {
  const [first, ...rest] = node.namedChildren;
  if (!first || first.type === 'value_binding_pattern') return null;
  const at = rest.at(-1) ?? first;
  if (!hasToken(node, '.') || at.type !== 'simple_identifier') return { is: 'inner', of: first };
  return { is: 'member', object: rest.length > 0 ? first : null, n: at.text, at };
}

export function callOf(node: Node): Role | null {
  const callee = node.firstNamedChild;
  const suffix = childOf(node, 'call_suffix');
  if (!callee) return null;
  const args = [...argumentsIn(suffix), ...childrenOf(suffix, 'lambda_literal').map((value): Argument => ({ value }))];
  // `config["welcome"]`
  if (childOf(suffix, 'value_arguments')?.text.startsWith('['))
    return { is: 'call', callee: { is: 'member', object: callee, n: 'subscript', at: suffix ?? callee }, args };
  return { is: 'call', callee, args };
}

export function argumentsIn(suffix: Node | null): readonly Argument[] {
  return childrenOf(childOf(suffix, 'value_arguments'), 'value_argument').flatMap((argument): Argument[] => {
    const value = argument.childForFieldName('value');
    const name = argument.childForFieldName('name')?.text ?? null;
    return value ? [{ value, name, labelled: true }] : [];
  });
}

/** `@FeatureFlag("key") var isOn: Bool` */
function annotationsOf(node: Node): readonly Annotation[] {
  const all = [...childrenOf(childOf(node, 'modifiers'), 'attribute'), ...childrenOf(node, 'attribute')];
  return all.flatMap((attribute) => {
    const [type, ...args] = attribute.namedChildren;
    const name = childOf(type, 'type_identifier');
    return name ? [{ n: name.text, at: attribute, args: args.map((value) => ({ value })) }] : [];
  });
}

const chained = new Set(['call_expression', 'navigation_expression']);

/** The grammar binds `!` and `+` closer than the calls and members that follow. */
export function prefixed(node: Node): Role | null {
  let left: Node | null = null;
  const found = behindPrefix(node, chained, (first) => {
    if (first.type === 'prefix_expression' && first.childForFieldName('operation')?.text === '!')
      return { operator: '!', of: first.childForFieldName('target') };
    if (first.type !== 'additive_expression') return null;
    left = first.childForFieldName('lhs');
    return { operator: first.childForFieldName('op')?.type ?? '', of: first.childForFieldName('rhs') };
  });
  if (!found) return null;
  return found.operator === '!'
    ? { is: 'not', of: found.of }
    : { is: 'binary', op: found.operator, a: left, b: found.of };
}

const isType = (type: string): boolean => type.endsWith('_type');

/** What a type of these names says is told by the value. */
const plain = /^(String|Bool|Int|Double|Float|Any|Void)$/;

function typeName(node: Node | null): string | null {
  if (node?.type === 'optional_type') return typeName(node.childForFieldName('wrapped'));
  if (node?.type === 'opaque_type' || node?.type === 'existential_type') return typeName(node.firstNamedChild);
  if (node?.type !== 'user_type') return null;
  const name = childrenOf(node, 'type_identifier')
    .map(({ text }) => text)
    .join('.');
  return name === '' || plain.test(name) ? null : name;
}

export function textOf(node: Node): Role {
  const isLong = node.type === 'multi_line_string_literal';
  const parts = node.namedChildren.flatMap((child): (string | Node)[] => {
    const hole = child.type === 'interpolated_expression' ? child.childForFieldName('value') : null;
    return [hole ?? unescape(child.text)];
  });
  if (!isLong || parts.length !== 1 || typeof parts[0] !== 'string') return { is: 'text', parts };
  return { is: 'text', parts: [parts[0].trim()] };
}
