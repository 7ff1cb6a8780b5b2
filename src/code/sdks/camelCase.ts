/**
 * The name LaunchDarkly's React SDK gives a key: lodash's camelCase, as far as keys go (letters, digits and
 * separators `.`, `-`, `_`, space): `new-checkout.v2` becomes `newCheckoutV2`.
 */
export function camelCase(key: string): string {
  const words = key.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+/g) ?? [];
  return words
    .map((word, i) => {
      const lower = word.toLowerCase();
      return i === 0 ? lower : lower.charAt(0).toUpperCase() + lower.slice(1);
    })
    .join('');
}
