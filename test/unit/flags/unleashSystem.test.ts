import { describe, expect, it } from 'vitest';
import { UnleashSystem } from '../../../src/flags/unleash/system';
import { memoryRemotes } from '../../../src/platform/memory/remotes';
import { detail, fake, FakeUnleash, flexible, PROJECT, ref, signal, summary } from './fakeUnleash';
import { flagDeps } from './flagDeps';

describe('reading a project', () => {
  it('lists a flag that cannot be read as such, beside the others', async () => {
    const { system, set } = fake(['f', 'g', 'h']);
    set(`${PROJECT}/features`, { features: [summary('f'), { name: 'g', environments: 'none' }, summary('h'), 17] });
    set(`${PROJECT}/features/h`, { name: 'h', environments: [{ enabled: 1 }] });
    const { flags } = await system.snapshot(signal);
    expect(flags.map(({ ref: { key }, unreadable }) => [key, unreadable?.code ?? 'read'])).toEqual([
      ['f', 'read'],
      ['g', 'unleash.unreadable'],
      ['h', 'unleash.unreadable'],
      ['flag 4 of the list', 'unleash.unreadable'],
    ]);
  });

  it('bears with fields and strategies of a later Unleash, and keeps them in the raw state', async () => {
    const { system, set } = fake();
    set(
      `${PROJECT}/features/f`,
      detail(
        'f',
        [
          { ...flexible('25'), orbit: { moons: 2 } },
          { id: 's2', name: 'orbital' },
        ],
        true,
        { later: [1] },
      ),
    );
    const [flag] = (await system.snapshot(signal)).flags;
    expect(flag?.states[0]?.raw).toContain('"moons": 2');
    expect(flag?.states[0]?.rules[0]?.words).toBe('custom strategy "orbital"');
  });

  it('reads what is looked at first, and the rest a part at a time', async () => {
    const names = Array.from({ length: 400 }, (_, index) => `f${index}`);
    const { system, http, world } = fake(names);
    const count = (): number => http.asked.filter((name) => /features\/f\d+$/.test(name)).length;
    const first = await system.snapshot(signal);
    expect(first.flags).toHaveLength(400);
    expect(count()).toBe(50);
    const unasked = first.flags.find(({ ref: { key } }) => key === 'f399');
    expect(unasked?.states[0]?.effective.kind).toBe('unknown');
    let fired = 0;
    system.watch(() => (fired += 1));
    system.want('f399');
    system.want('f0');
    await world.clock.advance(60);
    await expect.poll(() => fired).toBe(1);
    expect(count()).toBe(51);
    const next = await system.snapshot(signal);
    expect(next.flags.find(({ ref: { key } }) => key === 'f399')?.states[0]?.effective.shares?.enabled).toBe(0.25);
  });

  it('is as old after a look at one flag as it was', async () => {
    const { system, set, world } = fake(['f', 'g']);
    const { takenAt } = await system.snapshot(signal);
    await world.clock.advance(10_000);
    set(`${PROJECT}/features/f`, detail('f', [flexible('75')]));
    await system.detail(ref(), signal);
    const next = await system.snapshot(signal);
    expect(next.flags[0]?.states[0]?.effective.shares?.enabled).toBe(0.75);
    expect(next.takenAt).toBe(takenAt);
    await world.clock.advance(10_000);
    expect((await system.snapshot(signal)).takenAt).toBe(takenAt + 20_000);
  });

  it('asks again only for flags that the event log names', async () => {
    const { system, http, set, world } = fake(['f', 'g']);
    await system.snapshot(signal);
    await system.snapshot(signal);
    http.asked.length = 0;
    set('/api/admin/search/events', {
      events: [
        {
          id: 9,
          type: 'feature-strategy-update',
          createdBy: 'ana',
          createdAt: '2026-01-01T00:00:00.000Z',
          featureName: 'g',
          environment: 'production',
          summary: '**ana** updated **[g](https://x)**',
        },
      ],
    });
    set(`${PROJECT}/features/g`, detail('g', [flexible('75')]));
    const { flags } = await system.snapshot(signal);
    expect(http.asked.filter((name) => name.includes('/features/'))).toEqual([`GET ${PROJECT}/features/g`]);
    expect(flags[1]?.changed).toEqual({ at: Date.UTC(2026, 0, 1), by: 'ana', words: 'ana updated g' });
    expect(flags[1]?.states[0]?.effective.shares?.enabled).toBe(0.75);
    // Without a log, everything that is known is doubted.
    http.answers.set('GET /api/admin/search/events', { status: 403, json: { message: 'no' } });
    http.asked.length = 0;
    await world.clock.advance(2_000);
    await system.snapshot(signal);
    expect(http.asked.filter((name) => name.includes('/features/'))).toHaveLength(2);
  });

  it('doubts what the list contradicts, since not every write leaves an event', async () => {
    const { system, set } = fake();
    await system.snapshot(signal);
    await system.snapshot(signal);
    set(`${PROJECT}/features`, { features: [summary('f', false)] });
    set(`${PROJECT}/features/f`, detail('f', [flexible('25')], false));
    expect((await system.snapshot(signal)).flags[0]?.states[0]?.switch).toBe('off');
  });

  it.each([
    [{ status: 401, json: { message: 'You must log in' } }, /refused the token \(401\)\. Sign in again/],
    [
      { status: 403, json: { message: 'invalid token: expected a different token type for this endpoint' } },
      /another kind of token \(403\): this one is for SDKs/,
    ],
    [
      { status: 429, text: '<html>Too many requests</html>', headers: { 'retry-after': '50' } },
      /asked too often \(429\)\. It is asked again in 50 s/,
    ],
    [{ status: 500, text: '<h1>Oops</h1>' }, /failed \(500\)/],
    [{ status: 302, text: '' }, /answers with another address \(302\)/],
    [{ status: 200, text: '<html>a login page</html>' }, /Is this the address of an Unleash server\?/],
  ])('says what %j means and what to do', async (answer, expected) => {
    const { system, http } = fake();
    http.answers.set(`GET ${PROJECT}/features`, answer);
    await expect(system.snapshot(signal)).rejects.toThrow(expected);
  });

  it('keeps a token out of what it says', async () => {
    const { system, http } = fake();
    http.answers.set(`GET ${PROJECT}/features`, { status: 500, json: { message: 'boom' } });
    const error = await system.snapshot(signal).catch((reason: unknown) => String(reason));
    expect(error).not.toContain('secret');
  });

  it('needs an address', () => {
    const world = flagDeps();
    const config = { name: 'shop', folders: ['.'], environments: [] };
    const deps = { ...world.deps, remotes: memoryRemotes(new FakeUnleash()) };
    const system = new UnleashSystem(
      { system: 'flags', project: config, environments: [], folder: '/w', folders: [] },
      deps,
    );
    return expect(system.snapshot(signal)).rejects.toThrow('has no "url" in .sightglass.json');
  });
});
