import type { Variant } from './flag';

/** A longer value is a document, not what telemetry would name a variant by. */
const longestText = 100;

/**
 * What telemetry may call a variant in place of its name: SDKs that have no names for what they hand out report the value
 * (`true` for Unleash's `enabled`; OpenTelemetry's `feature_flag.result.value` stands in for `feature_flag.result.variant`).
 * From the value's text to the name, where exactly one variant has that value and none has it as its name.
 */
export function namesByValue(variants: readonly Variant[]): ReadonlyMap<string, string> {
  const names = new Set(variants.map(({ name }) => name));
  const byValue = new Map<string, string>();
  const several = new Set<string>();
  for (const { name, value } of variants) {
    if (typeof value === 'object') continue;
    const text = String(value);
    if (text.length > longestText || names.has(text)) continue;
    if (byValue.has(text)) several.add(text);
    byValue.set(text, name);
  }
  for (const text of several) byValue.delete(text);
  return byValue;
}
