import { HttpError } from '../platform/http';
import type { L10n } from '../platform/l10n';

/** `waitMs`: how long it is not asked. */
export const tooOftenWords = (name: string, waitMs: number, { t, locale }: L10n): string =>
  t(
    '{0} was asked too often (429). It is asked again in {1} s.',
    name,
    new Intl.NumberFormat(locale).format(Math.max(1, Math.ceil(waitMs / 1_000))),
  );

/** Why a server that flags are read from could not be asked, and what to do. */
export function connectionWords(error: unknown, { t }: L10n): string {
  const said = error instanceof Error ? error.message : String(error);
  if (HttpError.is(error, 'certificate'))
    return t('{0}. Name its authority in "sightglass.http.ca", or have this machine trust it.', said);
  return HttpError.is(error, 'unreachable', 'timeout') ? t('{0}. Check address and network.', said) : said;
}
