import { ownNames } from '../../sdks/table';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import { stringValue } from './expressions';

/** Packages that call themselves otherwise than their path does. */
const packageNames = ownNames('go');

/** `import "a/b"`, `import x "a/b"`, `import . "a/b"`, singly or in a block. */
export function readImports(draft: Draft, node: Node): void {
  for (const spec of node.descendantsOfType(['import_spec'])) {
    const path = spec.childForFieldName('path');
    if (!path) continue;
    const m = stringValue(draft.textOf(path));
    const alias = spec.childForFieldName('name');
    if (alias?.type === 'dot') draft.stars.push(m);
    else if (alias?.type !== 'blank_identifier') {
      const n = alias ? draft.textOf(alias) : packageName(m);
      draft.decls.push({ n, kind: 'import', scope: null, at: draft.at(alias ?? path), m, x: '*' });
    }
  }
}

/** What a package is called by its path: `chi` of `github.com/go-chi/chi/v5`, `yaml` of `gopkg.in/yaml.v3`. */
function packageName(path: string): string {
  const plain = path.replace(/\/v\d+$/, '').replace(/\.v\d+$/, '');
  const last = plain.slice(plain.lastIndexOf('/') + 1);
  return packageNames[plain] ?? last.replace(/^go[-.]/, '').replace(/[-.]go$/, '');
}
