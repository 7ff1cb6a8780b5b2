import type { HttpError } from '../../platform/http';
import type { L10n } from '../../platform/l10n';

const MOST_SAID = 200;

/** Why a system did not do what it was asked. */
export type Refusal =
  | 'signedOut'
  | 'forbidden'
  | 'unpaid'
  | 'notFound'
  | 'approval'
  | 'moved'
  | 'invalid'
  | 'locked'
  | 'tooMany'
  | 'server'
  | 'unreadable'
  | 'noAnswer';

/** What was asked about, for the words: `shop`, or `checkout in shop / production`. */
export interface About {
  readonly project: string;
  readonly environment?: string;
  readonly key?: string;
}

export function aboutWords({ project, environment, key }: About, { t }: L10n): string {
  const place = environment === undefined ? `"${project}"` : `"${project}" / "${environment}"`;
  return key === undefined ? place : t('"{0}" in {1}', key, place);
}

/** Its own sentence, in one line and bounded; `''` for a web page. */
export function saidWords(said: string): string {
  const line = said.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  if (line.startsWith('<')) return '';
  return line.length > MOST_SAID ? `${line.slice(0, MOST_SAID - 1)}…` : line;
}

/** Why a system did not do what it was asked, in words for people: what, where, what to do. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  constructor(
    /** `noAnswer`: it may have been done all the same; `unreadable`: done or not, the answer does not tell. */
    readonly reason: Refusal,
    message: string,
    /** What a refusal said, as JSON: the gates in the way of it. Untrusted. */
    readonly said?: unknown,
  ) {
    super(message);
  }
  static is(error: unknown, ...reasons: Refusal[]): error is ApiError {
    return error instanceof ApiError && (reasons.length === 0 || reasons.includes(error.reason));
  }
}

/** Whether a write that was answered so may have been made. */
export const leavesOpen = (reason: Refusal): boolean =>
  reason === 'noAnswer' || reason === 'unreadable' || reason === 'server';

/** A gateway that gave up does not know whether what is behind it did it; 520 to 524 are Cloudflare's. */
export const gaveUp = (status: number): boolean =>
  status === 408 || status === 502 || status === 504 || (status >= 520 && status <= 524);

/** Whether an answer is the system's own word that the token may not: a web page is a gateway's, and says nothing of it. */
export const deniesToken = ({ reason, said }: ApiError): boolean => reason === 'forbidden' && said !== undefined;

/** A system in its own terms, for errors. */
export interface ApiTerms {
  readonly name: string;
  readonly url: string;
  /** What to do where it takes no such token, and where the token may not: a sentence each. */
  readonly signIn: (l10n: L10n) => string;
  readonly askFor: (l10n: L10n) => string;
}

/** An HTTP error in words: what, where, what to do. `said`: the system's own sentence, `''` for none. */
export function answerWords(
  { name, url, signIn, askFor }: ApiTerms,
  about: string,
  status: number,
  refusal: Refusal,
  said: string,
  waitMs: number,
  l10n: L10n,
): string {
  const { t, locale } = l10n;
  switch (refusal) {
    case 'signedOut':
      return t('{0} at {1} refused the token (401), asked about {2}. {3}', name, url, about, signIn(l10n));
    case 'forbidden':
      return t('{0} at {1} does not allow this to the token (403): {2}. {3} {4}', name, url, about, said, askFor(l10n));
    case 'unpaid':
      return t(
        '{0} at {1} has this in a plan that is not paid for (402), asked about {2}. {3} Do it there another way, or have the plan changed.',
        name,
        url,
        about,
        said,
      );
    case 'approval':
      return t('{0} at {1} takes changes to {2} only after others approved them ({3}).', name, url, about, status);
    case 'notFound':
      return t(
        '{0} at {1} does not have {2}, or does not show it to this token ({3}). Refresh, or check project and environment in .sightglass.json.',
        name,
        url,
        about,
        status,
      );
    case 'moved':
      return t('{0} at {1}: {2} was changed by somebody else ({3}). Look at it again.', name, url, about, status);
    case 'locked':
      return t('{0} at {1} has locked {2} (423). {3} Try again in a moment.', name, url, about, said);
    case 'tooMany': {
      const seconds = new Intl.NumberFormat(locale).format(Math.max(1, Math.ceil(waitMs / 1000)));
      return t(
        '{0} at {1} is asked too often (429), about {2}. It is asked again in {3} s.',
        name,
        url,
        about,
        seconds,
      );
    }
    case 'server':
    case 'noAnswer':
      return t(
        '{0} at {1} failed ({2}), asked about {3}. {4} Try again; its status page says more.',
        name,
        url,
        status,
        about,
        said,
      );
    default:
      return status >= 300 && status < 400
        ? t(
            '{0} at {1} answers with another address ({2}), asked about {3}. Put the right one in .sightglass.json.',
            name,
            url,
            status,
            about,
          )
        : t('{0} at {1} did not take it ({2}): {3}. {4}', name, url, status, about, said);
  }
}

export function noAnswerWords({ name, url }: ApiTerms, about: string, error: HttpError, { t }: L10n): string {
  switch (error.reason) {
    case 'timeout':
      return t('{0} at {1} did not answer in time, asked about {2}. Check the network.', name, url, about);
    case 'certificate':
      return t(
        'The certificate of {0} is not trusted, asked about {1}: {2}. Name its authority in "sightglass.http.ca", or have this machine trust it.',
        url,
        about,
        error.message,
      );
    case 'tooLarge':
      return t('{0} at {1} answered more than can be read, asked about {2}. {3}', name, url, about, error.message);
    default:
      return t(
        '{0} at {1} cannot be reached, asked about {2}. Check address and network. {3}',
        name,
        url,
        about,
        error.message,
      );
  }
}
