import { globalOf } from '../sdks/table';
import type { Expr } from '../summary';
import type { Draft } from './draft';
import type { Extractor, Part } from './extractor';

/**
 * An extractor for languages in which an SDK is loaded once for the whole program: the constant by which a file calls it
 * (`Flipper`) is imported by calling it.
 */
export function withGemConstants(extractor: Extractor): Extractor {
  const parts = function* (root: Parameters<Extractor['parts']>[0]): Generator<Part> {
    for (const part of extractor.parts(root))
      yield {
        ...part,
        make(draft) {
          part.make(draft);
          importConstants(draft, extractor.family);
        },
      };
  };
  return { ...extractor, parts };
}

function importConstants(draft: Draft, family: Extractor['family']): void {
  const seen = new Set<string>();
  const look = (e: Expr): void => {
    let at = e;
    while (at.k === 'mem') at = at.o;
    if (at.k !== 'id' || seen.has(at.n)) return;
    seen.add(at.n);
    const found = globalOf(family, at.n);
    if (found) draft.decls.push({ n: at.n, kind: 'import', scope: null, at: at.at, m: found.pkg.name, x: found.name });
  };
  for (const { c } of draft.calls) look(c);
  for (const { e } of draft.members) if (e) look(e);
  for (const { e } of draft.decls.slice()) if (e) look(e);
}
