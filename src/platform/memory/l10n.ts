import type { L10n } from '../l10n';

/** The messages as written, in English. */
export const memoryL10n: L10n = {
  locale: 'en',
  t: (message, ...args) =>
    message.replaceAll(/\{(\d+)\}/g, (placeholder, index: string) => String(args[Number(index)] ?? placeholder)),
};
