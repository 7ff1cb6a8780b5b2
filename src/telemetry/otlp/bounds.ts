/** Longest texts kept, in UTF-16 units: names from outside must not fill memory. */
export const maxNameLength = 256;
export const maxVariantLength = 128;
/** Evaluations kept of one span; a span with more is a loop, and the rest would say the same. */
export const maxEvaluationsPerSpan = 128;

export function cut(text: string, length = maxNameLength): string {
  return text.length > length ? text.slice(0, length) : text;
}
