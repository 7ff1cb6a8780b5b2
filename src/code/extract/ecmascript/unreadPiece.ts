import type { Declaration, Export, FunctionSummary, Piece } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import { Builder } from './build';
import { Draft } from '../draft';
import { typeName } from './typeName';

const none: readonly never[] = [];

/**
 * What can be told of a top-level statement of which only the outermost nodes were read: the names it declares and
 * exports, and its functions by name and place. The same as reading it whole gives of these.
 */
export function unreadPiece(statement: Node, text: string): Piece {
  const isExported = statement.type === 'export_statement';
  const declaration = isExported ? statement.childForFieldName('declaration') : statement;
  const name = declaration?.childForFieldName('name');
  if (!declaration || !name) return builtPiece(statement, text);
  const base = statement.startIndex;
  const n = name.text;
  const at = name.startIndex - base;
  const isClass = declaration.type.endsWith('class_declaration');
  const isDefault = isExported && statement.children.some((child) => child.type === 'default');
  return pieceOf(
    statement,
    [isClass ? { n, kind: 'class', scope: null, at } : { n, kind: 'function', scope: null, at, f: 0 }],
    isClass ? none : [functionOf(declaration, n, base)],
    isExported ? [{ n: isDefault ? 'default' : n, local: n }] : none,
  );
}

function functionOf(declaration: Node, n: string, base: number): FunctionSummary {
  const from = declaration.startIndex - base;
  return {
    from,
    to: declaration.endIndex - base,
    head: from,
    n,
    q: n,
    cls: null,
    method: false,
    owners: none,
    parent: -1,
    ret: typeName(declaration.childForFieldName('return_type')),
    rets: none,
    deco: none,
    spans: none,
    calls: none,
  };
}

/** The rarer forms, through the builder: functions held by constants, calls. */
function builtPiece(statement: Node, text: string): Piece {
  const draft = new Draft(statement.startIndex, text);
  new Builder(draft).visit(statement);
  return pieceOf(
    statement,
    draft.decls.filter((decl) => decl.scope === null),
    draft.fns.map((fn) => ({ ...fn, rets: none, deco: none, spans: none, calls: none })),
    draft.exports,
  );
}

function pieceOf(
  { startIndex, endIndex }: Node,
  decls: readonly Declaration[],
  fns: readonly FunctionSummary[],
  exports: readonly Export[],
): Piece {
  return {
    base: startIndex,
    length: endIndex - startIndex,
    owner: '',
    decls,
    fns,
    classes: none,
    members: none,
    calls: none,
    guards: none,
    reads: none,
    exports,
    stars: none,
    deep: false,
    unread: true,
  };
}
