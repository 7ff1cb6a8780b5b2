import type { Json } from '../../model/json';
import type { ValueType } from '../../model/reference';
import { literalOf, type Call } from '../summary';
import type { Match } from './match';
import { fallbackAt } from './placed';
import type { Site } from './value';

/** Which type a call asks for and what it gets when nobody answers, as far as it or the wrapper it calls writes that. */
export function valueAsked(
  { piece }: Site,
  call: Call,
  match: Match,
): { readonly asks: ValueType | null; readonly fallback: { readonly value: Json } | null } {
  const fallback = literalOf(fallbackAt(piece, call, match)) ?? match.wrapper?.fallback ?? null;
  return { asks: match.asks === 'fallback' ? typeOf(fallback?.value) : match.asks, fallback };
}

function typeOf(value: Json | undefined): ValueType | null {
  switch (typeof value) {
    case 'boolean':
    case 'string':
    case 'number':
      return typeof value as ValueType;
    case 'object':
      return value === null ? null : 'object';
    default:
      return null;
  }
}
