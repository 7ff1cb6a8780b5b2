import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';

export function readImports(draft: Draft, node: Node): void {
  if (node.type === 'import_statement') readImport(draft, node);
  else readImportFrom(draft, node);
}

/** `import a.b`, `import a.b as c`: without `as` only `a` is bound, its parts are reached through it. */
function readImport(draft: Draft, node: Node): void {
  for (const part of node.childrenForFieldName('name')) {
    const alias = part.childForFieldName('alias');
    const module = part.childForFieldName('name') ?? part;
    const m = draft.textOf(module).replace(/\s/g, '');
    const name = alias ?? module.firstNamedChild ?? module;
    declare(draft, name, alias ? m : (m.split('.')[0] ?? m), '*');
  }
}

/** `from m import a, b as c`, `from . import d`, `from m import *`. */
function readImportFrom(draft: Draft, node: Node): void {
  const from = node.childForFieldName('module_name');
  if (!from) return;
  const m = draft.textOf(from).replace(/\s/g, '');
  if (node.namedChildren.some((child) => child.type === 'wildcard_import')) {
    if (draft.fn < 0) draft.stars.push(m);
    return;
  }
  for (const part of node.childrenForFieldName('name')) {
    const imported = part.childForFieldName('name') ?? part;
    declare(draft, part.childForFieldName('alias') ?? imported, m, draft.textOf(imported));
  }
}

function declare(draft: Draft, name: Node, m: string, x: string): void {
  draft.decls.push({ n: draft.textOf(name), kind: 'import', scope: draft.block, at: draft.at(name), m, x });
}
