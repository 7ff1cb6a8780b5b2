import type { Variant } from '../model/flag';
import type { L10n } from '../platform/l10n';

/** Names that say off, in the order they are believed. */
const NAMES = ['off', 'disabled', 'control'];

/**
 * The variant that is off, with the reason; or null with the reason why none is. `configured` is what
 * `.sightglass.json` names. A boolean `false` counts before a name; where the two contradict each other, or several
 * are false, nothing is guessed.
 */
export function offVariantOf(
  variants: readonly Variant[],
  configured: string | undefined,
  l10n: L10n,
): { readonly variant: string | null; readonly reason: string } {
  const { t } = l10n;
  if (configured !== undefined)
    return variants.some(({ name }) => name === configured)
      ? { variant: configured, reason: t('Named in .sightglass.json.') }
      : { variant: null, reason: t('.sightglass.json names "{0}" as off, which is not a variant.', configured) };
  const named = NAMES.map((wanted) => variants.find(({ name }) => name.toLowerCase() === wanted)).find(Boolean);
  const falsy = variants.filter(({ value }) => value === false);
  const [only] = falsy;
  if (named?.value === true)
    return {
      variant: null,
      reason: t('"{0}" is named like off but is true. Name the off variant in .sightglass.json.', named.name),
    };
  if (only && falsy.length === 1) return { variant: only.name, reason: t('Its value is false.') };
  if (named) return { variant: named.name, reason: t('Named "{0}".', named.name) };
  return {
    variant: null,
    reason: only
      ? t('Several variants are false. Name the off variant in .sightglass.json.')
      : t('No variant is false or named off. Name the off variant in .sightglass.json.'),
  };
}
