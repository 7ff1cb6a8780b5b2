import type { GuardedRegion } from '../../model/reference';
import type { Json } from '../../model/json';
import { callById, literalOf, type Expr, type Guard, type Piece, type Span } from '../summary';
import type { Site } from './value';
import type { FileView } from './view';

type When = GuardedRegion['when'];

/** "When this call's flag is so": identifies the call by its piece and id. */
interface Atom {
  readonly piece: Piece;
  readonly call: number;
  readonly when: When;
}

const deepest = 12;

/** Properties of an evaluation's details or variant that stand for the flag itself. */
const valueProperties = new Set(['value', 'enabled', 'variant', 'name', 'payload']);

/**
 * What follows for evaluating calls from `e` being true-ish (`holds`) or not. Both sides of `a && b` follow from it
 * holding, neither from it not holding; `||` the other way round.
 */
function implied(site: Site, e: Expr, holds: boolean, depth = 0): Atom[] {
  if (depth > deepest) return [];
  switch (e.k) {
    case 'not':
      return implied(site, e.e, !holds, depth + 1);
    case 'and':
      return holds ? [e.a, e.b].flatMap((side) => implied(site, side, true, depth + 1)) : [];
    case 'or':
      // `flag || false` is the flag.
      if (literalOf(e.b)?.value === false) return implied(site, e.a, holds, depth + 1);
      return holds ? [] : [e.a, e.b].flatMap((side) => implied(site, side, false, depth + 1));
    case 'cmp': {
      const right = literalOf(e.b);
      const literal = right ?? literalOf(e.a);
      return literal ? compared(site, right ? e.a : e.b, literal.value, e.eq === holds, depth) : [];
    }
    default: {
      const inner = same(site, e);
      if (inner) return implied(inner.site, inner.e, holds, depth + 1);
      return e.k === 'call' ? [{ piece: site.piece, call: e.id, when: { is: holds ? 'truthy' : 'falsy' } }] : [];
    }
  }
}

/** `x === 'blue'`; comparing with true or false asks for truth. */
function compared(site: Site, e: Expr, value: Json, equal: boolean, depth: number): Atom[] {
  if (typeof value === 'boolean') return implied(site, e, value === equal, depth + 1);
  let at: { site: Site; e: Expr } | undefined = { site, e };
  for (let i = 0; at && i < deepest; i++) {
    if (at.e.k === 'call') {
      return [{ piece: at.site.piece, call: at.e.id, when: { is: equal ? 'equal' : 'different', value } }];
    }
    at = same(at.site, at.e);
  }
  return [];
}

/** An expression of the same value one step nearer to the call: what a constant holds, what details wrap. */
function same(site: Site, e: Expr): { site: Site; e: Expr } | undefined {
  switch (e.k) {
    case 'call': {
      const call = callById(site.piece, e.id);
      const argument = call?.c.k === 'id' && call.c.n === 'Boolean' ? call.a[0] : undefined;
      return argument && { site, e: argument };
    }
    case 'mem':
      return valueProperties.has(e.n) ? { site, e: e.o } : undefined;
    case 'id': {
      const found = site.view.lookup(e.n, site.piece, e.at);
      if (found?.it.kind !== 'const' || !found.it.e) return undefined;
      if (found.it.prop !== undefined && !valueProperties.has(found.it.prop)) return undefined;
      return { site: { view: site.view, piece: found.piece }, e: found.it.e };
    }
    default:
      return undefined;
  }
}

interface Guarded {
  readonly piece: Piece;
  readonly span: Span;
  readonly when: When;
}

/** Regions of a file by the call that decides them, read from all its guards. */
export class GuardedRegions {
  readonly #byCall = new Map<string, Guarded[]>();

  constructor(private readonly view: FileView) {
    for (const piece of view.summary.pieces) {
      const site: Site = { view, piece };
      for (const guard of piece.guards) {
        for (const [span, holds] of sides(guard)) {
          for (const atom of implied(site, guard.cond, holds)) {
            const key = callKey(atom.piece, atom.call);
            const list = this.#byCall.get(key);
            const guarded = { piece, span, when: atom.when };
            if (list) list.push(guarded);
            else this.#byCall.set(key, [guarded]);
          }
        }
      }
    }
  }

  /** Lines are counted here: most conditions ask calls that evaluate no flag. */
  of(piece: Piece, call: number): GuardedRegion[] {
    const list = this.#byCall.get(callKey(piece, call)) ?? [];
    return list.map((guarded) => ({ ...range(this.view, guarded.piece, guarded.span), when: guarded.when }));
  }
}

const callKey = (piece: Piece, call: number): string => `${piece.base}:${call}`;

function sides(guard: Guard): (readonly [Span, boolean])[] {
  return [
    ...(guard.then ? [[guard.then, true] as const] : []),
    ...(guard.other ? [[guard.other, false] as const] : []),
  ];
}

function range(view: FileView, piece: Piece, span: Span): Omit<GuardedRegion, 'when'> {
  const from = view.position(piece, span[0]);
  const to = view.position(piece, span[1]);
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}
