import type { FlagType, Variant } from '../../model/flag';
import type { Variation } from './schema';

const MOST_NAME = 60;

/**
 * LaunchDarkly's variations are known by their place; people know them by name, else by value. Names are unique, so
 * that they find the way back: where two would be the same, the place is said as well.
 */
export function variantsOf(variations: readonly Variation[]): Variant[] {
  const taken = new Set<string>();
  return variations.map(({ name, value }, at) => {
    const wanted = name ?? valueName(value, at);
    const unique = taken.has(wanted) ? `${wanted} (${String(at)})` : wanted;
    taken.add(unique);
    return { name: unique, value };
  });
}

function valueName(value: Variant['value'], at: number): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text !== '' && text.length <= MOST_NAME && typeof value !== 'object' ? text : `variation ${String(at)}`;
}

export function typeOf(variations: readonly Variation[]): FlagType {
  const types = new Set(variations.map(({ value }) => typeof value));
  const [only] = types;
  if (types.size !== 1) return 'unknown';
  return only === 'boolean' || only === 'string' || only === 'number' || only === 'object' ? only : 'unknown';
}
