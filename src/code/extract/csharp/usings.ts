import { globalStar, staticStar } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';

/** `using A.B;`, `using static A.B;`, `using X = A.B;`, each of them `global` too. Read of the text alone. */
export function readUsing(draft: Draft, node: Node): void {
  const text = draft.textOf(node).replace(/\s+/g, ' ');
  const [, all, isStatic, alias, path] =
    /^(global )?using (static )?(?:unsafe )?(?:([\w@]+) = )?(?:global::)?([\w.]+)/.exec(text) ?? [];
  if (path === undefined) return;
  if (alias !== undefined)
    draft.decls.push({ n: alias, kind: 'import', scope: draft.block, at: draft.at(node), m: path, x: '*' });
  else {
    const star = isStatic ? staticStar + path : path;
    draft.stars.push(star);
    if (all) draft.stars.push(globalStar + star);
  }
}

/** `A.B` of `namespace A.B;` and `namespace A.B { … }`. */
export function namespaceName(node: Node): string {
  return /^namespace\s+([\w.]+)/.exec(node.text.slice(0, 400))?.[1] ?? '';
}
