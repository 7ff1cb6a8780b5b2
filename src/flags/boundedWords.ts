import type { L10n } from '../platform/l10n';

/** Parts of sentences out of names and values of servers, which may be of any length. They are not escaped. */
const MAX_LENGTH = 240;
const MAX_LIST = 6;
const MAX_NAME = 80;

export const short = (text: string): string => (text.length > MAX_NAME ? `${text.slice(0, MAX_NAME - 1)}…` : text);

export const shortQuoted = (text: string): string => JSON.stringify(short(text));

/** Conditions joined by "and", bounded. */
export function joined(conditions: readonly string[], l10n: L10n): string {
  const text = conditions.join(l10n.t(' and '));
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

/** A list of values in quotes, the first few of them. */
export function valueList(values: readonly string[], { t }: L10n): string {
  const shown = values.slice(0, MAX_LIST).map(shortQuoted).join(', ');
  return values.length > MAX_LIST ? t('{0} and {1} more', shown, values.length - MAX_LIST) : shown;
}
