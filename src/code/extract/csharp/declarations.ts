import type { Declaration, Expr, Span } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { attributesOf, hasModifier } from './attributes';
import { callOf, expression, parts } from './expressions';
import { servedType } from './servedType';
import { typeName } from './typeName';

/** A class, struct, record, interface or enum by its name, and what it stands on. */
export function declareClass(draft: Draft, node: Node, name: string, span: Span): void {
  const list = node.namedChildren.find((child) => child.type === 'base_list');
  const bases = (list ? parts(list) : [])
    .filter((base) => base.type !== 'argument_list')
    .map((base) =>
      expression(draft, base.type === 'primary_constructor_base_type' ? base.childForFieldName('type') : base),
    );
  draft.classes.push({
    n: name,
    ext: node.type === 'interface_declaration' ? null : (bases[0] ?? null),
    impl: bases.flatMap((base) => (base.k === 'id' || base.k === 'mem' ? [base.n] : [])),
    deco: attributesOf(draft, node),
    span,
    ...(node.type === 'interface_declaration' && { of: 'interface' as const }),
    ...(hasModifier(node, 'partial') && { partial: true as const }),
  });
  const nameNode = node.childForFieldName('name');
  draft.decls.push({ n: name, kind: 'class', scope: draft.block, at: nameNode ? draft.at(nameNode) : draft.at(node) });
}

/** Value of a declarator: what follows its name. `new(…)` makes what the declared type says. */
export function valueOf(draft: Draft, declarator: Node, type: Node | null): { node: Node; e: Expr } | undefined {
  const name = declarator.childForFieldName('name');
  const node = parts(declarator).findLast((child) => child !== name && child.type !== 'bracketed_argument_list');
  if (!node) return undefined;
  if (node.type === 'implicit_object_creation_expression') callOf(draft, node, 0, type);
  return { node, e: expression(draft, node) };
}

/** `private readonly IFlags _flags = …, other`: members of a class by name, with type and value. */
export function declareFields(draft: Draft, node: Node, c: string): void {
  const declaration = node.namedChildren.find((child) => child.type === 'variable_declaration');
  const type = declaration?.childForFieldName('type') ?? null;
  for (const declarator of declaration ? parts(declaration) : []) {
    const name = declarator.type === 'variable_declarator' ? declarator.childForFieldName('name') : null;
    if (!name) continue;
    const value = valueOf(draft, declarator, type);
    const t = typeName(type) ?? servedType(value?.node);
    draft.members.push({ c, n: draft.textOf(name), ...(t !== null && { t }), ...(value && { e: value.e }) });
  }
}

/** Parameters of a class itself are its members, in the order in which its maker takes them. */
export function declareComponents(draft: Draft, node: Node, c: string): void {
  const list = node.namedChildren.find((child) => child.type === 'parameter_list');
  if (!list) return;
  const f = draft.functionAt(list, null);
  draft.members.push({ c, n: 'constructor', f });
  for (const [i, parameter] of parts(list).entries()) {
    const name = parameter.childForFieldName('name');
    if (!name) continue;
    const n = draft.textOf(name);
    const t = typeName(parameter.childForFieldName('type'));
    const typed = t !== null && { t };
    draft.decls.push({ n, kind: 'param', scope: draft.span(list), at: draft.at(name), f, i, ...typed });
    draft.members.push({ c, n, ...typed });
  }
}

/** Parameters of a method, constructor, local function or lambda. What an extension method extends is given none. */
export function declareParameters(draft: Draft, fn: Node, index: number): void {
  const given = fn.childForFieldName('parameters');
  const scope = draft.span(fn);
  const list = given?.type === 'implicit_parameter' ? [given] : given ? parts(given) : [];
  const extended = list[0] && hasModifier(list[0], 'this') ? 1 : 0;
  for (const [at, parameter] of list.entries()) {
    const name = parameter.type === 'implicit_parameter' ? parameter : parameter.childForFieldName('name');
    if (!name) continue;
    const t = typeName(parameter.childForFieldName('type'));
    const typed = t !== null && { t };
    const n = draft.textOf(name);
    draft.decls.push({ n, kind: 'param', scope, at: draft.at(name), f: index, i: at - extended, ...typed });
  }
}

/** Declares a local name; `e` counts where it keeps its value. */
export function declareLocal(draft: Draft, name: Node | null, keeps: boolean, t: string | null, e?: Expr): void {
  if (!name) return;
  const kind: Declaration['kind'] = keeps && e ? 'const' : 'let';
  const typed = t !== null && { t };
  draft.decls.push({ n: draft.textOf(name), kind, scope: draft.block, at: draft.at(name), ...typed, ...(e && { e }) });
}
