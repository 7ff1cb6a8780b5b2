import { HttpError, type HttpResponse } from '../../platform/http';
import type { L10n } from '../../platform/l10n';
import { RemoteError } from '../../platform/remotes';
import { PromAnswerError, readEnvelope } from './response';

/** Why a metrics server gave no answer, in words for people: what, where, what to do. */
export class PromError extends Error {
  override readonly name = 'PromError';
  constructor(
    /** `question`: it lives and refused this one; `server`: it is away or in trouble, others will fare no better; `consent`: nothing was sent. */
    readonly kind: 'question' | 'server' | 'consent',
    message: string,
    /** What the server asked for, in ms. */
    readonly retryAfterMs: number | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What the answers are about: `Prometheus metrics at https://prom.example.com`. */
export interface Asked {
  readonly where: string;
  readonly tenant: string | undefined;
  readonly l10n: L10n;
}

/** No answer came. */
export function failureOf(error: unknown, { where, l10n }: Asked): Error {
  if (RemoteError.is(error)) return new PromError('consent', error.message, null, { cause: error });
  if (!HttpError.is(error)) return error instanceof Error ? error : new Error(String(error));
  if (error.reason === 'aborted') return error;
  const fromCause = { cause: error };
  switch (error.reason) {
    case 'timeout':
      return new PromError('server', l10n.t('{0} did not answer in time.', where), null, fromCause);
    case 'tooLarge':
      return new PromError(
        'question',
        l10n.t('The answer of {0} is too large. Choose a shorter window.', where),
        null,
        fromCause,
      );
    case 'certificate':
      return new PromError(
        'server',
        l10n.t('The certificate of {0} is not trusted: {1}', where, error.message),
        null,
        fromCause,
      );
    case 'unreachable':
      return new PromError('server', l10n.t('{0} cannot be reached.', where), null, fromCause);
  }
}

/** An answer other than 200, or a body that is none of a metrics server. */
export function refusalOf({ status, headers, body }: HttpResponse, { where, tenant, l10n }: Asked): PromError {
  const said = words(body);
  const retry = retryAfter(headers['retry-after']);
  if (/no org ?id/i.test(said.text) && tenant === undefined)
    return new PromError(
      'server',
      l10n.t('{0} keeps several tenants apart. Name one as "tenant" in .sightglass.json.', where),
    );
  if (status === 401) return new PromError('server', l10n.t('{0} wants another token (401). Sign in again.', where));
  if (status === 403)
    return new PromError(
      'server',
      l10n.t('{0} does not allow reading metrics (403). Ask for the right to query.', where),
    );
  if (status >= 300 && status < 400)
    return new PromError(
      'server',
      l10n.t('{0} leads elsewhere ({1}). Configure the address it leads to.', where, status),
    );
  if (status === 429) return new PromError('server', l10n.t('{0} is asked too often (429).', where), retry ?? 30_000);
  if (!said.isTheirs && (status < 500 || status === 501))
    return new PromError(
      'server',
      l10n.t(
        '{0} is no Prometheus API: it answers {1}. Is a path missing in its "url", such as /prometheus?',
        where,
        status,
      ),
    );
  if (said.type === 'timeout' || /timed? ?out|deadline exceeded/i.test(said.text))
    return new PromError('question', l10n.t('{0} ran out of time. Choose a shorter window.', where), retry);
  if (
    /too many (samples|points|series)|exceeded maximum resolution|would load too many|max-series|max-samples/i.test(
      said.text,
    )
  )
    return new PromError('question', l10n.t('The question is too large for {0}. Choose a shorter window.', where));
  if (status >= 500)
    return new PromError('server', l10n.t('{0} is in trouble ({1}): {2}', where, status, said.text), retry);
  return new PromError('question', l10n.t('{0} could not answer ({1}): {2}', where, status, said.text));
}

/** The error of the body as far as it says one; at most a line of it. */
function words(body: Uint8Array): { readonly type: string; readonly text: string; readonly isTheirs: boolean } {
  try {
    readEnvelope(body);
  } catch (error) {
    if (error instanceof PromAnswerError && (error.type !== '' || error.message !== ''))
      return { type: error.type, text: oneLine(error.message), isTheirs: true };
  }
  const text = oneLine(new TextDecoder().decode(body.subarray(0, 2_000)));
  return { type: '', text: text.startsWith('<') ? '' : text, isTheirs: false };
}

const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);

function retryAfter(header: string | undefined): number | null {
  const seconds = Number(header ?? '');
  return header !== undefined && Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 600) * 1_000 : null;
}
