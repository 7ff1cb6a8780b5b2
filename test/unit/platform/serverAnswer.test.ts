import { describe, expect, it } from 'vitest';
import { HttpError, type HttpResponse } from '../../../src/platform/http';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { memoryRemotes } from '../../../src/platform/memory/remotes';
import { askForJson } from '../../../src/platform/serverAnswer';

const url = 'https://flags.acme.dev';

function ask(answer: Partial<HttpResponse> | Error, signal = new AbortController().signal) {
  const http = {
    request: (): Promise<HttpResponse> =>
      answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve({ status: 200, headers: {}, body: new Uint8Array(), ...answer }),
  };
  const remote = memoryRemotes(http).remote({ id: 'flags', type: 'unleash', url, authorization: 'raw' });
  return askForJson(remote, '/api', { name: 'Unleash', l10n: memoryL10n, signal });
}

const body = (text: string): Uint8Array => new TextEncoder().encode(text);
const failed = (reason: HttpError['reason'], words: string): HttpError =>
  new HttpError(reason, `${url}/api?user=ana`, words);

describe('what a server’s answer means to who has just entered its address and token', () => {
  it.each([
    ['token', { status: 401 }, /Unleash at https:\/\/flags\.acme\.dev refused the token \(401\)/],
    ['token', { status: 403, body: body('{"message":"no\\n right"}') }, /\(403\): no right$/],
    ['token', { status: 403, body: body('<html>no</html>') }, /\(403\): …$/],
    ['other', { status: 407 }, /proxy/],
    ['other', { status: 429 }, /too often/],
    ['other', { status: 503 }, /in trouble \(503\)/],
    ['address', { status: 404 }, /no Unleash at .*without \/api/],
    ['address', { status: 200, body: body('<!doctype html>') }, /web page/],
    [
      'address',
      { status: 301, headers: { location: 'https://new.acme.dev/x?user=ana' } },
      /sends on to https:\/\/new\.acme\.dev\./,
    ],
    ['address', failed('timeout', 'late'), /did not answer in 10 s/],
    ['address', failed('unreachable', `${url} cannot be reached (ENOTFOUND)`), /ENOTFOUND.*VPN, proxy/],
    ['address', failed('tooLarge', 'large'), /more than can be meant/],
    [
      'other',
      failed('certificate', `The certificate of ${url} is not trusted (SELF_SIGNED)`),
      /SELF_SIGNED.*sightglass\.http\.ca/,
    ],
    ['other', new Error('odd'), /could not be asked: odd/],
  ] as const)('%s: %j', async (about, answer, words) => {
    const found = await ask(answer);
    expect(found).toMatchObject({ ok: false, problem: { about } });
    expect(found.ok || found.problem.words).toMatch(words);
    expect(JSON.stringify(found)).not.toContain('ana');
  });

  it('is its JSON where there is some, and nothing after a stop', async () => {
    expect(await ask({ body: body('{"a":1}') })).toEqual({ ok: true, json: { a: 1 } });
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(ask(failed('aborted', 'given up'), stopped)).rejects.toMatchObject({ reason: 'aborted' });
  });
});
