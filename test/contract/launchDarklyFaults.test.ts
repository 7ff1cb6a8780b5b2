import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HttpError, type Http } from '../../src/platform/http';
import { MemoryClock } from '../../src/platform/memory/clock';
import { describeShared } from '../sharedData';
import { FakeLaunchDarkly, writerToken, type Answer, type Fault } from './fakeLaunchDarkly';
import { environmentRef, impatientHttp, planned, ref, signal, stateOf, systemAt } from './launchDarklyWorld';

const json = (status: number, code = 'x', message = 'It says why.', headers: Record<string, string> = {}): Answer => ({
  status,
  json: { code, message },
  headers,
});
const page = (status: number): Answer => ({ status, text: '<html><title>Sign in</title></html>' });

/** What LaunchDarkly does, what is said of it, and what became of a change that met it. */
const faults: readonly (readonly [name: string, fault: Fault, words: RegExp, outcome: 'refused' | 'unknown'])[] = [
  ['401', json(401, 'unauthorized'), /refused the token \(401\).*Sign in again/, 'refused'],
  ['403', json(403, 'forbidden'), /\(403\).*It says why\..*role Writer/, 'refused'],
  ['404', json(404, 'not_found'), /does not (?:have|show).*\(404\)|is gone from|no project/, 'refused'],
  ['400', json(400, 'invalid_request'), /did not take it \(400\).*It says why\./, 'refused'],
  ['412', json(412), /\(412\)/, 'refused'],
  ['422', json(422), /did not take it \(422\).*It says why\./, 'refused'],
  ['423', json(423), /locked.*\(423\)/, 'refused'],
  [
    '429 with Retry-After in seconds',
    json(429, 'rate_limited', '', { 'retry-after': '120' }),
    /too often \(429\).*in 120 s/,
    'refused',
  ],
  [
    '429 with a date',
    json(429, 'rate_limited', '', {
      'retry-after': 'Tue, 01 Jan 2030 00:02:00 GMT',
      date: 'Tue, 01 Jan 2030 00:00:00 GMT',
    }),
    /in 120 s/,
    'refused',
  ],
  [
    '429 with an epoch',
    json(429, 'rate_limited', '', { 'x-ratelimit-reset': '1893456120000', date: 'Tue, 01 Jan 2030 00:00:00 GMT' }),
    /in 120 s/,
    'refused',
  ],
  ['500', json(500), /failed \(500\).*It says why\./, 'refused'],
  ['402', json(402), /in a plan that is not paid for \(402\).*It says why\./, 'refused'],
  ['408 of a gateway', page(408), /failed \(408\)/, 'unknown'],
  ['524 of a gateway', page(524), /failed \(524\)/, 'unknown'],
  ['502 of a gateway', page(502), /failed \(502\)/, 'unknown'],
  ['503', json(503), /failed \(503\)/, 'refused'],
  ['a web page', page(200), /cannot be read \(JSON/, 'unknown'],
  ['nothing', { status: 200, text: '' }, /cannot be read \(JSON/, 'unknown'],
  ['other JSON', { json: [1] }, /cannot be read/, 'unknown'],
  [
    'a redirect',
    { status: 302, text: '', headers: { location: 'https://evil.example/x' } },
    /another address \(302\)/,
    'refused',
  ],
  ['silence', 'silence', /did not answer in time/, 'unknown'],
  ['half an answer', 'cut', /cannot be reached|cannot be read/, 'unknown'],
];

describeShared('LaunchDarkly that fails', 'specs/launchdarkly', (folder) => {
  let fake: FakeLaunchDarkly;

  beforeEach(async () => {
    fake = new FakeLaunchDarkly(folder);
    fake.flag('f', { fallthrough: { variation: 0 } });
    await fake.start();
  });
  afterEach(async () => {
    await fake.stop();
    expect(fake.problems).toEqual([]);
  });

  const http = (): Http =>
    impatientHttp(() => {
      const fault = fake.fault?.({ method: 'PATCH', path: '', query: new URLSearchParams(), body: undefined });
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
      expect(message).toContain(fake.url);
      expect(message).toContain('"shop"');
      expect(message).not.toContain(writerToken);
      expect(message).not.toContain('<html');
      fake.fault = null;
      await clock.advance(5 * 60_000);
      const after = await system.snapshot(signal);
      expect(after.flags.map(({ states }) => states.map((state) => state.switch))).toEqual(
        known.flags.map(({ states }) => states.map((state) => state.switch)),
      );
    });

  for (const [name, fault, words, outcome] of faults)
    it(`${name} to a change: it is told true, and nothing is made twice`, async () => {
      const system = systemAt(fake.url, { http: http() });
      const plan = await planned(system, 'f', { kind: 'switch', on: false });
      fake.fault = ({ method }) => (method === 'PATCH' ? fault : null);
      const result = await system.apply(plan, 'c', signal);
      const { on, version } = fake.config('f');
      // Half an answer comes after it was done; everything else before.
      if (fault === 'cut') {
        expect(result).toMatchObject({ kind: 'applied' });
        expect({ on, version }).toEqual({ on: false, version: 2 });
        return;
      }
      expect({ on, version }).toEqual({ on: true, version: 1 });
      expect(result.kind).toBe(outcome);
      expect('words' in result && result.words).toMatch(words);
      expect(JSON.stringify(result)).toMatch(/\\"f\\" in \\"shop\\" \/ \\"production\\"|is gone/);
      expect(fake.asked('PATCH', '/flags/').filter(({ query }) => !query.has('dryRun'))).toHaveLength(1);
      fake.fault = null;
      // It may still come, and then it does no harm: the version is tested.
      if (outcome === 'unknown') expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'unknown' });
    });

  it('says that a change whose answer never came was made, and does not make it again', async () => {
    const system = systemAt(fake.url, { http: http() });
    const plan = await planned(system, 'f', { kind: 'switch', on: false });
    fake.fault = ({ method }) => (method === 'PATCH' ? 'doneThenSilence' : null);
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'applied' });
    expect(fake.config('f').version).toBe(2);
  });

  it('finds by the audit log that a change was made, and replaced since', async () => {
    const system = systemAt(fake.url, { http: http() });
    const plan = await planned(system, 'f', { kind: 'switch', on: false });
    fake.fault = ({ method }) => (method === 'PATCH' ? 'doneThenSilence' : { status: 500, json: {} });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'unknown' });
    fake.fault = null;
    fake.change('f', (config) => Object.assign(config, { on: true, fallthrough: { variation: 1 } }));
    const result = await system.inquire(plan, signal);
    expect(result).toMatchObject({ kind: 'conflict', words: expect.stringContaining('It was written') as string });
  });

  it('says that a flag went away', async () => {
    const system = systemAt(fake.url);
    const plan = await planned(system, 'f', { kind: 'switch', on: false });
    fake.flags.delete('f');
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'conflict', theirs: '' });
    const gone = system.plan(ref('f'), environmentRef(), { kind: 'kill' }, await seenOther(system), signal);
    await expect(gone).rejects.toThrow('no longer in the LaunchDarkly project "shop"');
  });
  const seenOther = async (system: ReturnType<typeof systemAt>) => {
    fake.flag('other');
    return stateOf(system, 'other');
  };

  it('asks nothing while the limits are used up, and leaves the last calls to people', async () => {
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    fake.headers = {
      'x-ratelimit-route-remaining': '1',
      'x-ratelimit-global-remaining': '50',
      'x-ratelimit-reset': String(Date.now() + 8_000),
      date: new Date().toUTCString(),
    };
    fake.fault = ({ path }) => (path.endsWith('/auditlog') ? { json: { items: [], _links: {} } } : null);
    // A first look must come to its end all the same: it waits for the windows, round by round.
    const state = { whole: false };
    const looking = (async () => {
      while ((await system.snapshot(signal)).problems.length > 0);
      state.whole = true;
    })();
    for (let step = 0; step < 1_000 && !state.whole; step += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await clock.advance(1_000);
    }
    await looking;
    const before = fake.heard.length;
    await system.snapshot(signal);
    expect(fake.heard.length).toBe(before);
    await system.detail(ref('f'), signal);
    expect(fake.heard.length).toBeGreaterThan(before);
  }, 60_000);

  it('waits longer each time that a 429 says nothing, and asks once again within a window', async () => {
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    await system.snapshot(signal);
    let refusals = 0;
    fake.fault = ({ method }) => (method === 'GET' && (refusals += 1) <= 1 ? json(429) : null);
    let flag: unknown = null;
    void system.detail(ref('f'), signal).then((found) => (flag = found));
    for (let step = 0; step < 600 && flag === null; step += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      await clock.advance(50);
    }
    expect(flag).toMatchObject({ ref: ref('f') });
    expect(refusals).toBeGreaterThan(1);
  });

  const change = { kind: 'switch', on: false } as const;

  it('takes a 405 for a wish for approval only in the words of LaunchDarkly', async () => {
    const system = systemAt(fake.url);
    const plan = await planned(system, 'f', change);
    fake.fault = ({ method }) => (method === 'PATCH' ? page(405) : null);
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'refused' });
    expect(fake.approvals).toEqual([]);
    fake.fault = ({ method }) => (method === 'PATCH' ? json(405, 'method_not_allowed') : null);
    expect(await system.apply(plan, 'd', signal)).toMatchObject({ kind: 'requested' });
  });

  it('believes for some minutes that a token may only look, and then asks anew', async () => {
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    const plan = await planned(system, 'f', change);
    fake.fault = ({ method }) => (method === 'PATCH' ? json(403, 'forbidden') : null);
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'refused' });
    fake.fault = null;
    expect((await stateOf(system, 'f')).writable.kind).toBe('no');
    await clock.advance(6 * 60_000);
    expect((await stateOf(system, 'f')).writable.kind).not.toBe('no');
  });

  it("does not take a gateway's page with a 403 to its rehearsal for what the token may", async () => {
    const system = systemAt(fake.url);
    const writable = async () => (await stateOf(system, 'f')).writable.kind;
    fake.fault = ({ method }) => (method === 'PATCH' ? page(403) : null);
    await expect(planned(system, 'f', change)).rejects.toThrow('(403)');
    expect(await writable()).not.toBe('no');
    fake.fault = ({ method }) => (method === 'PATCH' ? json(403, 'forbidden') : null);
    await expect(planned(system, 'f', change)).rejects.toThrow('(403)');
    expect(await writable()).toBe('no');
  });

  it("does not take a gateway's page with a 403 to a change for what the token may", async () => {
    const system = systemAt(fake.url);
    const plan = await planned(system, 'f', change);
    fake.fault = ({ method }) => (method === 'PATCH' ? page(403) : null);
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'refused' });
    fake.fault = null;
    expect((await stateOf(system, 'f')).writable.kind).not.toBe('no');
  });

  it('goes on with the audit log after one answer that was not its own', async () => {
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    await system.snapshot(signal);
    fake.fault = ({ path }) => (path.endsWith('/auditlog') ? page(403) : null);
    await clock.advance(15_000);
    await system.snapshot(signal);
    fake.fault = null;
    await clock.advance(6 * 60_000);
    await system.snapshot(signal);
    fake.heard.length = 0;
    fake.change('f', (config) => (config.on = false));
    await clock.advance(60_000);
    await system.snapshot(signal);
    expect((await system.snapshot(signal)).flags[0]?.states.map((state) => state.switch)).toContain('off');
    expect(fake.asked('GET', '/auditlog')).not.toEqual([]);
    expect(fake.asked('GET', '/flags/shop/f')).toHaveLength(1);
  });

  it('reads in the next round what the log told of and could not be read in this one', async () => {
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    await system.snapshot(signal);
    fake.change('f', (config) => (config.on = false));
    fake.fault = ({ path }) => (path.endsWith('/flags/shop/f') ? page(503) : null);
    await clock.advance(15_000);
    await expect(system.snapshot(signal)).rejects.toThrow('(503)');
    fake.fault = null;
    await clock.advance(15_000);
    expect((await system.snapshot(signal)).flags[0]?.states.map((state) => state.switch)).toContain('off');
  });

  it('says that a change was written, whatever is said of its flag since', async () => {
    const system = systemAt(fake.url, { http: http() });
    const plan = await planned(system, 'f', change);
    fake.fault = ({ method }) => (method === 'PATCH' ? 'doneThenSilence' : { status: 500, json: {} });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'unknown' });
    // One 404 may be a gateway's.
    let asked = 0;
    fake.fault = ({ path }) => (path.endsWith('/flags/shop/f') && (asked += 1) === 1 ? page(404) : null);
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'applied' });
    fake.fault = ({ path }) => (path.endsWith('/flags/shop/f') ? json(404, 'not_found') : null);
    expect(await system.inquire(plan, signal)).toMatchObject({
      kind: 'conflict',
      words: expect.stringMatching(/^It was written, and "f" is gone/) as string,
    });
    // Without the log nobody knows who wrote what stands there.
    fake.change('f', (config) => Object.assign(config, { on: true, fallthrough: { variation: 1 } }));
    fake.fault = ({ path }) => (path.endsWith('/auditlog') ? page(502) : null);
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'unknown' });
  });

  it('does not follow to another host, and gives it no token', async () => {
    const seen: unknown[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{}');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const location = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}/api/v2/flags/shop`;
    fake.fault = () => ({ status: 307, text: '', headers: { location } });
    await expect(systemAt(fake.url).snapshot(signal)).rejects.toThrow('another address (307)');
    other.close();
    expect(seen).toEqual([]);
  });

  it('names a certificate that is not trusted, and an answer that is too large', async () => {
    for (const [reason, words] of [
      ['certificate', /certificate of .* is not trusted, asked about "shop"/],
      ['tooLarge', /more than can be read/],
    ] as const) {
      const http: Http = { request: ({ url }) => Promise.reject(new HttpError(reason, url, 'why')) };
      await expect(systemAt(fake.url, { http }).snapshot(signal)).rejects.toThrow(words);
    }
  });
});
