import type { L10n, Translations } from '../l10n';

/** The messages as written, in English. */
export const memoryL10n: L10n = {
  locale: 'en',
  t: (message, ...args) =>
    message.replaceAll(/\{(\d+)\}/g, (placeholder, index: string) => String(args[Number(index)] ?? placeholder)),
};

/** Messages by a table, as a worker gets them from its host; one that is missing as written. */
export function translatedL10n({ locale, messages }: Translations): L10n {
  const found = new Map(Object.entries(messages));
  return { locale, t: (message, ...args) => memoryL10n.t(found.get(message) ?? message, ...args) };
}
