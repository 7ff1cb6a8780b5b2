import { isObject } from '../issue';

/**
 * Where in a flag's text the default rule stands, the one for whoever matches no other:
 * `none`: there is no targeting; `split`: a `fractional`; `literal`: a variant's name, or null;
 * `append`: an `if` without else, which gets one there; `computed`: an expression in an else, which can be replaced;
 * `unknown`: the whole targeting is an expression that only its author can change.
 */
export interface DefaultPlace {
  readonly kind: 'none' | 'split' | 'literal' | 'append' | 'computed' | 'unknown';
  /** From the flag on; for `split` up to the list, for `append` the index after the last argument. */
  readonly path: readonly (string | number)[];
  /** Rules stand before it. */
  readonly inElse: boolean;
  readonly value: unknown;
}

export function defaultPlace(targeting: unknown): DefaultPlace {
  let value = targeting;
  let path: readonly (string | number)[] = ['targeting'];
  let inElse = false;
  if (!isObject(value) || Object.keys(value).length === 0) return { kind: 'none', path, inElse, value };
  for (;;) {
    if (!isObject(value)) return { kind: Array.isArray(value) ? 'computed' : 'literal', path, inElse, value };
    const { if: branches, fractional } = value;
    const single = Object.keys(value).length === 1;
    if (single && Array.isArray(fractional))
      return { kind: 'split', path: [...path, 'fractional'], inElse, value: fractional };
    if (!single || !Array.isArray(branches) || branches.length < 2)
      return { kind: inElse ? 'computed' : 'unknown', path, inElse, value };
    inElse = true;
    if (branches.length % 2 === 0)
      return { kind: 'append', path: [...path, 'if', branches.length], inElse, value: undefined };
    path = [...path, 'if', branches.length - 1];
    value = branches.at(-1);
  }
}
