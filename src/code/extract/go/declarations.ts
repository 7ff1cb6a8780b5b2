import type { Expr, Span } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { expression, parts } from './expressions';
import { typeName } from './typeName';

/** What is given to each of several names: pairwise, or the first of what one call gives back. */
export function valuesOf(draft: Draft, count: number, right: Node | null): (Expr | undefined)[] {
  const values = right ? parts(right) : [];
  return Array.from({ length: count }, (_, i) =>
    values.length === count || i === 0 ? values[i] && expression(draft, values[i]) : undefined,
  );
}

/** `const ( A Flag = "a"; B )`: a name without a value has the one before it. Constants are known by their value. */
export function declareConstants(draft: Draft, node: Node): void {
  let before: Node | null = null;
  for (const spec of parts(node)) {
    if (spec.type !== 'const_spec') continue;
    before = spec.childForFieldName('value') ?? before;
    const names = spec.childrenForFieldName('name').filter((name) => name.isNamed);
    const values = valuesOf(draft, names.length, before);
    names.forEach((name, i) => {
      const e = values[i];
      draft.decls.push({
        n: draft.textOf(name),
        kind: 'const',
        scope: draft.block,
        at: draft.at(name),
        ...(e && { e }),
      });
    });
  }
}

/** Parameters, counted whether or not they have a name. */
export function declareParameters(draft: Draft, fn: Node, index: number): void {
  const scope: Span = draft.span(fn);
  const list = fn.childForFieldName('parameters');
  let i = 0;
  for (const parameter of list ? parts(list) : []) {
    const names = parameter.childrenForFieldName('name').filter((name) => name.isNamed);
    const t = typeName(parameter.childForFieldName('type'));
    for (const name of names)
      draft.decls.push({
        n: draft.textOf(name),
        kind: 'param',
        scope,
        at: draft.at(name),
        f: index,
        i: i++,
        ...(t !== null && { t }),
      });
    if (names.length === 0) i++;
  }
}

/** `type T struct`, `type I interface`, `type Flag string`. Aliases of other types are left out. */
export function declareTypes(draft: Draft, node: Node): void {
  for (const spec of parts(node)) {
    const name = spec.childForFieldName('name');
    const type = spec.childForFieldName('type');
    if (!name || !type) continue;
    const n = draft.textOf(name);
    if (type.type === 'struct_type') declareStruct(draft, n, type);
    else if (type.type === 'interface_type') declareInterface(draft, n, type);
    else if (type.type === 'type_identifier' && type.text === 'string')
      draft.classes.push({ n, ext: null, impl: [], deco: [], of: 'string' });
    else continue;
    draft.decls.push({ n, kind: 'class', scope: draft.block, at: draft.at(name) });
  }
}

/** What a struct embeds is its base as far as its methods go. */
function declareStruct(draft: Draft, c: string, type: Node): void {
  const embedded: Node[] = [];
  for (const field of parts(type).flatMap(parts)) {
    const of = field.childForFieldName('type');
    const t = typeName(of);
    const names = field.childrenForFieldName('name').filter((name) => name.isNamed);
    for (const name of names) draft.members.push({ c, n: draft.textOf(name), ...(t !== null && { t }) });
    if (names.length > 0 || t === null || !of) continue;
    embedded.push(of.type === 'pointer_type' ? (of.firstNamedChild ?? of) : of);
    draft.members.push({ c, n: t.slice(t.lastIndexOf('.') + 1), t });
  }
  const impl = embedded.flatMap((of) => typeName(of)?.split('.').at(-1) ?? []);
  draft.classes.push({ n: c, ext: embedded[0] ? expression(draft, embedded[0]) : null, impl, deco: [] });
}

function declareInterface(draft: Draft, c: string, type: Node): void {
  for (const method of parts(type)) {
    const name = method.type === 'method_elem' ? method.childForFieldName('name') : null;
    if (name) draft.members.push({ c, n: draft.textOf(name) });
  }
  draft.classes.push({ n: c, ext: null, impl: [], deco: [], of: 'interface' });
}
