import type { Expr } from '../summary';

/** A text with holes: as many holes as gaps between the strings. */
export interface Template {
  readonly s: readonly string[];
  readonly e: readonly Expr[];
}

/** What `a + b` says when it joins texts; nothing when neither side is one. */
export function joined(a: Expr, b: Expr, at: number): Expr {
  if (a.k === 'str' && b.k === 'str') return { k: 'str', v: a.v + b.v, at: a.at };
  const left = asTemplate(a);
  const right = asTemplate(b);
  if (!left.s.some(Boolean) && !right.s.some(Boolean)) return { k: 'none' };
  const middle = (left.s.at(-1) ?? '') + (right.s[0] ?? '');
  return {
    k: 'tpl',
    s: [...left.s.slice(0, -1), middle, ...right.s.slice(1)],
    e: [...left.e, ...right.e],
    at,
  };
}

function asTemplate(e: Expr): Template {
  if (e.k === 'tpl') return e;
  return e.k === 'str' ? { s: [e.v], e: [] } : { s: ['', ''], e: [e] };
}
