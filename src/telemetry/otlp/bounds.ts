/** Longest texts kept, in UTF-16 units: names from outside must not fill memory. */
export const maxNameLength = 256;
export const maxVariantLength = 128;
/** Evaluations kept of one span; a span with more is a loop, and the rest would say the same. */
export const maxEvaluationsPerSpan = 128;

/** Links kept of one span: messages that were taken together. */
export const maxLinksPerSpan = 64;

/** A character of two units is kept whole or not at all: half of one is no text, and cannot be encoded. */
export function cut(text: string, length = maxNameLength): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? length - 1 : length);
}
