import type { Declaration } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import { nowhere, ownStar, staticStar } from '../../summary';
import type { Reading } from './reading';
import type { ClassRole, EnumEntry, FunctionRole, Imported, Variable } from './role';

/** A class by its name, and what it stands on. What its bases' makers are given are calls. */
export function declareClass({ draft, reading }: At, node: Node, role: ClassRole, name: string): void {
  const bases = role.bases.map(({ of, given, isSuper }) => {
    const e = reading.expression(of);
    return { e: given && isSuper ? reading.making(given.at, e, given.args) : e, named: e, isSuper };
  });
  const base = bases.find(({ isSuper }) => isSuper);
  draft.classes.push({
    n: name,
    ext: base ? base.e : null,
    impl: bases.flatMap(({ named }) => (named.k === 'id' || named.k === 'mem' ? [named.n] : [])),
    deco: reading.decorators(role.annotations),
    span: draft.span(node),
    ...(role.partial && { partial: true as const }),
    ...(role.kind === 'interface' && { of: 'interface' as const }),
    ...(role.kind === 'enum' && { of: 'enum' as const }),
    ...(role.kind === 'texts' && { of: 'string' as const }),
  });
  draft.decls.push({ n: name, kind: 'class', scope: draft.block, at: draft.at(role.at) });
}

/** An instance of the enum made of what it is given, or the value it stands for. Answers the class of its own members. */
export function declareEntry({ draft, reading }: At, node: Node, role: EnumEntry, c: string): string | null {
  const { n, value } = role;
  const at = draft.at(role.at);
  if (value !== null) {
    const e = typeof value === 'string' ? { k: 'str' as const, v: value, at } : reading.expression(value);
    draft.members.push({ c, n, e });
    return null;
  }
  const made = reading.making(node, { k: 'id', n: c, at }, role.args);
  if (role.members.length === 0) {
    draft.members.push({ c, n, e: made });
    return null;
  }
  // What it says otherwise than the others is a class of its own, which no code can name.
  const own = `${c}.${n}`;
  draft.classes.push({ n: own, ext: made, impl: [c], of: 'enum', deco: [], span: draft.span(node) });
  draft.decls.push({ n: own, kind: 'class', scope: null, at });
  draft.members.push({ c, n, e: { k: 'id', n: own, at: nowhere } });
  return own;
}

/** Parameters of a function. What takes the rest of the arguments, or has no place, is known by name only. */
export function declareParameters(
  { draft }: At,
  node: Node,
  role: FunctionRole,
  index: number,
  implicit?: string,
): void {
  const scope = draft.span(node);
  const at = draft.at(node);
  if (role.params.length === 0 && role.n === null && role.body.length > 0 && implicit !== undefined) {
    draft.decls.push({ n: implicit, kind: 'param', scope, at, f: index, i: 0 });
    return;
  }
  role.params.forEach(({ n, at: name, label, type, rest }, i) => {
    if (n === '') return;
    const known = { n, scope, at: draft.at(name), ...(type !== null && { t: type }) };
    const called = label !== undefined && label !== null && label !== n && { label };
    if (rest) draft.decls.push({ ...known, kind: 'let' });
    else draft.decls.push({ ...known, kind: 'param', f: index, i, ...called });
  });
}

/** A variable outside of classes. `keeps`: it has the one value. */
export function declareVariable({ draft, reading }: At, variable: Variable, keeps: boolean): void {
  const { n, at, value, property } = variable;
  const kind: Declaration['kind'] = keeps && value ? 'const' : 'let';
  draft.decls.push({
    n,
    kind,
    scope: draft.block,
    at: draft.at(at),
    ...reading.held(variable),
    ...(property !== undefined && { prop: property }),
  });
}

/** The class that something is taken out of stands under a name that no code can write. */
export function declareImport({ draft }: At, imported: Imported): void {
  if ('all' in imported) {
    draft.stars.push(imported.isStatic ? staticStar + imported.all : imported.all);
    return;
  }
  const at = draft.at(imported.at);
  if ('module' in imported) {
    draft.decls.push({ n: imported.n, kind: 'import', scope: null, at, m: imported.module, x: imported.imported });
    return;
  }
  const { n, of, member } = imported;
  const hidden = staticStar + of;
  draft.decls.push({ n: hidden, kind: 'import', scope: null, at, m: of, x: of.slice(of.lastIndexOf('.') + 1) });
  const e = { k: 'mem', o: { k: 'id', n: hidden, at }, n: member, at } as const;
  draft.decls.push({ n, kind: 'const', scope: null, at, e });
}

/** Other files of the package are seen as if all of it were imported. */
export function declarePackage({ draft }: At, name: string): void {
  draft.stars.push(name, ownStar + name);
}

interface At {
  readonly draft: Reading['draft'];
  readonly reading: Reading;
}
