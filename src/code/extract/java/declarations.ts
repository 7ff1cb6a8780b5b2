import type { Declaration, Expr, Span } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { annotationsOf } from './annotations';
import { argumentsOf, expression, parameterOf, parts } from './expressions';
import { typeName } from './typeName';

const mostArguments = 8;

/** A class, interface, enum, record or annotation by its name, and what it stands on. */
export function declareClass(draft: Draft, node: Node, name: string, span: Span): void {
  const nameNode = node.childForFieldName('name');
  const superclass = node.childForFieldName('superclass')?.firstNamedChild;
  const listed =
    node.childForFieldName('interfaces') ?? node.namedChildren.find((child) => child.type === 'extends_interfaces');
  const interfaces = (listed ? parts(listed) : []).flatMap(parts);
  const bases = [...(superclass ? [superclass] : []), ...interfaces].map((base) => expression(draft, base));
  draft.classes.push({
    n: name,
    ext: superclass ? expression(draft, superclass) : null,
    impl: bases.flatMap((base) => (base.k === 'id' || base.k === 'mem' ? [base.n] : [])),
    deco: annotationsOf(draft, node),
    span,
    ...(node.type === 'interface_declaration' && { of: 'interface' as const }),
    ...(node.type === 'enum_declaration' && { of: 'enum' as const }),
  });
  const at = nameNode ? draft.at(nameNode) : draft.at(node);
  draft.decls.push({ n: name, kind: 'class', scope: draft.block, at });
}

/** `private final Client client = …, other`: members of a class by name, with type and value. */
export function declareFields(draft: Draft, node: Node, c: string): void {
  const t = typeName(node.childForFieldName('type'));
  for (const declarator of node.childrenForFieldName('declarator')) {
    const name = declarator.childForFieldName('name');
    const value = declarator.childForFieldName('value');
    if (!name) continue;
    const typed = t !== null && { t };
    draft.members.push({ c, n: draft.textOf(name), ...typed, ...(value && { e: expression(draft, value) }) });
  }
}

/** `NEW("k", true)`: an instance made of what it is given. */
export function declareEnumConstant(draft: Draft, node: Node, c: string): void {
  const name = node.childForFieldName('name');
  if (!name) return;
  const [from, id] = draft.span(node);
  const at = draft.at(name);
  if (!draft.call(id))
    draft.addCall({
      id,
      from,
      c: { k: 'id', n: c, at },
      a: argumentsOf(node)
        .slice(0, mostArguments)
        .map((argument) => expression(draft, argument)),
      kind: 'new',
      f: draft.fn,
    });
  draft.members.push({ c, n: draft.textOf(name), e: { k: 'call', id } });
}

/** Components of a record are its fields, in the order in which its maker takes them. */
export function declareComponents(draft: Draft, node: Node, c: string): void {
  const list = node.childForFieldName('parameters');
  for (const component of list ? parts(list) : []) {
    const { name, t } = parameterOf(component);
    if (name) draft.members.push({ c, n: draft.textOf(name), ...(t !== null && { t }) });
  }
}

/** Parameters of a method, constructor or lambda. */
export function declareParameters(draft: Draft, fn: Node, index: number): void {
  const given = fn.childForFieldName('parameters');
  const scope = draft.span(fn);
  const list = given?.type === 'identifier' ? [given] : given ? parts(given) : [];
  let i = 0;
  for (const parameter of list) {
    if (parameter.type === 'receiver_parameter') continue;
    annotationsOf(draft, parameter);
    const { name, t } = parameterOf(parameter);
    const at = i++;
    if (!name) continue;
    const n = draft.textOf(name);
    if (parameter.type === 'spread_parameter') draft.decls.push({ n, kind: 'let', scope, at: draft.at(name) });
    else draft.decls.push({ n, kind: 'param', scope, at: draft.at(name), f: index, i: at, ...(t !== null && { t }) });
  }
}

/** Declares a local name; `e` counts where it keeps its value. */
export function declareLocal(draft: Draft, name: Node | null, keeps: boolean, type: Node | null, e?: Expr): void {
  if (!name) return;
  const t = typeName(type);
  const kind: Declaration['kind'] = keeps && e ? 'const' : 'let';
  const typed = t !== null && { t };
  draft.decls.push({ n: draft.textOf(name), kind, scope: draft.block, at: draft.at(name), ...typed, ...(e && { e }) });
}
