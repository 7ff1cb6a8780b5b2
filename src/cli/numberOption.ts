/** A number that is written, within bounds. Throws with words for the user. */
export function numberOption(option: string, text: string | undefined, least: number, most: number): number {
  const value = Number(text);
  if (text === undefined || text.trim() === '' || !Number.isFinite(value) || value < least || value > most) {
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
    throw new Error(`${option} wants a number ${range}.`);
  }
  return value;
}

/** The same without fractions. */
export function wholeNumberOption(option: string, text: string | undefined, least: number, most: number): number {
  const value = numberOption(option, text, least, most);
  if (!Number.isInteger(value)) throw new Error(`${option} wants a whole number.`);
  return value;
}
