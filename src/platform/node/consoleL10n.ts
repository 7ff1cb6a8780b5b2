import type { L10n } from '../l10n';
import { memoryL10n } from '../memory/l10n';

/**
 * Messages as written, in English; numbers as the terminal's locale has them (`LC_ALL`, `LC_NUMERIC`, `LANG` in their
 * order, POSIX's own `C` meaning English).
 */
export function consoleL10n(env: Readonly<Record<string, string | undefined>>): L10n {
  const wanted = [env.LC_ALL, env.LC_NUMERIC, env.LANG].find((value) => value !== undefined && value !== '') ?? '';
  const tag = wanted.replace(/[.@].*$/, '').replaceAll('_', '-');
  return { t: (message, ...args) => memoryL10n.t(message, ...args), locale: isLocale(tag) ? tag : 'en' };
}

function isLocale(tag: string): boolean {
  try {
    return tag !== '' && tag !== 'C' && tag !== 'POSIX' && Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
