/** The choice that is written. Throws with words for the user. */
export function oneOf<const T extends string>(option: string, text: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === text);
  if (found === undefined) throw new Error(`${option} wants one of ${choices.join(', ')}, not "${text}".`);
  return found;
}
