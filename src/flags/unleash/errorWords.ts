import type { HttpError } from '../../platform/http';
import type { L10n } from '../../platform/l10n';

const MOST_SAID = 200;

/** An HTTP error of Unleash in words: what, where, what to do. `url`: with what it was asked about. `said` is the server's own sentence, `''` for none. */
export function answerWords(
  url: string,
  status: number,
  reason: string,
  said: string,
  waitMs: number | null,
  { t, locale }: L10n,
): string {
  const words = said.length > MOST_SAID ? `${said.slice(0, MOST_SAID - 1)}…` : said;
  switch (reason) {
    case 'signedOut':
      return t(
        'Unleash at {0} refused the token (401). Sign in again with a personal access token or an admin token.',
        url,
      );
    case 'approval':
      return t(
        'Unleash at {0} takes changes to this environment only through a change request (403). Open one in Unleash.',
        url,
      );
    case 'forbidden':
      return /different token type/i.test(said)
        ? t(
            'Unleash at {0} wants another kind of token (403): this one is for SDKs. Sign in with a personal access token or an admin token.',
            url,
          )
        : t(
            'Unleash at {0} does not allow this to the token\'s owner (403). {1} Ask for the role "Member" in the project.',
            url,
            words,
          );
    case 'notFound':
      return t(
        'Unleash at {0} does not have it (404). {1} Refresh, or check the project and the environment in .sightglass.json.',
        url,
        words,
      );
    case 'tooMany': {
      const seconds = new Intl.NumberFormat(locale).format(Math.ceil((waitMs ?? 60_000) / 1000));
      return t('Unleash at {0} is asked too often (429). It is asked again in {1} s.', url, seconds);
    }
    case 'server':
    case 'noAnswer':
      return t('Unleash at {0} failed ({1}). {2} Try again; when it stays, its log says why.', url, status, words);
    default:
      return status >= 300 && status < 400
        ? t('Unleash at {0} answers with another address ({1}). Put that address in .sightglass.json.', url, status)
        : t('Unleash at {0} did not take it ({1}). {2}', url, status, words);
  }
}

export function noAnswerWords(url: string, error: HttpError, { t }: L10n): string {
  switch (error.reason) {
    case 'timeout':
      return t('Unleash at {0} did not answer in time. Check that it is up.', url);
    case 'certificate':
      return t(
        'Unleash at {0} has a certificate that is not trusted. {1}. Name its authority in "sightglass.http.ca", or have this machine trust it.',
        url,
        error.message,
      );
    case 'tooLarge':
      return t('Unleash at {0} answered more than can be read. {1}', url, error.message);
    default:
      return t('Unleash at {0} cannot be reached. Check the address and the network. {1}', url, error.message);
  }
}
