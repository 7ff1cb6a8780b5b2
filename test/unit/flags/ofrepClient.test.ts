import { describe, expect, it } from 'vitest';
import { OfrepClient } from '../../../src/flags/ofrep/ofrepClient';
import type { HttpRequest } from '../../../src/platform/http';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { memoryRemotes } from '../../../src/platform/memory/remotes';

interface Said {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function answering(...answers: Said[]): { client: OfrepClient; asked: HttpRequest[] } {
  const asked: HttpRequest[] = [];
  const http = {
    request: (request: HttpRequest) => {
      asked.push(request);
      const { status, body, headers = {} } = answers.shift() ?? { status: 500 };
      const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
      return Promise.resolve({ status, headers, body: new TextEncoder().encode(text) });
    },
  };
  const options = { id: 'flags', type: 'flagd', url: 'https://flags.acme.dev/base/', authorization: 'bearer' } as const;
  return { client: new OfrepClient(memoryRemotes(http, 'secret-token').remote(options), memoryL10n), asked };
}

describe('OFREP', () => {
  it.each([
    [{ status: 401, body: '<html>' }, 'UNAUTHENTICATED'],
    [{ status: 403 }, 'FORBIDDEN'],
    [{ status: 404, body: { key: 'a', errorCode: 'FLAG_NOT_FOUND' } }, 'FLAG_NOT_FOUND'],
    [{ status: 404, body: '404 page not found' }, 'BROKEN'],
    [
      { status: 400, body: { key: 'a', errorCode: 'TARGETING_KEY_MISSING', errorDetails: 'x' } },
      'TARGETING_KEY_MISSING',
    ],
    [{ status: 400, body: { key: 'a', errorCode: 'PARSE_ERROR' } }, 'PARSE_ERROR'],
    [{ status: 413, body: { errorDetails: 'request body too large' } }, 'BROKEN'],
    [{ status: 500, body: { errorDetails: 'oh' } }, 'BROKEN'],
    [{ status: 200, body: 'not json' }, 'BROKEN'],
    [{ status: 200, body: { key: 'another', reason: 'STATIC', value: true } }, 'BROKEN'],
  ])('tells %j apart', async (said, code) => {
    const error = await answering(said)
      .client.evaluate('a', {})
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'OfrepError', code });
    expect(String(error)).toContain('https://flags.acme.dev');
    expect(String(error)).not.toContain('secret-token');
  });

  it('says when it may be asked again', async () => {
    const later = answering({ status: 429, headers: { 'retry-after': '7' } });
    await expect(later.client.evaluate('a', {})).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 7_000 });
    const date = answering({ status: 429, headers: { 'retry-after': new Date(Date.now() + 60_000).toUTCString() } });
    const error = await date.client.evaluate('a', {}).catch((thrown: unknown) => thrown);
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000);
  });

  it('takes what has no value for the default in the code', async () => {
    const { client, asked } = answering({ status: 200, body: { key: 'a/b', reason: 'DEFAULT' } });
    expect(await client.evaluate('a/b', { targetingKey: 'u' })).toEqual({
      variant: null,
      value: null,
      reason: 'DEFAULT',
    });
    expect(asked[0]).toMatchObject({
      method: 'POST',
      url: 'https://flags.acme.dev/base/ofrep/v1/evaluate/flags/a%2Fb',
    });
    expect(new TextDecoder().decode(asked[0]?.body)).toBe('{"context":{"targetingKey":"u"}}');
  });

  it('asks for all again only when they changed, and one that failed hides no other', async () => {
    const flags = [
      { key: 'a', value: true, reason: 'STATIC', variant: 'on' },
      { key: 'b', errorCode: 'PARSE_ERROR', reason: 'ERROR' },
      'nonsense',
    ];
    const { client, asked } = answering(
      { status: 200, body: { flags }, headers: { etag: '"1"' } },
      { status: 304 },
      { status: 200, body: { flags: [] } },
    );
    const first = await client.evaluateAll({ targetingKey: 'u' });
    expect([...first.evaluations.keys()]).toEqual(['a']);
    expect([...first.failures]).toEqual([['b', 'PARSE_ERROR']]);
    expect(await client.evaluateAll({ targetingKey: 'u' })).toBe(first);
    await client.evaluateAll({ targetingKey: 'other' });
    expect(asked.map(({ headers }) => headers?.['if-none-match'])).toEqual([undefined, '"1"', undefined]);
  });
});
