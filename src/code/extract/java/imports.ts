import type { SyntaxNode as Node } from '../../syntaxTree';
import { staticStar } from '../../summary';
import type { Draft } from '../draft';

/**
 * `import a.B`, `import a.*`, `import static a.B.NAME`, `import static a.B.*`. What is imported statically is a member
 * of a class that stands under a name no code can write.
 */
export function readImport(draft: Draft, node: Node): void {
  const path = node.namedChildren.find((child) => child.type === 'scoped_identifier' || child.type === 'identifier');
  if (!path) return;
  const name = draft.textOf(path).replace(/\s/g, '');
  const isStatic = /^import\s+static\s/.test(draft.textOf(node));
  const dot = name.lastIndexOf('.');
  const last = name.slice(dot + 1);
  const at = draft.at(path);
  if (node.namedChildren.some((child) => child.type === 'asterisk')) {
    draft.stars.push(isStatic ? staticStar + name : name);
  } else if (!isStatic) {
    draft.decls.push({ n: last, kind: 'import', scope: null, at, m: name, x: last });
  } else {
    const m = name.slice(0, Math.max(0, dot));
    const hidden = staticStar + m;
    draft.decls.push({ n: hidden, kind: 'import', scope: null, at, m, x: m.slice(m.lastIndexOf('.') + 1) });
    const e = { k: 'mem', o: { k: 'id', n: hidden, at }, n: last, at } as const;
    draft.decls.push({ n: last, kind: 'const', scope: null, at, e });
  }
}

/** `com.acme` of `package com.acme;`. Read of the text alone: what an edit did not touch comes without its parts. */
export function packageOf(root: Node): string {
  const declaration = root.namedChildren.find((child) => child.type === 'package_declaration');
  return /\bpackage\s+([\w.\s]+?)\s*;?\s*$/.exec(declaration?.text ?? '')?.[1]?.replace(/\s/g, '') ?? '';
}
