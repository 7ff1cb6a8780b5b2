import type { Expr } from '../../summary';
import { lastName, nowhere } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Draft } from '../draft';
import type { Reading } from './reading';
import type { Switch } from './role';

/**
 * Texts that an enum gives its cases by one property for all: `var key: String { switch self { case .new: "new" } }`.
 * Each case is made a class of its own that holds its texts, as if it had said them itself.
 */
export function giveCasesTheirTexts(reading: Reading, members: readonly Node[], c: string): void {
  const { draft } = reading;
  for (const member of members) {
    const role = reading.role(member);
    for (const { n, getter } of role?.is === 'variables' ? role.names : []) {
      const [only] = getter?.length === 1 ? getter : [];
      const chosen = only && reading.role(only);
      if (chosen?.is !== 'switch' || !isOfItself(reading, chosen)) continue;
      const texts = textsOf(reading, chosen);
      for (const [entry, e] of texts) give(draft, c, entry, n, e);
      const at = draft.members.findIndex((each) => each.c === c && each.n === n);
      // Read of a case it is that case's.
      if (texts.length > 0 && at >= 0) draft.members[at] = { c, n };
    }
  }
}

function isOfItself(reading: Reading, { subject }: Switch): boolean {
  const e = reading.expression(subject);
  return e.k === 'id' && e.n === 'this';
}

function textsOf(reading: Reading, { cases }: Switch): readonly (readonly [entry: string, e: Expr])[] {
  return cases.flatMap(({ tests, body }) => {
    const e = reading.expression(body.at(-1));
    if (e.k !== 'str') return [];
    return tests.flatMap((test) => {
      const entry = lastName(reading.expression(test));
      return entry === undefined ? [] : [[entry, e] as const];
    });
  });
}

function give(draft: Draft, c: string, entry: string, n: string, e: Expr): void {
  const own = `${c}.${entry}`;
  const at = draft.members.findIndex((each) => each.c === c && each.n === entry);
  const known = draft.members[at];
  if (!known) return;
  if (!draft.classes.some((cls) => cls.n === own)) {
    const ext: Expr = known.e?.k === 'call' ? known.e : { k: 'id', n: c, at: nowhere };
    draft.classes.push({ n: own, ext, impl: [c], of: 'enum', deco: [] });
    draft.decls.push({ n: own, kind: 'class', scope: null, at: 0 });
    if (known.e?.k === 'str') draft.members.push({ c: own, n: 'rawValue', e: known.e, entry: true });
    draft.members[at] = { c, n: entry, e: { k: 'id', n: own, at: nowhere } };
  }
  draft.members.push({ c: own, n, e, entry: true });
}
