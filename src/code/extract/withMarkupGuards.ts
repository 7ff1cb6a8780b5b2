import type { MarkupGuard } from '../embed/inner';
import type { Expr } from '../summary';
import type { SyntaxNode as Node } from '../syntaxTree';
import type { Draft } from './draft';
import type { Extractor, Part } from './extractor';

/**
 * The extractor for a file in whose markup these conditions stand, each as a statement of its own; `expression` says what
 * such a statement says.
 */
export function withMarkupGuards(
  extractor: Extractor,
  guards: readonly MarkupGuard[],
  expression: (draft: Draft, statement: Node) => Expr,
): Extractor {
  if (guards.length === 0) return extractor;
  const byStart = new Map(guards.map((guard) => [guard.cond[0], guard]));
  const parts = function* (root: Node): Generator<Part> {
    const statements = new Map(root.namedChildren.map((statement) => [statement.startIndex, statement]));
    for (const part of extractor.parts(root)) {
      const guard = byStart.get(part.from);
      const statement = statements.get(part.from);
      yield guard && statement ? conditional(part, guard, (draft) => expression(draft, statement)) : part;
    }
  };
  return { ...extractor, parts };
}

/** What the condition decides ends where other text says: a part of the same text with another end is another part. */
function conditional(part: Part, { then, other }: MarkupGuard, cond: (draft: Draft) => Expr): Part {
  const relative = (span: MarkupGuard['then']): MarkupGuard['then'] =>
    span && [span[0] - part.from, span[1] - part.from];
  const sides = { then: relative(then), other: relative(other) };
  return {
    ...part,
    owner: ` decides ${JSON.stringify(sides)}`,
    make(draft) {
      part.make(draft);
      draft.guards.push({ cond: cond(draft), ...sides });
    },
  };
}
