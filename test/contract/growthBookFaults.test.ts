import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HttpError, type Http } from '../../src/platform/http';
import { MemoryClock } from '../../src/platform/memory/clock';
import { describeShared } from '../sharedData';
import { FakeGrowthBook, writerToken, type Answer, type Fault } from './fakeGrowthBook';
import { impatientHttp, planned, ref, signal, systemAt } from './growthBookWorld';

const json = (status: number, message = 'It says why.', headers: Record<string, string> = {}): Answer => ({
  status,
  json: { message },
  headers,
});
const page = (status: number): Answer => ({ status, text: '<html><title>Sign in</title></html>' });

/** What GrowthBook does, what is said of it, and what became of a change whose publishing met it. */
const faults: readonly (readonly [name: string, fault: Fault, words: RegExp])[] = [
  ['401', json(401), /refused the token \(401\).*Sign in again/],
  ['402', json(402), /in a plan that is not paid for \(402\).*It says why\./],
  ['403', json(403), /\(403\).*It says why\..*Ask for a role/],
  ['404', json(404), /does not (?:have|show)/],
  ['400', json(400), /did not take it \(400\).*It says why\./],
  ['400 for what is gone', json(400, 'Could not find a feature with that key'), /does not have/],
  ['405', json(405), /did not take it \(405\)/],
  ['409', json(409), /\(409\)/],
  ['412', json(412), /\(412\)/],
  ['422', json(422), /did not take it \(422\).*It says why\./],
  ['423', json(423), /locked.*\(423\)/],
  ['429 with Retry-After', json(429, '', { 'retry-after': '120' }), /too often \(429\).*in 120 s/],
  ['429 with RateLimit-Reset', json(429, '', { 'ratelimit-reset': '95', 'ratelimit-remaining': '0' }), /in 95 s/],
  [
    '429 with an epoch',
    json(429, '', { 'retry-after': '1893456120', date: 'Tue, 01 Jan 2030 00:00:00 GMT' }),
    /in 120 s/,
  ],
  ['500', json(500), /failed \(500\).*It says why\./],
  ['408 of a gateway', page(408), /failed \(408\)/],
  ['502 of a gateway', page(502), /failed \(502\)/],
  ['503', json(503), /failed \(503\)/],
  ['524 of a gateway', page(524), /failed \(524\)/],
  ['a web page', page(200), /cannot be read \(JSON/],
  ['nothing', { status: 200, text: '' }, /cannot be read \(JSON/],
  ['other JSON', { json: [1] }, /cannot be read/],
  ['a redirect', { status: 302, text: '', headers: { location: 'https://evil.example/x' } }, /another address \(302\)/],
  ['silence', 'silence', /did not answer in time/],
  ['half an answer', 'cut', /cannot be reached|cannot be read/],
];

describeShared('GrowthBook that fails', 'specs/growthbook', (folder) => {
  let fake: FakeGrowthBook;

  beforeEach(async () => {
    fake = new FakeGrowthBook(folder);
    fake.feature('f', [{ value: 'true' }]);
    await fake.start();
  });
  afterEach(async () => {
    await fake.stop();
    expect(fake.problems).toEqual([]);
  });

  const http = (): Http =>
    impatientHttp(() => {
      const fault = fake.fault?.({ method: 'POST', path: '/publish', query: new URLSearchParams(), body: undefined });
      return fault === 'silence' || fault === 'doneThenSilence';
    });

  for (const [name, fault, words] of faults)
    it(`${name} to every question: says what, where and what to do, and keeps what was known`, async () => {
      const clock = new MemoryClock();
      const system = systemAt(fake.url, { clock, http: http() });
      const known = await system.snapshot(signal);
      fake.fault = () => fault;
      await clock.advance(16 * 60_000);
      const error: unknown = await system.snapshot(signal).catch((one: unknown) => one);
      expect(error).toBeInstanceOf(Error);
      const { message } = error as Error;
      expect(message).toMatch(words);
      expect(message).toContain(`GrowthBook at ${fake.url}`);
      expect(message).toContain('"prj_shop"');
      expect(message).not.toContain(writerToken);
      expect(message).not.toContain('<html');
      fake.fault = null;
      await clock.advance(5 * 60_000);
      const after = await system.snapshot(signal);
      expect(after.flags).toEqual(known.flags);
    });

  for (const [name, fault, words] of faults)
    it(`${name} to the publishing of a change: it is told true, and nothing is made twice`, async () => {
      const system = systemAt(fake.url, { http: http() });
      const plan = await planned(system, 'f', { kind: 'switch', on: false });
      fake.fault = ({ path }) => (path.endsWith('/publish') ? fault : null);
      const result = await system.apply(plan, 'c', signal);
      fake.fault = null;
      const feature = fake.features.get('f');
      expect(fake.asked('POST', '/publish')).toHaveLength(1);
      // Half an answer comes after it was done; everything else before.
      if (fault === 'cut') {
        expect(result).toMatchObject({ kind: 'applied' });
        expect(feature?.now).toMatchObject({ version: 2, environmentsEnabled: { production: false } });
        return;
      }
      expect(JSON.stringify(result)).not.toContain(writerToken);
      const open = ['401', '429'].some((status) => name.startsWith(status)) && result.kind === 'refused';
      expect(open || feature?.revisions.every(({ status }) => status !== 'draft')).toBe(true);
      expect(feature?.now.environmentsEnabled.production).toBe(true);
      expect(['refused', 'conflict']).toContain(result.kind);
      // What nobody knows is looked up at once: it is as it was, and its draft is gone.
      const unknown = ['408', '50', '52', 'a web', 'nothing', 'other', 'silence'].some((part) => name.startsWith(part));
      if (unknown) expect(result).toMatchObject({ words: 'It was not written: "f" is as it was.' });
      else expect('words' in result && result.words).toMatch(words);
      const again = await planned(systemAt(fake.url), 'f', { kind: 'switch', on: false });
      expect(await systemAt(fake.url).apply(again, 'c', signal)).toMatchObject({ kind: 'applied' });
    });

  it('asks nothing while the limits are used up, and leaves the last calls to people', async () => {
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    await system.snapshot(signal);
    fake.headers = { 'ratelimit-remaining': '1', 'ratelimit-reset': '40', 'ratelimit-limit': '60' };
    await system.detail(ref('f'), signal);
    await clock.advance(20_000);
    const before = fake.heard.length;
    await system.snapshot(signal);
    expect(fake.heard).toHaveLength(before);
    await system.detail(ref('f'), signal);
    expect(fake.heard.length).toBeGreaterThan(before);
    await clock.advance(100_000);
    await system.snapshot(signal);
    expect(fake.heard.at(-1)?.path).toMatch(/features$|stale-features$/);
  });

  it('does not follow to another host, and gives it no token', async () => {
    const seen: unknown[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const location = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}/api/v2/features`;
    fake.fault = () => ({ status: 307, text: '', headers: { location } });
    await expect(systemAt(fake.url).snapshot(signal)).rejects.toThrow('another address (307)');
    other.close();
    expect(seen).toEqual([]);
  });

  it('names a certificate that is not trusted, and an answer that is too large', async () => {
    for (const [reason, words] of [
      ['certificate', /certificate of .* is not trusted, asked about "prj_shop"/],
      ['tooLarge', /more than can be read/],
    ] as const) {
      const failing: Http = { request: ({ url }) => Promise.reject(new HttpError(reason, url, 'why')) };
      await expect(systemAt(fake.url, { http: failing }).snapshot(signal)).rejects.toThrow(words);
    }
  });

  it('says plainly that a GrowthBook without the API v2 is too old', async () => {
    fake.fault = ({ path }) => (path.includes('/v2/') ? json(404, 'Unknown endpoint') : null);
    await expect(systemAt(fake.url).snapshot(signal)).rejects.toThrow(/its API v2 is needed.*update GrowthBook/);
  });
});
