/** Controls, and the marks that turn the direction of text around (a name could otherwise rewrite a question). */
const unwanted = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu;

/** Text from outside as one bounded line of plain text. */
export function plainText(text: string, longest: number): string {
  const line = text
    .slice(0, longest * 4)
    .replace(unwanted, ' ')
    .trim();
  if (line.length <= longest) return line;
  const cut = line.slice(0, longest - 1);
  // Never half a character.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
