import type { Expr } from '../summary';

/** An expression whose offsets count from elsewhere: names, members of them, and calls. */
export function shifted(e: Expr, by: number): Expr {
  switch (e.k) {
    case 'id':
    case 'str':
      return { ...e, at: e.at + by };
    case 'mem':
      return { ...e, o: shifted(e.o, by), at: e.at + by };
    case 'call':
      return { ...e, id: e.id + by };
    default:
      return e;
  }
}
