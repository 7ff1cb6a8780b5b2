import { HttpError } from './http';
import type { L10n } from './l10n';
import { RemoteError, type Remote } from './remotes';

/** What a person who has just entered an address or a token can do about it. */
export interface ServerProblem {
  /** What has to be entered again; `other`: neither would help. */
  readonly about: 'address' | 'token' | 'other';
  readonly words: string;
}

export type ServerAnswer =
  { readonly ok: true; readonly json: unknown } | { readonly ok: false; readonly problem: ServerProblem };

const timeoutMs = 10_000;
const maxBytes = 4 * 1024 * 1024;

/**
 * Asks a server for JSON once and says in plain words why none came: token (401), right (403), another kind of server,
 * a web page, a redirect to a sign-in, certificate, time, network. `name`: for people, `Unleash`. Never rejects but
 * when the signal fires.
 */
export async function askForJson(
  remote: Remote,
  path: string,
  asking: {
    readonly name: string;
    readonly l10n: L10n;
    readonly signal: AbortSignal;
    readonly headers?: Readonly<Record<string, string>>;
  },
): Promise<ServerAnswer> {
  const { name, l10n, signal } = asking;
  const { t } = l10n;
  const where = t('{0} at {1}', name, remote.origin);
  const no = (about: ServerProblem['about'], words: string): ServerAnswer => ({ ok: false, problem: { about, words } });
  try {
    const headers = { accept: 'application/json', ...asking.headers };
    const answer = await remote.request({ method: 'GET', path, headers, timeoutMs, maxBytes, signal });
    const { status } = answer;
    const text = new TextDecoder().decode(answer.body);
    if (status === 401)
      return no('token', t('{0} refused the token (401). Is it whole, not expired and not revoked?', where));
    if (status === 403) return no('token', t('{0} does not let this token in (403): {1}', where, said(text)));
    if (status === 407) return no('other', t('The proxy on the way to {0} wants a sign-in (407).', remote.origin));
    if (status === 429) return no('other', t('{0} is asked too often (429). Try again in a minute.', where));
    if (status >= 500) return no('other', t('{0} is in trouble ({1}). Try again later.', where, status));
    if (status >= 300 && status < 400)
      return no(
        'address',
        t(
          '{0} sends on to {1}. Enter the address it leads to, unless that is a sign-in page.',
          remote.origin,
          target(answer.headers.location, remote.origin),
        ),
      );
    if (status !== 200)
      return no(
        'address',
        t('There is no {0} at {1} ({2}). Enter its base address, without /api.', name, remote.origin, status),
      );
    const json = parsed(text);
    if (json !== undefined) return { ok: true, json };
    return no(
      'address',
      t('{0} answers with a web page and not as {1}. Enter its base address, without /api.', remote.origin, name),
    );
  } catch (error) {
    if (signal.aborted) throw error;
    return { ok: false, problem: problemOf(error, where, l10n) };
  }
}

function problemOf(error: unknown, where: string, { t }: L10n): ServerProblem {
  const message = error instanceof Error ? error.message : String(error);
  if (RemoteError.is(error)) return { about: error.reason === 'noToken' ? 'token' : 'other', words: message };
  if (!HttpError.is(error)) return { about: 'other', words: t('{0} could not be asked: {1}', where, message) };
  switch (error.reason) {
    case 'timeout':
      return {
        about: 'address',
        words: t('{0} did not answer in {1} s. Is the address right, and the network there?', where, timeoutMs / 1_000),
      };
    case 'certificate':
      return {
        about: 'other',
        words: t('{0}. Name its authority in "sightglass.http.ca", or have this machine trust it.', message),
      };
    case 'tooLarge':
      return { about: 'address', words: t('{0} answers with more than can be meant. Is the address right?', where) };
    default:
      return { about: 'address', words: t('{0}. Is the address right, and the network (VPN, proxy) there?', message) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A line of what the server says; of a web page nothing. */
function said(text: string): string {
  const json = parsed(text);
  const message = typeof json === 'object' && json !== null && 'message' in json ? String(json.message) : text;
  const line = message
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return line.startsWith('<') || line === '' ? '…' : line;
}

/** Origin only: what comes after it may be about the person. */
function target(location: string | undefined, from: string): string {
  return location !== undefined && URL.canParse(location, from) ? new URL(location, from).origin : '…';
}
