import type { HttpResponse } from '../../platform/http';
import type { L10n } from '../../platform/l10n';
import { tooOftenWords } from '../sourceWords';

/** Why an answer of a relay gave no flags, and what to do. What it said itself is not quoted: it may be any page. */
export function answerWords(name: string, { status, headers }: HttpResponse, waitMs: number, l10n: L10n): string {
  const { t } = l10n;
  const isPage = (headers['content-type'] ?? '').includes('html');
  if (status === 401)
    return t('{0} refused the key (401). Enter one of the relay’s "authorizedKeys" for evaluation.', name);
  if (status === 403) return t('{0} does not give its flags to this key (403). Ask for a key that may evaluate.', name);
  if (status === 404 || status === 405)
    return t(
      '{0} has no flags to give at /v1/flag/configuration ({1}). Correct "source", or update the relay.',
      name,
      status,
    );
  if (status === 429) return tooOftenWords(name, waitMs, l10n);
  if (status >= 300 && status < 400)
    return t('{0} leads elsewhere ({1}), which is not followed. Name the relay itself in "source".', name, status);
  if (isPage)
    return t('{0} answered {1} with a page, not with flags. Is a proxy or a sign-in before the relay?', name, status);
  if (status >= 500) return t('{0} failed to give its flags ({1}). Look at the relay’s log.', name, status);
  return t(
    '{0} answered {1} with what are no flags of GO Feature Flag. Is "source" the address of a relay?',
    name,
    status,
  );
}
