import type { Extractor, Part } from './extractor';

/**
 * An extractor for languages in which a variable is declared by assigning to it: one that stands outside of functions and
 * is assigned to once in the whole file is what it was given. `assigned` finds assignments in the text, the name being its
 * group; it may find more than there are.
 */
export function withOnceAssigned(extractor: Extractor, assigned: RegExp): Extractor {
  const namesIn = (text: string): string[] => [...text.matchAll(assigned)].map(([, name]) => name ?? '');
  const parts = function* (root: Parameters<Extractor['parts']>[0]): Generator<Part> {
    const { text, startIndex } = root;
    const counts = new Map<string, number>();
    for (const name of namesIn(text)) counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const part of extractor.parts(root)) {
      const own =
        counts.size === 0 || !/^( |package )/.test(part.owner)
          ? []
          : namesIn(text.slice(part.from - startIndex, part.to - startIndex));
      const once = own.filter((name) => counts.get(name) === 1);
      yield once.length === 0 ? part : constant(part, new Set(once));
    }
  };
  return { ...extractor, parts };
}

/** A part of the same text is another one where a name is assigned to elsewhere as well. */
function constant(part: Part, names: ReadonlySet<string>): Part {
  return {
    ...part,
    owner: `${part.owner} once ${[...names].join(' ')}`,
    make(draft) {
      part.make(draft);
      draft.decls.forEach((decl, i) => {
        if (decl.kind === 'let' && decl.scope === null && decl.e && names.has(decl.n))
          draft.decls[i] = { ...decl, kind: 'const' };
      });
    },
  };
}
