import type { L10n } from '../platform/l10n';

/** A fact as a screen reader says it: what is a sign on the screen is a word, what is parted by dots by commas. */
export function spokenFact(text: string, l10n: L10n): string {
  return text
    .split(' · ')
    .map((part) => (part === '…' ? l10n.t('not asked yet') : part.replaceAll('▲', l10n.t('regression,'))))
    .join(', ');
}
