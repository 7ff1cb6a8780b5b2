/** JSON with sorted keys: equal exactly when the values are. Undefined members are left out, as in JSON. */
export function canonical(value: unknown, indent?: number): string {
  const text = JSON.stringify(sorted(value), null, indent) as string | undefined;
  return text ?? 'null';
}

export function isSame(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  // Entries, not assignment: a key `__proto__` is a key like any other.
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
