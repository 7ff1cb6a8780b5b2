import { behindPrefix, between, childOf, childrenOf, hasToken, numberOf } from '../grammar/nodes';
import type { Annotation, Argument, Base, ClassRole, FunctionRole, Param, Role, Variable } from '../grammar/role';
import { unescape } from '../unescape';
import type { SyntaxNode as Node } from '../../syntaxTree';

// What declarations, calls and texts of Kotlin's grammar say: the longer roles of languages/kotlin.ts.

export const isCode = ({ type }: Node): boolean => type !== 'line_comment' && type !== 'block_comment';

export const packageIn = (text: string): string => /^\s*package\s+([\w.`]+)/.exec(text)?.[1]?.replace(/`/g, '') ?? '';

export function importOf(node: Node): Role | null {
  const path = childOf(node, 'qualified_identifier', 'identifier');
  if (!path) return null;
  const module = path.text.replace(/[\s`]/g, '');
  const dot = module.lastIndexOf('.');
  const outer = module.slice(0, Math.max(0, dot));
  const imported = module.slice(dot + 1);
  // What is imported of a class may be nested in it, or be one of its members.
  const isClass = (name: string): boolean => /^[A-Z]/.test(name.slice(name.lastIndexOf('.') + 1));
  if (/\.\s*\*\s*$/.test(node.text))
    return {
      is: 'import',
      names: isClass(module) ? [{ all: module, isStatic: true }, { all: module }] : [{ all: module }],
    };
  const alias = node.namedChildren.find((child) => child !== path && child.type === 'identifier');
  const n = alias?.text ?? imported;
  if (isClass(outer)) return { is: 'import', names: [{ n, member: imported, of: outer, at: path }] };
  return { is: 'import', names: [{ n, module, imported, at: path }] };
}

export function classOf(node: Node, kind: ClassRole['kind']): ClassRole {
  const name = node.childForFieldName('name');
  const maker = childOf(node, 'primary_constructor');
  return {
    is: 'class',
    n: name?.text ?? '',
    at: name ?? node,
    kind,
    bases: childrenOf(childOf(node, 'delegation_specifiers'), 'delegation_specifier').flatMap(baseOf),
    maker: maker && {
      at: maker,
      params: childrenOf(childOf(maker, 'class_parameters'), 'class_parameter').map(paramOf),
    },
    members: childOf(node, 'class_body', 'enum_class_body')?.namedChildren ?? [],
    annotations: annotationsOf(node),
  };
}

function baseOf(node: Node): readonly Base[] {
  const made = childOf(node, 'constructor_invocation');
  const of = childOf(made ?? childOf(node, 'explicit_delegation') ?? node, 'user_type');
  if (!of) return [];
  return [made ? { of, isSuper: true, given: { at: made, args: argumentsIn(made) } } : { of, isSuper: false }];
}

export function functionOf(node: Node, name: Node | null): FunctionRole {
  const body = childOf(node, 'function_body');
  const list = childOf(node, 'function_value_parameters');
  const extended = name && node.namedChildren.find((child) => isType(child) && child.endIndex <= name.startIndex);
  const returned = node.namedChildren.find((child) => isType(child) && list && child.startIndex >= list.endIndex);
  const extendedType = extended ? typeName(extended) : null;
  return {
    is: 'function',
    n: name?.text.replace(/`/g, '') ?? null,
    params: childrenOf(list, 'parameter').map(paramOf),
    body: body?.namedChildren.filter(isCode) ?? [],
    lastIsValue: body !== null && childOf(body, 'block') === null,
    returns: typeName(returned ?? null),
    annotations: annotationsOf(node),
    ...(extendedType !== null && { extends: extendedType }),
  };
}

export function paramOf(node: Node): Param {
  const name = childOf(node, 'identifier');
  const isField = hasToken(node, 'val') || hasToken(node, 'var');
  const type = typeName(node.namedChildren.find(isType) ?? null);
  const [value = null] = between(node, '=', null);
  const annotations = annotationsOf(node);
  return {
    n: name?.text ?? '',
    at: name ?? node,
    type,
    value,
    ...(isField && { field: true as const }),
    ...(annotations.length > 0 && { annotations }),
  };
}

export function variablesOf(node: Node): readonly Variable[] {
  const constant = hasToken(node, 'val');
  const delegate = childOf(node, 'property_delegate')?.firstNamedChild ?? null;
  const [value = delegate && lazyValue(delegate)] = between(node, '=', null).filter(isCode);
  const several = childOf(node, 'multi_variable_declaration');
  // What is taken apart by position cannot be told by name.
  if (several) return childrenOf(several, 'variable_declaration').map((name) => variableOf(name, null, false));
  const getter = childOf(childOf(node, 'getter'), 'function_body')?.namedChildren.filter(isCode);
  return childrenOf(node, 'variable_declaration').map((name) => ({
    ...variableOf(name, value, constant),
    ...(getter && getter.length > 0 && { getter }),
    annotations: annotationsOf(node),
  }));
}

export function variableOf(node: Node, value: Node | null, constant: boolean): Variable {
  const name = childOf(node, 'identifier') ?? node;
  return { n: name.text, at: name, type: typeName(node.namedChildren.find(isType) ?? null), value, constant };
}

/** `by lazy { make() }` holds what is made. */
function lazyValue(delegate: Node): Node {
  const isLazy = delegate.type === 'call_expression' && delegate.firstNamedChild?.text === 'lazy';
  const lambda = isLazy ? childOf(childOf(delegate, 'annotated_lambda'), 'lambda_literal') : null;
  return lambda?.namedChildren.findLast(isCode) ?? delegate;
}

export function callOf(node: Node): Role | null {
  const lambda = childOf(node, 'annotated_lambda');
  const inner = node.firstNamedChild;
  // The grammar reads `get("/x") { … }` as a call of what `get("/x")` gives.
  const isInner = inner?.type === 'call_expression' && lambda && !childOf(inner, 'annotated_lambda');
  const at = isInner ? inner : node;
  const callee = at.firstNamedChild;
  if (!callee) return null;
  const args = argumentsIn(at);
  const name = callee.type === 'navigation_expression' ? (callee.lastNamedChild?.text ?? '') : callee.text;
  if (/^(list|set|arrayList|array|mutableList|mutableSet)Of$/.test(name))
    return { is: 'list', items: args.map(({ value }) => value) };
  // What stands in a text block stays what it is, but for its indentation.
  if (/^trim(Indent|Margin)$/.test(name) && callee.type === 'navigation_expression')
    return { is: 'inner', of: callee.firstNamedChild };
  return { is: 'call', callee, args: lambda ? [...args, { value: lambda }] : args };
}

export function argumentsIn(node: Node): readonly Argument[] {
  return childrenOf(childOf(node, 'value_arguments'), 'value_argument').flatMap((argument) => {
    const isNamed = hasToken(argument, '=');
    const value = argument.namedChildren.findLast(isCode);
    return value ? [{ value, name: isNamed ? (argument.firstNamedChild?.text ?? null) : null }] : [];
  });
}

function annotationsOf(node: Node): readonly Annotation[] {
  const before = childOf(node, 'modifiers');
  return childrenOf(before, 'annotation').flatMap((annotation) => {
    const made = childOf(annotation, 'constructor_invocation');
    const name = childrenOf(childOf(made ?? annotation, 'user_type'), 'identifier').at(-1);
    return name ? [{ n: name.text, at: annotation, args: made ? argumentsIn(made) : [] }] : [];
  });
}

export function unaryOf(node: Node): Role | null {
  const of = node.childForFieldName('argument');
  switch (node.childForFieldName('operator')?.type) {
    case '!':
      return { is: 'not', of };
    case '!!':
    case '+':
      return { is: 'inner', of };
    case '++':
    case '--':
      return { is: 'assign', target: of, value: null };
    default: {
      const v = of?.type === 'number_literal' ? -numberOf(of.text) : NaN;
      return Number.isFinite(v) ? { is: 'value', v } : null;
    }
  }
}

const chained = new Set(['call_expression', 'navigation_expression', 'index_expression']);

export function prefixed(node: Node): Role | null {
  const found = behindPrefix(node, chained, (first) => {
    const of = first.childForFieldName('argument');
    const operator = first.type === 'unary_expression' ? first.childForFieldName('operator') : null;
    return of && operator && operator.startIndex < of.startIndex ? { operator: operator.type, of } : null;
  });
  return found && { is: found.operator === '!' ? 'not' : 'inner', of: found.of };
}

const called = new Set(['identifier', 'navigation_expression']);

/** The grammar takes `find<Flag>(key)?.isOn()` for comparisons, where one argument is given to a plain name. */
export function genericCall(node: Node): Node | null {
  const less = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  const name = less?.childForFieldName('left');
  const type = less?.childForFieldName('right');
  const isGeneric =
    node.childForFieldName('operator')?.type === '>' && less?.childForFieldName('operator')?.type === '<';
  if (!right || !name || !called.has(name.type) || !type || !isGeneric || !/^[A-Z]/.test(type.text)) return null;
  const callOn = (given: Node): Node => {
    const { startIndex: from, endIndex: to } = given;
    const args = given.namedChildren.map((each) =>
      each.as('value_argument', each.startIndex, each.endIndex).of([each]),
    );
    const list = given.as('value_arguments', from, to).of(args);
    return node.as('call_expression', name.startIndex, to).of([name, list]);
  };
  if (right.type === 'parenthesized_expression') return callOn(right);
  const found = behindPrefix(right, chained, (first) =>
    first.type === 'parenthesized_expression' ? { operator: '>', of: callOn(first) } : null,
  );
  return found?.of ?? null;
}

const types = ['user_type', 'nullable_type', 'function_type', 'parenthesized_type', 'non_nullable_type'];
const isType = ({ type }: Node): boolean => types.includes(type);

/** What a type of these names says is told by the value. */
const plain = /^(String|CharSequence|Any|Boolean|Int|Long|Short|Double|Float|Unit)$/;

function typeName(node: Node | null): string | null {
  if (node?.type === 'nullable_type' || node?.type === 'parenthesized_type') return typeName(node.firstNamedChild);
  if (node?.type !== 'user_type') return null;
  const name = childrenOf(node, 'identifier')
    .map(({ text }) => text)
    .join('.');
  return name === '' || plain.test(name) ? null : name;
}

/** The grammar does not see names as holes: of `"pre-$id"` they are read here. */
export function textOf(node: Node): Role {
  const isRaw = node.type === 'multiline_string_literal';
  const quotes = isRaw ? 3 : 1;
  const parts: (string | Node)[] = [];
  const end = Math.max(node.startIndex + quotes, node.endIndex - quotes);
  let at = node.startIndex + quotes;
  const text = (to: number): void => {
    const written = node.text.slice(at - node.startIndex, to - node.startIndex);
    let from = 0;
    for (const hole of written.matchAll(/(?<!\\)\$([A-Za-z_]\w*)/g)) {
      const start = at + hole.index;
      parts.push(
        said(written.slice(from, hole.index), isRaw),
        node.as('identifier', start + 1, start + hole[0].length),
      );
      from = hole.index + hole[0].length;
    }
    parts.push(said(written.slice(from), isRaw));
  };
  for (const hole of childrenOf(node, 'interpolation')) {
    text(hole.startIndex);
    if (hole.firstNamedChild) parts.push(hole.firstNamedChild);
    at = hole.endIndex;
  }
  text(end);
  return { is: 'text', parts };
}

const said = (written: string, isRaw: boolean): string => (isRaw ? written : unescape(written));
