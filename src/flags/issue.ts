/** What does not fit the format, and where: `path` as in `['flags', 'new-checkout', 'state']`. Words are English. */
export interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type At = readonly (string | number)[];

export type JsonObject = Readonly<Record<string, unknown>>;

/** JSON Schema's `object`: no arrays, no null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value quoted for an error message, short enough to read. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
