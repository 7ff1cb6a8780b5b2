/** Controls, and the marks that turn the direction of text around (a name could otherwise rewrite a question). */
// eslint-disable-next-line no-control-regex -- controls are what is looked for
const unwanted = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** Text from outside as one bounded line of plain text. */
export function plainText(text: string, longest: number): string {
  const line = text.replace(unwanted, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
