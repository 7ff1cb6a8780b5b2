import type { CallShape, Place } from '../sdks/callShape';
import { callById, type Call, type Expr, type Piece } from '../summary';

/** The places where a shape's key may stand, in the order in which they are tried. */
export function placesOf(place: CallShape['key']): readonly Place[] {
  return isOne(place) ? [place] : place;
}

const isOne = (place: CallShape['key']): place is Place => !Array.isArray(place);

/** What is given under one of these names, where the language has arguments by name. */
export function named(call: Call, names: readonly string[] = []): Expr | undefined {
  return call.kw?.find(([name]) => names.includes(name))?.[1];
}

/** What stands at a place of a call: one argument or property of it, several where all from one on count. */
export function placed(piece: Piece, call: Call, place: Place | undefined): readonly Expr[] {
  if (place === undefined) return [];
  if (typeof place === 'number') {
    const argument = place < 0 ? (call.a.length > 1 ? call.a.at(place) : undefined) : call.a[place];
    return argument ? [argument] : [];
  }
  if ('from' in place) return call.a.slice(place.from);
  const argument = call.a[place.arg];
  const property = argument && propertyOf(piece, argument, [place.property]);
  return property ? [property] : [];
}

/** A property as it is written in an object, or given by name to what makes a struct: `&Request{FlagKey: "k"}`. */
export function propertyOf(piece: Piece, e: Expr, names: readonly string[]): Expr | undefined {
  const call = e.k === 'call' ? callById(piece, e.id) : undefined;
  const members = e.k === 'obj' ? e.m : (call?.kw ?? []);
  const own = members.find(([name]) => names.includes(name))?.[1];
  const from = own ? undefined : madeFrom(piece, e);
  return from?.k === 'obj' ? propertyOf(piece, from, names) : own;
}

/** What an object is made from that has its properties: `new Request({ flagKey: 'k' })`, `Request.create(fields)`. */
export function madeFrom(piece: Piece, e: Expr): Expr | undefined {
  const call = e.k === 'call' ? callById(piece, e.id) : undefined;
  if (call?.a.length !== 1 || call.kind === 'jsx') return undefined;
  const makes = call.kind === 'new' || (call.c.k === 'mem' && /^(create|of|from|make|build)$/.test(call.c.n));
  return makes ? call.a[0] : undefined;
}

/** The default that is written at a call, where it is. */
export function fallbackAt(
  piece: Piece,
  call: Call,
  { fallback, named: names }: Pick<CallShape, 'fallback' | 'named'>,
): Expr | undefined {
  return named(call, names?.fallback) ?? placed(piece, call, fallback)[0];
}
