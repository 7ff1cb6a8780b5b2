import type { ValueType } from '../../model/reference';

/** What the names of SDKs call their types. JSON is any of them, and says none. */
const types: Readonly<Record<string, ValueType>> = {
  bool: 'boolean',
  boolean: 'boolean',
  str: 'string',
  string: 'string',
  int: 'number',
  integer: 'number',
  long: 'number',
  float: 'number',
  float64: 'number',
  double: 'number',
  number: 'number',
  object: 'object',
  struct: 'object',
};
const word = /[A-Z]?[a-z]+\d*|[A-Z]+(?![a-z])/g;

/** The type that a call of an SDK says it asks for: `getBooleanValue`, `bool_variation`, `Float64Variation`. */
export function typeAsked(name: string): ValueType | null {
  const said = (name.match(word) ?? []).flatMap((part) => types[part.toLowerCase()] ?? []);
  return said.length === 1 ? (said[0] ?? null) : null;
}
