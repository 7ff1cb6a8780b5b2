import type { Expr, Span } from '../../summary';
import type { SyntaxNode as Node } from '../../syntaxTree';
import type { Reading } from './reading';
import type { IfElse, Role, Switch } from './role';

/** Sides of branches, as the records have them. */
export class GuardReader {
  constructor(private readonly reading: Reading) {}

  /** Sides of an `if`; after an early return the rest of the block (`suite`) is the other side. */
  branch(node: Node, role: IfElse, suite: Span | null): void {
    const { draft } = this.reading;
    const conditions = role.conditions.map((condition) => this.reading.expression(condition));
    const both = conditions.reduce<Expr | undefined>((a, b) => (a ? { k: 'and', a, b } : b), undefined);
    if (!both) return;
    const cond: Expr = role.negated ? { k: 'not', e: both } : both;
    const end = node.endIndex - draft.base;
    const after: Span | null = suite && end < suite[1] ? [end, suite[1]] : null;
    const then = this.#span(role.then);
    const other = this.#span(role.other);
    draft.guards.push({
      cond,
      then: then ?? (other && this.leaves(role.other.at(-1)) ? after : null),
      other: other ?? (then && this.leaves(role.then.at(-1)) ? after : null),
    });
  }

  /** `flag && x` runs x on one side, `flag || x` on the other. */
  logical({ op, a, b }: Extract<Role, { is: 'binary' }>): void {
    const { draft } = this.reading;
    if (!b || (op !== '&&' && op !== '||')) return;
    const cond = this.reading.expression(a);
    const span = draft.span(b);
    draft.guards.push(op === '&&' ? { cond, then: span, other: null } : { cond, then: null, other: span });
  }

  /** A case that another falls into runs for either. */
  cases({ subject, cases }: Switch): void {
    const { draft } = this.reading;
    const a = this.reading.expression(subject);
    const all: Expr[] = [];
    let falling: Expr[] = [];
    let mayFallIntoDefault = false;
    for (const each of cases) {
      const tests = each.tests.map((test): Expr => {
        const b = this.reading.expression(test);
        return subject ? { k: 'cmp', eq: true, a, b } : b;
      });
      const span = this.#span(each.body);
      const cond = either([...falling, ...tests]);
      const other = either(all);
      if (each.isDefault) {
        if (span && other && !mayFallIntoDefault) draft.guards.push({ cond: other, then: null, other: span });
      } else if (span && cond) draft.guards.push({ cond, then: span, other: null });
      all.push(...tests);
      const falls = each.falls === true && !this.leaves(each.body.at(-1));
      falling = falls && !each.isDefault ? [...falling, ...tests] : [];
      mayFallIntoDefault = falls;
    }
  }

  /** Whether control never falls out of the end of this statement. */
  leaves(statement: Node | undefined): boolean {
    const role = statement && this.reading.role(statement);
    if (role?.is === 'block') return this.leaves(role.statements.at(-1));
    if (role?.is === 'inner') return this.leaves(role.of ?? undefined);
    return role?.is === 'return' || role?.is === 'leave';
  }

  #span(nodes: readonly Node[]): Span | null {
    const first = nodes[0];
    const last = nodes.at(-1);
    return first && last ? [this.reading.draft.at(first), this.reading.draft.span(last)[1]] : null;
  }
}

function either(tests: readonly Expr[]): Expr | undefined {
  return tests.length === 0 ? undefined : tests.reduce((a, b) => ({ k: 'or', a, b }));
}
