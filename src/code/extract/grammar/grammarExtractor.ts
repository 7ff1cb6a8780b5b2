import type { SyntaxNode as Node, TreeShape } from '../../syntaxTree';
import { longClass, type Extractor, type Part } from '../extractor';
import type { LanguageGrammar } from './languageGrammar';
import type { ClassRole } from './role';
import { Walker } from './walker';

/** A grammar may take one that stands before a value for the value. */
const comments = new Set(['comment', 'line_comment', 'block_comment', 'multiline_comment', 'doc_comment']);

/** The extractor of a language that is described by what its nodes are. */
export function grammarExtractor(grammar: LanguageGrammar): Extractor {
  const shape: TreeShape = {
    skipped: comments,
    leaves: new Set(grammar.leaves),
    tokens: new Set(grammar.tokens ?? []),
    classes: new Set(grammar.classes),
    bodies: new Set(grammar.bodies),
    around: new Set(),
  };
  return { family: grammar.family, shape, shares: grammar.shares ?? null, parts: (root) => parts(grammar, root) };
}

function* parts(grammar: LanguageGrammar, root: Node): Generator<Part> {
  const pkg = grammar.packageOf?.(root) ?? '';
  for (const statement of root.namedChildren) {
    const role = longClassRole(grammar, statement);
    if (!role) {
      const { startIndex: from, endIndex: to } = statement;
      yield { from, to, owner: `package ${pkg}`, make: (draft) => new Walker(grammar, draft, pkg).visit(statement) };
      continue;
    }
    const { n, members } = role;
    yield {
      from: statement.startIndex,
      to: members[0]?.startIndex ?? statement.endIndex,
      owner: `head of ${pkg}`,
      make: (draft) => new Walker(grammar, draft, pkg).classHead(statement, role),
    };
    for (const member of members)
      yield {
        from: member.startIndex,
        to: member.endIndex,
        owner: `${pkg}.${n}`,
        make: (draft) => new Walker(grammar, draft, pkg).members([member], n),
      };
  }
}

/** What a class says that is long enough for its members to be pieces of their own. */
function longClassRole(grammar: LanguageGrammar, node: Node): ClassRole | null {
  if (!grammar.classes.includes(node.type)) return null;
  const body = node.namedChildren.find(({ type }) => grammar.bodies.includes(type));
  if (!body || body.endIndex - body.startIndex <= longClass) return null;
  const role = grammar.roles[node.type]?.(node);
  // What the cases of an enum are may be said by another member.
  return role?.is === 'class' && role.n !== '' && role.kind !== 'enum' ? role : null;
}
