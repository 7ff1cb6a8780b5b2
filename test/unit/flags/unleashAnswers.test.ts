import { describe, expect, it } from 'vitest';
import { PlanError } from '../../../src/flags/system';
import { detail, fake, flexible, PLACE, planned, production, PROJECT, ref, signal } from './fakeUnleash';

const page = { text: '<!doctype html><title>Sign in</title>' };
const half = { kind: 'percentage', variant: 'enabled', share: 0.5 } as const;
const patched = `PATCH ${PLACE}/strategies/s1`;
const events = 'GET /api/admin/search/events';

describe('429', () => {
  const question = `GET ${PROJECT}/features/f`;
  it.each([
    ['says seconds', { 'retry-after': '30' }, 30],
    // By the server's own clock, as the header of an answer has it.
    ['says an epoch', { 'retry-after': '1893456030', date: 'Tue, 01 Jan 2030 00:00:00 GMT' }, 30],
    ['says a date', { 'retry-after': 'Tue, 01 Jan 2030 00:00:30 GMT', date: 'Tue, 01 Jan 2030 00:00:00 GMT' }, 30],
    ['says what is left of the window', { 'ratelimit-reset': '30' }, 30],
    ['says nothing that can be read', { 'retry-after': 'soon' }, 5],
    ['says nothing', {}, 5],
    ['says too much', { 'retry-after': '999999' }, 3_600],
  ])('that %s is obeyed: it is not asked again before', async (_name, headers, seconds) => {
    const { http, set, system, world } = fake();
    const asked = (): number => http.asked.filter((each) => each === question).length;
    await system.snapshot(signal);
    http.answers.set(question, { status: 429, headers, text: page.text });
    await expect(system.detail(ref(), signal)).rejects.toThrow(/too often \(429\).*in [\d,]+ s/);
    const before = asked();
    set(`${PROJECT}/features/f`, detail('f', [flexible('25')]));
    await world.clock.advance(seconds * 1_000 * 0.4);
    await expect(system.detail(ref(), signal)).rejects.toThrow('too often (429)');
    expect(asked()).toBe(before);
    await world.clock.advance(seconds * 1_000);
    expect(await system.detail(ref(), signal)).not.toBeNull();
  });
});

describe('a change that Unleash answers with', () => {
  const says = (status: number, headers: Record<string, string> = {}) => ({
    status,
    headers,
    json: { name: 'SomeError', message: 'It says why.' },
  });
  const now = 'Tue, 01 Jan 2030 00:00:00 GMT';
  it.each([
    ['401', says(401), 'refused', /refused the token \(401\)\. Sign in again/],
    ['403', says(403), 'refused', /\(403\)\. It says why\. Ask for the role/],
    ['404', says(404), 'refused', /\(404\).*Refresh/],
    ['405', says(405), 'refused', /did not take it \(405\)\. It says why/],
    ['409', says(409), 'refused', /\(409\)/],
    ['412', says(412), 'refused', /\(412\)/],
    ['422', says(422), 'refused', /\(422\)/],
    ['423', says(423), 'refused', /\(423\)/],
    ['429', says(429), 'refused', /too often \(429\)\. It is asked again in/],
    ['429 with seconds', says(429, { 'retry-after': '120' }), 'refused', /in 120 s/],
    ['429 with an epoch', says(429, { 'retry-after': '1893456120', date: now }), 'refused', /in 120 s/],
    ['500', says(500), 'refused', /failed \(500\)\. It says why\. Try again/],
    ['503', says(503), 'refused', /failed \(503\)/],
    ['502 of a gateway', { status: 502, text: page.text }, 'unknown', /failed \(502\)/],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://evil.example' } },
      'refused',
      /another address \(302\)/,
    ],
    ['a web page', page, 'refused', /cannot be read/],
    ['another shape', { json: [1] }, 'applied', /^$/],
  ])('%s is told true, with place, and sent once', async (name, answer, outcome, words) => {
    const { http, set, system } = fake();
    const plan = await planned(system, half);
    set(`${PROJECT}/features/f`, detail('f', [flexible('25')]));
    http.answers.set(patched, answer);
    const result = await system.apply(plan, 'c', signal);
    expect(http.asked.filter((each) => each === patched)).toHaveLength(1);
    // In its own words, and the flag read afterwards is as it was: what was said counts for less than what is there.
    if (name === 'another shape') expect(result.kind).not.toBe('applied');
    else {
      expect(result.kind).toBe(outcome);
      expect('words' in result && result.words).toMatch(words);
      expect('words' in result && result.words).toContain('"f" in "shop" / "production"');
    }
  });
});

describe('answers that are not Unleash’s', () => {
  it.each([
    ['a web page', page],
    ['nothing', { text: '' }],
  ])('%s with status 200 to a change is no proof of it', async (_name, answer) => {
    const { http, system } = fake();
    const plan = await planned(system, half);
    http.answers.set(patched, answer);
    expect((await system.apply(plan, 'c', signal)).kind).not.toBe('applied');
  });

  it('a web page in place of the answer to a change that was made takes nothing back', async () => {
    const { http, set, system } = fake();
    const plan = await planned(system, half);
    http.answers.set(patched, () => {
      set(`${PROJECT}/features/f`, detail('f', [flexible('50')]));
      return page;
    });
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
  });

  it('a flag that is as it was is not given out for the state that was planned', async () => {
    const { http, system } = fake();
    const plan = await planned(system, half);
    const before = (await system.detail(ref(), signal))?.states[0]?.version;
    // In Unleash's own words, and the flag cannot be looked at afterwards.
    http.answers.set(patched, () => {
      http.answers.set(`GET ${PROJECT}/features/f`, { status: 503 });
      return { json: flexible('50') };
    });
    const result = await system.apply(plan, 'c', signal);
    expect(result).toMatchObject({ kind: 'applied' });
    expect('version' in result && result.version).not.toBe(before);
  });

  it('a single 404 does not make a flag gone', async () => {
    const { http, system } = fake();
    const plan = await planned(system, half);
    let times = 0;
    http.answers.set(`GET ${PROJECT}/features/f`, () =>
      (times += 1) === 1 ? { status: 404, text: page.text } : { json: detail('f', [flexible('50')]) },
    );
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'applied' });
  });

  it.each([408, 502, 504, 522, 524])(
    'a gateway that gave up (%i) leaves open whether it was written',
    async (status) => {
      const { http, set, system } = fake();
      const plan = await planned(system, half);
      set(`${PROJECT}/features/f`, detail('f', [flexible('25')]));
      http.answers.set(patched, { status, text: page.text });
      const result = await system.apply(plan, 'c', signal);
      expect(result).toMatchObject({ kind: 'unknown' });
      expect('words' in result && result.words).toContain(`failed (${String(status)})`);
    },
  );

  it('while the event log fails, it is not said that nothing was written', async () => {
    const { http, set, system } = fake();
    const plan = await planned(system, half);
    set(`${PROJECT}/features/f`, detail('f', [flexible('77')]));
    http.answers.set(events, { status: 502, text: page.text });
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'unknown' });
    http.answers.set(events, { json: { events: [] } });
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'conflict' });
  });

  it('an environment without its strategies is one that cannot be read, not one that has none', async () => {
    const { set, system } = fake();
    const { environments, ...flag } = detail('f', []);
    set(`${PROJECT}/features/f`, {
      ...flag,
      environments: environments.map((each) => ({ ...each, strategies: undefined })),
    });
    expect((await system.detail(ref(), signal))?.unreadable).not.toBeNull();
  });

  it('a strategy without its id is not changed: it could only be added once more', async () => {
    const { set, system } = fake();
    set(`${PROJECT}/features/f`, detail('f', [flexible('25', { id: undefined })]));
    const state = (await system.detail(ref(), signal))?.states[0];
    if (!state) throw new Error('no state');
    const asked = system.plan(ref(), production, half, state, signal);
    await expect(asked).rejects.toSatisfy((error) => PlanError.is(error, 'unsupported'));
  });
});
