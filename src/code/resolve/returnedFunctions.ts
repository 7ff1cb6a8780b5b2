import { callById, type Expr, type FunctionSummary, type Piece } from '../summary';

/** What gives the function that it is given: `useCallback((key) => …, [])`. */
export const handsThrough = /^(useCallback|useEvent|useEventCallback|memoize|once|cache)$/;

const deepest = 4;

/** The function by calling which one gets this one: `useGate` of `() => (key) => …`. */
export function returnedBy(piece: Piece, fn: FunctionSummary): FunctionSummary | undefined {
  const outer = piece.fns[fn.parent];
  const name = outer?.n ?? null;
  return name !== null && outer?.rets.some((e) => isFunction(piece, e, fn, 0)) ? outer : undefined;
}

/** Whether the object that a function returns has another one as its method: `(key) => ({ isOn: () => … })`. */
export function returnsWithMethod(piece: Piece, maker: FunctionSummary, method: FunctionSummary): boolean {
  return maker.rets.some((e) => hasMethod(piece, e, method, 0));
}

function hasMethod(piece: Piece, e: Expr, fn: FunctionSummary, depth: number): boolean {
  if (depth > deepest) return false;
  if (e.k === 'obj') return e.m.some(([, value]) => isFunction(piece, value, fn, depth + 1));
  const held = e.k === 'id' ? heldBy(piece, e.n) : undefined;
  return held !== undefined && hasMethod(piece, held, fn, depth + 1);
}

function isFunction(piece: Piece, e: Expr, fn: FunctionSummary, depth: number): boolean {
  if (depth > deepest) return false;
  if (e.k === 'fn') return piece.fns[e.f] === fn;
  if (e.k === 'call') {
    const call = callById(piece, e.id);
    const isThrough = (call?.c.k === 'id' || call?.c.k === 'mem') && handsThrough.test(call.c.n);
    const [first] = call?.a ?? [];
    return isThrough && first !== undefined && isFunction(piece, first, fn, depth + 1);
  }
  if (e.k !== 'id') return false;
  const held = heldBy(piece, e.n);
  return fn.n === e.n || (held !== undefined && isFunction(piece, held, fn, depth + 1));
}

const heldBy = (piece: Piece, name: string): Expr | undefined =>
  piece.decls.find((decl) => decl.n === name && decl.e !== undefined)?.e;
