/** Names are few and come again and again; more than these are worked out anew. */
const mostKept = 10_000;
const kept = new Map<string, string>();

/** Whether two names mean one service. */
export const isSameService = (one: string, other: string): boolean =>
  one === other || serviceKey(one) === serviceKey(other);

/**
 * The same for all names of one service: telemetry, catalogs and folders write `checkout-service`, `CheckoutService` and
 * `checkout` of the same.
 */
export function serviceKey(name: string): string {
  const known = kept.get(name);
  if (known !== undefined) return known;
  const key = plain(name);
  if (kept.size < mostKept) kept.set(name, key);
  return key;
}

/** A name that is nothing but such a word stays what it is. */
function plain(name: string): string {
  const words = name
    .slice(0, 256)
    .replace(/(?<=[a-z\d])(?=[A-Z])/gu, ' ')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
  const last = words.at(-1);
  const isGeneric = words.length > 1 && (last === 'service' || last === 'svc');
  return (isGeneric ? words.slice(0, -1) : words).join(' ') || name;
}
