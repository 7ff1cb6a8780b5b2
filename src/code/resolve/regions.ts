import type { ComparisonOperator, GuardedRegion } from '../../model/reference';
import type { Json } from '../../model/json';
import { callById, literalOf, type Expr, type Guard, type Piece, type Span } from '../summary';
import type { Site } from './value';
import type { FileView } from './view';

type When = GuardedRegion['when'];

/** How far the answer to a question reached: what is local depends on the piece alone. */
interface Reach {
  isLocal: boolean;
}

/** "When this flag is so": identifies the call or the read that asks for it by its piece and {@link Asked}. */
interface Atom {
  readonly piece: Piece;
  readonly call: Asked;
  readonly when: When;
}

/** A call by its id, or a read (of a bag's property, of a name taken out of one) by where it stands. */
export type Asked = `call ${number}` | `read ${number}`;

const deepest = 12;

/** Properties of an evaluation's details or variant that stand for the flag itself, as each language writes them. */
const plainProperties = ['value', 'enabled', 'variant', 'name', 'payload'];
const valueProperties = new Set([
  ...plainProperties,
  ...plainProperties.map((name) => name.charAt(0).toUpperCase() + name.slice(1)),
]);

/** Java's names for the same. */
const valueGetters = new Set(['getValue', 'isEnabled', 'getVariant', 'getName', 'getPayload', 'booleanValue']);

/**
 * What follows for evaluating calls from `e` being true-ish (`holds`) or not. Both sides of `a && b` follow from it
 * holding, neither from it not holding; `||` the other way round.
 */
function implied(site: Site, e: Expr, holds: boolean, reach: Reach, depth = 0): Atom[] {
  if (depth > deepest) return [];
  switch (e.k) {
    case 'not':
      return implied(site, e.e, !holds, reach, depth + 1);
    case 'and':
      return holds ? [e.a, e.b].flatMap((side) => implied(site, side, true, reach, depth + 1)) : [];
    case 'or':
      // `flag || false` is the flag.
      if (literalOf(e.b)?.value === false) return implied(site, e.a, holds, reach, depth + 1);
      if (holds)
        return eitherOf(implied(site, e.a, true, reach, depth + 1), implied(site, e.b, true, reach, depth + 1));
      return [e.a, e.b].flatMap((side) => implied(site, side, false, reach, depth + 1));
    case 'cmp': {
      const right = literalOf(e.b);
      const literal = right ?? literalOf(e.a);
      return literal ? compared(site, right ? e.a : e.b, literal.value, e.eq === holds, reach, depth) : [];
    }
    case 'rel': {
      const right = literalOf(e.b)?.value;
      const literal = right ?? literalOf(e.a)?.value;
      if (typeof literal !== 'number') return [];
      const op = right === undefined ? flipped[e.op] : e.op;
      const when: When = { is: 'compared', operator: holds ? op : opposite[op], value: literal };
      return about(site, right === undefined ? e.b : e.a, when, reach);
    }
    default: {
      const inner = same(site, e, reach);
      if (inner) return implied(inner.site, inner.e, holds, reach, depth + 1);
      const asked = askedBy(site, e);
      return asked ? [{ ...asked, when: { is: holds ? 'truthy' : 'falsy' } }] : [];
    }
  }
}

/** `x === 'blue'`; comparing with true or false asks for truth. */
function compared(site: Site, e: Expr, value: Json, equal: boolean, reach: Reach, depth: number): Atom[] {
  if (typeof value === 'boolean') return implied(site, e, value === equal, reach, depth + 1);
  return about(site, e, { is: equal ? 'equal' : 'different', value }, reach);
}

/** Says something of the call whose value an expression is. */
function about(site: Site, e: Expr, when: When, reach: Reach): Atom[] {
  let at: { site: Site; e: Expr } | undefined = { site, e };
  for (let i = 0; at && i < deepest; i++) {
    const next = same(at.site, at.e, reach);
    const asked = next ? undefined : askedBy(at.site, at.e);
    if (asked) return [{ ...asked, when }];
    at = next;
  }
  return [];
}

/** The call or the read that an expression is. */
function askedBy(site: Site, e: Expr): Omit<Atom, 'when'> | undefined {
  if (e.k === 'call') return { piece: site.piece, call: `call ${e.id}` };
  if (e.k === 'mem') return { piece: site.piece, call: `read ${e.at}` };
  // `flags[KEY]`, whose name is empty, is known by where the key stands; a name taken out of a bag by itself.
  if (e.k !== 'id') return undefined;
  const found = site.view.lookup(e.n, site.piece, e.at);
  return found?.it.prop === undefined ? undefined : { piece: found.piece, call: `read ${found.it.at}` };
}

/** `x === 'a' || x === 'b'`: one of several values of the same call; anything else says nothing. */
function eitherOf([a, ...restA]: readonly Atom[], [b, ...restB]: readonly Atom[]): Atom[] {
  if (!a || !b || restA.length + restB.length > 0 || a.piece !== b.piece || a.call !== b.call) return [];
  const values = [valuesOf(a.when), valuesOf(b.when)];
  return values.every((each) => each.length > 0) ? [{ ...a, when: { is: 'oneOf', values: values.flat() } }] : [];
}

function valuesOf(when: When): readonly Json[] {
  return when.is === 'equal' ? [when.value] : when.is === 'oneOf' ? when.values : [];
}

const opposite: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
};
/** With its sides changed over. */
const flipped: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** An expression of the same value one step nearer to the call: what a constant holds, what details wrap. */
function same(site: Site, e: Expr, reach: Reach): { site: Site; e: Expr } | undefined {
  switch (e.k) {
    case 'call': {
      const call = callById(site.piece, e.id);
      if (call?.c.k === 'mem' && call.a.length === 0 && valueGetters.has(call.c.n)) return { site, e: call.c.o };
      // `const isOn = makeFlag('k'); if (isOn())`
      if (call?.c.k === 'id' && call.a.length === 0) {
        const made = site.view.lookup(call.c.n, site.piece, call.c.at);
        if (made?.it.kind === 'const' && made.it.e?.k === 'call' && made.it.prop === undefined) {
          if (!made.it.scope) reach.isLocal = false;
          return { site: { view: site.view, piece: made.piece }, e: made.it.e };
        }
      }
      const argument = call?.c.k === 'id' && call.c.n === 'Boolean' ? call.a[0] : undefined;
      return argument && { site, e: argument };
    }
    case 'mem':
      return valueProperties.has(e.n) ? { site, e: e.o } : undefined;
    case 'id': {
      const found = site.view.lookup(e.n, site.piece, e.at);
      if (!found?.it.scope) reach.isLocal = false;
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

/** A guard with what it decides; null where that depends on more than its piece. */
interface GuardOf {
  readonly guard: Guard;
  readonly decides: readonly Decided[] | null;
}

interface Decided {
  readonly call: Asked;
  readonly span: Span;
  readonly when: When;
}

/** By the list of guards, which a piece that an edit moved keeps. */
const known = new WeakMap<Piece['guards'], readonly GuardOf[]>();

function guardsOf(site: Site): readonly GuardOf[] {
  const { guards } = site.piece;
  let found = known.get(guards);
  if (!found) {
    found = guards.map((guard) => {
      const reach: Reach = { isLocal: true };
      const decides = sides(guard).flatMap(([span, holds]) =>
        implied(site, guard.cond, holds, reach).map(({ call, when }) => ({ call, span, when })),
      );
      return { guard, decides: reach.isLocal ? decides : null };
    });
    known.set(guards, found);
  }
  return found;
}

/** Regions of a file by the call that decides them, read from all its guards. */
export class GuardedRegions {
  readonly #byCall = new Map<string, Guarded[]>();

  constructor(private readonly view: FileView) {
    for (const piece of view.summary.pieces) {
      if (piece.guards.length === 0) continue;
      const site: Site = { view, piece };
      for (const { guard, decides } of guardsOf(site)) {
        if (decides) for (const { call, span, when } of decides) this.#add(piece, call, { piece, span, when });
        else
          for (const [span, holds] of sides(guard)) {
            for (const atom of implied(site, guard.cond, holds, { isLocal: true }))
              this.#add(atom.piece, atom.call, { piece, span, when: atom.when });
          }
      }
    }
  }

  #add(piece: Piece, call: Asked, guarded: Guarded): void {
    const key = callKey(piece, call);
    const list = this.#byCall.get(key);
    if (list) list.push(guarded);
    else this.#byCall.set(key, [guarded]);
  }

  /** Lines are counted here: most conditions ask calls that evaluate no flag. */
  of(piece: Piece, asked: Asked): GuardedRegion[] {
    const list = this.#byCall.get(callKey(piece, asked)) ?? [];
    return list.map((guarded) => ({ ...range(this.view, guarded.piece, guarded.span), when: guarded.when }));
  }
}

/** The other side of the flag, where what was asked gives the opposite of what it says. */
export function opposed(region: GuardedRegion): GuardedRegion {
  const { is } = region.when;
  if (is !== 'truthy' && is !== 'falsy') return region;
  return { ...region, when: { is: is === 'truthy' ? 'falsy' : 'truthy' } };
}

/** What a whole method or class runs for. */
export function wholeRegion(view: FileView, piece: Piece, span: Span): GuardedRegion {
  return { ...range(view, piece, span), when: { is: 'truthy' } };
}

const callKey = (piece: Piece, call: Asked): string => `${piece.base}:${call}`;

function sides(guard: Guard): (readonly [Span, boolean])[] {
  return [
    ...(guard.then ? [[guard.then, true] as const] : []),
    ...(guard.other ? [[guard.other, false] as const] : []),
  ];
}

function range(view: FileView, piece: Piece, span: Span): Omit<GuardedRegion, 'when'> {
  const from = view.position(piece, span[0]);
  const to = view.position(piece, Math.floor(span[1]));
  return { startLine: from.line, startColumn: from.column, endLine: to.line, endColumn: to.column };
}
