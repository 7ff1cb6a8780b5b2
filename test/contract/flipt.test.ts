import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { payloadText } from '../../src/flags/flipt/payload';
import { checkFlipt, fliptEnvironments } from '../../src/flags/flipt/serverCheck';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { MemoryClock } from '../../src/platform/memory/clock';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import type { ApplyResult, Intent, Plan } from '../../src/model/change';
import type { Json } from '../../src/model/json';
import { PlanError } from '../../src/flags/system';
import { describeShared } from '../sharedData';
import { FakeFlipt, type Answer, type Fault } from './fakeFlipt';
import { at, flagOf, impatientHttp, planned, ref, signal, stateOf, systemAt } from './fliptWorld';

/** SIGHTGLASS_ROUNDS=1000 for the figures; few in the tests of every day. */
const rounds = Number(process.env.SIGHTGLASS_ROUNDS ?? 40);

const checkout = {
  '@type': 'flipt.core.Flag',
  key: 'checkout',
  type: 'BOOLEAN_FLAG_TYPE',
  name: 'Checkout',
  description: 'The new one',
  enabled: false,
  variants: [],
  rules: [],
  rollouts: [
    {
      type: 'SEGMENT_ROLLOUT_TYPE',
      description: 'insiders first',
      segment: { value: true, segments: ['insiders'], segmentOperator: 'OR_SEGMENT_OPERATOR' },
    },
    { type: 'THRESHOLD_ROLLOUT_TYPE', description: 'since May', threshold: { percentage: 25, value: true } },
  ],
  metadata: { owner: 'pay', tags: 'web, shop', off: false },
  // Not of this version.
  addedLater: { kept: 1 },
};
const banner = {
  '@type': 'flipt.core.Flag',
  key: 'banner',
  type: 'VARIANT_FLAG_TYPE',
  name: 'Banner',
  description: '',
  enabled: true,
  variants: [
    { key: 'blue', name: 'Blue', description: '', attachment: null },
    { key: 'red', name: 'Red', description: '', attachment: { size: 0 } },
    { key: 'off', name: '', description: '', attachment: null },
  ],
  rules: [
    {
      segmentOperator: 'OR_SEGMENT_OPERATOR',
      segments: ['everyone'],
      distributions: [
        { variant: 'blue', rollout: 80 },
        { variant: 'off', rollout: 20 },
      ],
    },
  ],
  rollouts: [],
  defaultVariant: 'blue',
  metadata: {},
};
const segments = [
  {
    key: 'insiders',
    name: 'Insiders',
    matchType: 'ANY_MATCH_TYPE',
    constraints: [{ type: 'STRING_COMPARISON_TYPE', property: 'plan', operator: 'isoneof', value: '["beta","pro"]' }],
  },
  { key: 'everyone', name: 'Everyone', matchType: 'ALL_MATCH_TYPE', constraints: [] },
];

describeShared('Flipt (a fake made from its server, held against its specification)', 'specs/flipt', (folder) => {
  let fake: FakeFlipt;
  beforeEach(async () => {
    fake = new FakeFlipt(folder);
    for (const name of ['staging', 'production']) {
      const { flags, segments: known } = fake.namespace(name);
      flags.set('checkout', structuredClone(checkout));
      flags.set('banner', structuredClone(banner));
      for (const segment of segments) known.set(segment.key, structuredClone(segment));
    }
    fake.namespace('production', 'other').flags.set('checkout', { ...checkout, enabled: true });
    await fake.start();
  });
  afterEach(async () => {
    await fake.stop();
    expect(fake.problems).toEqual([]);
  });
  const applied = async (intent: Intent, key: string): Promise<Plan> => {
    const system = systemAt(fake.url);
    const plan = await planned(system, key, intent);
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    const { version } = await stateOf(system, key);
    expect(await system.inquire(plan, signal)).toEqual({ kind: 'applied', version });
    return plan;
  };
  const flag = (key: string, name = 'production') => fake.namespace(name).flags.get(key);

  describe.each([false, true])('where it leaves defaults out: %s', (terse) => {
    beforeEach(() => {
      fake.terse = terse;
    });

    it('gives flags with rules and segments in words, owner, tags, shares and page', async () => {
      const system = systemAt(fake.url);
      const { flags, problems, environments } = await system.snapshot(signal);
      expect(problems).toEqual([]);
      expect(flags.map(({ ref: { key } }) => key)).toEqual(['checkout', 'banner']);
      expect(environments[0]).toMatchObject({ askedMs: 15_000, sourceName: 'Flipt, asked every 15 s' });
      expect(flags[0]).toMatchObject({
        name: 'Checkout',
        description: 'The new one',
        owner: 'pay',
        tags: ['web', 'shop'],
        type: 'boolean',
      });
      expect(flags[0]!.states[1]).toMatchObject({
        environment: at(),
        switch: 'none',
        offVariant: 'false',
        writable: { kind: 'unknown' },
        rules: [
          { words: 'segment insiders (plan is one of "beta", "pro")', serve: { kind: 'variant', variant: 'true' } },
        ],
        effective: { kind: 'rules', defaultShares: { true: 0.25, false: 0.75 } },
      });
      expect(flags[1]!.states[1]).toMatchObject({
        switch: 'on',
        offServes: { kind: 'codeDefault' },
        effective: { kind: 'split', shares: { blue: 0.8, red: 0, off: 0.2 }, unreachable: ['red'] },
      });
      expect(system.page('checkout')).toBe(`${fake.url}/#/namespaces/shop/flags/checkout`);
      expect(system.describe(at())).toMatchObject({
        write: true,
        precondition: 'atomic',
        targets: false,
        approvals: false,
      });
    });

    it('is given another percentage, with every field that was there', async () => {
      const plan = await applied({ kind: 'percentage', variant: 'true', share: 0.5 }, 'checkout');
      expect(plan).toMatchObject({ direction: 'up', precondition: { kind: 'atomic' } });
      const threshold = { ...checkout.rollouts[1], threshold: { percentage: 50, value: true } };
      expect(payloadText(flag('checkout'))).toBe(
        payloadText({ ...checkout, rollouts: [checkout.rollouts[0], threshold] }),
      );
      expect(payloadText(flag('checkout', 'staging'))).toBe(payloadText(checkout));
    });

    it.each<[string, Intent, object]>([
      ['checkout', { kind: 'kill' }, { enabled: false, rollouts: [] }],
      ['checkout', { kind: 'switch', on: true }, { enabled: true }],
      ['banner', { kind: 'switch', on: false }, { enabled: false }],
      ['banner', { kind: 'kill' }, { rules: [], defaultVariant: 'off' }],
      [
        'banner',
        { kind: 'percentage', variant: 'blue', share: 0.905 },
        {
          rules: [
            {
              ...banner.rules[0],
              distributions: [
                { variant: 'blue', rollout: 90.5 },
                { variant: 'off', rollout: 9.5 },
              ],
            },
          ],
        },
      ],
    ])('%s: %j, and back exactly', async (key, intent, after) => {
      const before = key === 'checkout' ? checkout : banner;
      const plan = await applied(intent, key);
      expect(payloadText(flag(key))).toBe(payloadText({ ...before, ...after }));
      const system = systemAt(fake.url);
      const undo = await system.planUndo(plan, signal);
      expect(await system.apply(undo, 'u', signal)).toMatchObject({ kind: 'applied' });
      expect(payloadText(flag(key))).toBe(payloadText(before));
      await expect(system.planUndo(plan, signal)).rejects.toMatchObject({ reason: 'changedSince' });
    });

    it('makes a flag in one environment, and takes it out again', async () => {
      const system = systemAt(fake.url);
      await system.snapshot(signal);
      const absent = (await flagOf(system, 'checkout')).states[1]!;
      for (const type of ['boolean', 'string'] as const) {
        const plan = await system.plan(ref('fresh'), at(), { kind: 'create', type }, absent, signal);
        expect(plan).toMatchObject({ direction: 'off', before: { text: '' } });
        expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
        expect(flag('fresh', 'staging')).toBeUndefined();
        const { states } = await flagOf(system, 'fresh');
        expect(states.map((state) => state.switch)).toEqual(['absent', type === 'boolean' ? 'none' : 'on']);
        expect(states[1]!.effective.shares).toMatchObject({ [type === 'boolean' ? 'false' : 'off']: 1 });
        const again = system.plan(ref('fresh'), at(), { kind: 'create', type }, absent, signal);
        await expect(again).rejects.toMatchObject({ reason: 'changedSince' });
        await system.apply(await system.planUndo(plan, signal), 'u', signal);
        expect(flag('fresh')).toBeUndefined();
      }
      await expect(
        system.plan(ref('bad key!'), at(), { kind: 'create', type: 'boolean' }, absent, signal),
      ).rejects.toThrow(/Keys of Flipt/);
    });
  });

  it('is asked on condition, and for flags only when something changed', async () => {
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    const first = await system.snapshot(signal);
    const sweep = fake.heard.length;
    expect(sweep).toBe(1 + 2 * 3);
    for (let round = 0; round < 3; round++) {
      await clock.advance(15_000);
      expect((await system.snapshot(signal)).flags).toBe(first.flags);
    }
    expect(fake.heard.slice(sweep).map(({ path }) => path.split('/').at(-1))).toEqual(Array(6).fill('snapshot'));
    fake.change('production', 'checkout', { ...checkout, enabled: true });
    await clock.advance(15_000);
    const { flags } = await system.snapshot(signal);
    expect(flags[0]!.states[1]?.effective.defaultShares).toEqual({ true: 1, false: 0 });
    expect(flags[1]).toBe(first.flags[1]);
    expect(fake.heard.slice(sweep + 6)).toHaveLength(4);
  });

  it('is asked whole where it gives no snapshot', async () => {
    fake.hasSnapshot = false;
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    await system.snapshot(signal);
    fake.change('staging', 'banner', { ...banner, enabled: false });
    await clock.advance(15_000);
    const { flags } = await system.snapshot(signal);
    expect(flags[1]!.states.map((state) => state.switch)).toEqual(['off', 'on']);
  });

  it('evaluates through its data plane', async () => {
    const system = systemAt(fake.url);
    await system.snapshot(signal);
    const context = { targetingKey: 'u1', plan: 'beta', age: 3 };
    expect(await system.evaluate(ref('checkout'), at(), context)).toEqual({
      variant: 'false',
      value: false,
      reason: 'DEFAULT',
    });
    expect(await system.evaluate(ref('banner'), at(), context)).toEqual({
      variant: 'blue',
      value: 'blue',
      reason: 'DEFAULT',
    });
    fake.change('production', 'banner', { ...banner, enabled: false });
    expect(await system.evaluate(ref('banner'), at(), context)).toEqual({
      variant: null,
      value: null,
      reason: 'FLAG_DISABLED',
    });
    const body = fake.heard.findLast(({ path }) => path.startsWith('/evaluate'))?.body;
    expect(body).toMatchObject({
      entityId: 'u1',
      environmentKey: 'production',
      namespaceKey: 'shop',
      context: { plan: 'beta', age: '3' },
    });
  });

  it('writes against the revision just read: another flag that changed is no conflict, this one is', async () => {
    const system = systemAt(fake.url);
    const plan = await planned(system, 'checkout', { kind: 'kill' });
    fake.change('production', 'banner', { ...banner, description: 'Theirs' });
    let late = 2;
    fake.fault = ({ method }) => {
      // And once more between our read and our write.
      if (method === 'PUT' && late-- > 0)
        fake.change('production', 'banner', { ...banner, description: `Theirs ${String(late)}` });
      return null;
    };
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(flag('banner')).toMatchObject({ description: 'Theirs 0' });
    fake.fault = () => null;
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(fake.commits).toHaveLength(1);
    const second = await planned(system, 'checkout', { kind: 'switch', on: true });
    fake.change('production', 'checkout', { ...checkout, name: 'Theirs' });
    const result = await system.apply(second, 'c2', signal);
    expect(result).toMatchObject({ kind: 'conflict', theirs: expect.stringContaining('"name": "Theirs"') as string });
    fake.namespace('production').flags.delete('checkout');
    expect(await system.apply(second, 'c2', signal)).toMatchObject({ kind: 'conflict', theirs: '' });
  });

  it('shows of a change what the server made of it', async () => {
    const system = systemAt(fake.url);
    const plan = await planned(system, 'checkout', { kind: 'percentage', variant: 'true', share: 0.5 });
    fake.keeps = (flag) => ({ ...flag, description: 'By a hook of theirs' });
    const done = await system.apply(plan, 'c', signal);
    const found = await system.detail(ref('checkout'), signal);
    const state = found?.states.find(({ environment }) => environment.name === 'production');
    expect(state?.raw).toContain('By a hook of theirs');
    expect(done).toEqual({ kind: 'applied', version: state?.version });
  });

  it('is not said to be done where the server gives people something else than was planned', async () => {
    const system = systemAt(fake.url);
    const plan = await planned(system, 'checkout', { kind: 'percentage', variant: 'true', share: 0.5 });
    fake.keeps = (flag) => ({ ...flag, enabled: flag.enabled !== true });
    const done = await system.apply(plan, 'c', signal);
    expect(done).toMatchObject({ kind: 'conflict', words: expect.stringContaining('made something else') as string });
  });

  it('is asked again for its snapshot, and written to again, after a time: a refusal may have been a gateway’s', async () => {
    fake.hasSnapshot = false;
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock });
    const plan = await planned(system, 'checkout', { kind: 'kill' });
    fake.fault = ({ method }) => (method === 'PUT' ? { status: 403, json: { message: 'No.' } } : null);
    await system.apply(plan, 'c', signal);
    const writable = async (): Promise<string | undefined> =>
      (await system.snapshot(signal)).flags[0]!.states.map(({ writable: { kind } }) => kind).join();
    expect(await writable()).toBe('unknown,no');
    [fake.hasSnapshot, fake.fault] = [true, () => null];
    await clock.advance(16 * 60_000);
    expect(await writable()).toBe('unknown,unknown');
    const before = fake.heard.length;
    await clock.advance(60_000);
    await system.snapshot(signal);
    expect(fake.heard.slice(before).map(({ path }) => path.split('/').at(-1))).toEqual(Array(2).fill('snapshot'));
  });

  it('is looked at anew in the environments that answer', async () => {
    const system = systemAt(fake.url);
    await system.snapshot(signal);
    fake.change('production', 'checkout', { ...checkout, description: 'Theirs' });
    fake.fault = ({ path }) => (path.includes('/staging/') ? { status: 503, json: { message: 'Later.' } } : null);
    const found = await system.detail(ref('checkout'), signal);
    const raw = found?.states.map(({ environment, raw: text }) => [environment.name, text.includes('Theirs')]);
    expect(raw).toEqual([
      ['staging', false],
      ['production', true],
    ]);
    fake.fault = () => ({ status: 503, json: { message: 'Later.' } });
    await expect(system.detail(ref('checkout'), signal)).rejects.toThrow(/503/);
  });

  it('is not changed as planned where a segment that the flag names is another by now', async () => {
    const system = systemAt(fake.url);
    const plan = await planned(system, 'checkout', { kind: 'percentage', variant: 'true', share: 0.5 });
    const { segments } = fake.namespace('production');
    const insiders = segments.get('insiders')!;
    segments.set('insiders', { ...(insiders as Record<string, Json>), constraints: [] });
    const result = await system.apply(plan, 'c', signal);
    expect(result).toMatchObject({ kind: 'conflict', words: expect.stringContaining('"insiders", which') as string });
    expect(fake.commits).toHaveLength(0);
    segments.set('insiders', insiders);
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
  });

  it('is not changed where a segment of the flag is edited while it is read, however the requests fall', async () => {
    const { segments } = fake.namespace('production');
    const insiders = segments.get('insiders')!;
    for (const part of ['/flipt.core.Flag/checkout', '/flipt.core.Segment']) {
      const system = systemAt(fake.url);
      const plan = await planned(system, 'checkout', { kind: 'percentage', variant: 'true', share: 0.5 });
      fake.fault = ({ method, path }) => {
        if (method === 'GET' && path.includes('/production/') && path.endsWith(part)) {
          segments.set('insiders', { ...(insiders as Record<string, Json>), constraints: [] });
          fake.change('production', 'banner', banner);
        }
        return null;
      };
      expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'conflict' });
      fake.fault = () => null;
      segments.set('insiders', insiders);
    }
    expect(fake.commits).toEqual([]);
  });

  it('shows an environment that does not answer as it was, and the others', async () => {
    const clock = new MemoryClock();
    const system = systemAt(fake.url, { clock, names: ['staging', 'production', 'nowhere'] });
    const first = await system.snapshot(signal);
    expect(first.problems.map(({ message }) => message)).toEqual([
      'Flipt has no environment "nowhere", or does not show it to this token. It has: staging, production.',
    ]);
    expect(first.flags[0]!.states.map(({ environment }) => environment.name)).toEqual(['staging', 'production']);
    expect(first.isPartial).toBe(true);
    fake.fault = ({ path }) => (path.includes('/staging/') ? { status: 503, json: { message: 'Later.' } } : null);
    fake.change('production', 'checkout', { ...checkout, enabled: true });
    await clock.advance(15_000);
    const { flags, problems } = await system.snapshot(signal);
    expect(flags[0]!.states.map(({ effective }) => effective.defaultShares?.true)).toEqual([0.25, 1]);
    expect(problems[0]!.message).toMatch(/Flipt at .* failed \(503\), asked about "shop" \/ "staging"/);
  });

  it('takes answers that are not as they should be: a bad flag is said, the others are there', async () => {
    const { flags } = fake.namespace('production');
    fake.fault = ({ path }) =>
      path.endsWith('/flipt.core.Flag')
        ? {
            json: {
              resources: [
                { key: 'bad', payload: { key: 'bad', enabled: 'yes' } },
                { payload: {} },
                null,
                { key: 'checkout', payload: flags.get('checkout') },
              ],
            },
          }
        : null;
    const system = systemAt(fake.url, { names: ['production'] });
    const snapshot = await system.snapshot(signal);
    expect(snapshot.flags.map(({ ref: { key }, unreadable }) => [key, unreadable?.code])).toEqual([
      ['bad', 'flipt.unreadable'],
      ['checkout', undefined],
    ]);
  });

  it('of version 1 is shown page by page, and not changed', async () => {
    fake.version = 1;
    const system = systemAt(fake.url);
    const { flags, problems } = await system.snapshot(signal);
    expect(flags.map(({ ref: { key } }) => key)).toEqual(['checkout', 'banner']);
    expect(flags[0]!.states).toMatchObject([
      { environment: at('staging'), effective: { kind: 'unknown' }, writable: { kind: 'no' } },
    ]);
    expect(problems).toMatchObject([{ code: 'flipt.version' }]);
    expect(fake.heard.filter(({ path }) => path.startsWith('/api/v1/')).map(({ path }) => path.split('?')[1])).toEqual([
      'limit=1',
      'limit=500',
      'limit=500&pageToken=1',
    ]);
    expect(system.describe(at('staging'))).toMatchObject({ write: false, switch: false });
    fake.change('staging', 'checkout', { ...checkout, description: 'Theirs' });
    const known = fake.heard.length;
    const found = await system.detail(ref('checkout'), signal);
    expect(found).toMatchObject({ description: 'Theirs', states: [{ effective: { kind: 'unknown' } }] });
    expect(fake.heard.slice(known).map(({ path }) => path)).toEqual(['/api/v1/namespaces/shop/flags/checkout']);
    const seen = flags[0]!.states[0]!;
    const plan = system.plan(ref('checkout'), at('staging'), { kind: 'kill' }, seen, signal);
    await expect(plan).rejects.toThrow(/Flipt 1 takes whatever is sent last/);
    fake.fault = () => ({ status: 404, json: { message: 'no' } });
    await expect(systemAt(fake.url).snapshot(signal)).rejects.toThrow(/neither environments nor a namespace "shop"/);
  });

  it('is connected with its namespaces and environments, with a token where it wants one', async () => {
    const remote = (token?: string) =>
      memoryRemotes(loopbackHttp, token).remote({
        id: 'f',
        type: 'flipt',
        url: fake.url,
        authorization: 'bearer',
        tokenOptional: true,
      });
    const asking = { l10n: memoryL10n, signal };
    expect(await checkFlipt(remote(), asking)).toMatchObject({ ok: true, value: [{ id: 'shop', name: 'shop' }] });
    expect(await fliptEnvironments(remote(), asking)).toEqual({ ok: true, value: ['staging', 'production'] });
    fake.token = 'planted-secret';
    expect(await checkFlipt(remote(), asking)).toMatchObject({ ok: false, problem: { about: 'token' } });
    expect(await checkFlipt(remote('planted-secret'), asking)).toMatchObject({ ok: true });
    fake.version = 1;
    expect(await checkFlipt(remote('planted-secret'), asking)).toMatchObject({
      ok: false,
      problem: { about: 'address' },
    });
  });

  const json = (status: number, message = 'It says why.', headers: Record<string, string> = {}): Answer => ({
    status,
    json: { code: 2, message, details: [] },
    headers,
  });
  const page = (status: number): Answer => ({ status, text: '<html><title>Sign in</title></html>' });
  const faults: readonly (readonly [string, Fault, RegExp, ApplyResult['kind']])[] = [
    ['401', json(401), /refused the token \(401\).*client token/, 'refused'],
    ['403', json(403), /\(403\).*It says why\..*policy allows/, 'refused'],
    ['404', json(404), /does not have .*\(404\)/, 'refused'],
    ['405', json(405), /did not take it \(405\).*It says why\./, 'refused'],
    ['409 over and over', json(409), /changed by somebody else \(409\)/, 'refused'],
    ['412', json(412), /changed by somebody else \(412\)/, 'refused'],
    ['422', json(422), /did not take it \(422\)/, 'refused'],
    ['423', json(423), /has locked .*\(423\)/, 'refused'],
    ['429 with Retry-After', json(429, '', { 'retry-after': '120' }), /too often \(429\).*in 120 s/, 'refused'],
    [
      '429 with a date',
      json(429, '', { 'retry-after': 'Tue, 01 Jan 2030 00:02:00 GMT', date: 'Tue, 01 Jan 2030 00:00:00 GMT' }),
      /in 120 s/,
      'refused',
    ],
    ['429 without', json(429, ''), /too often \(429\)/, 'refused'],
    ['500', json(500), /failed \(500\).*It says why\./, 'refused'],
    ['501: storage that nobody may write to', json(501), /did not take it \(501\)/, 'refused'],
    ['502 of a gateway', page(502), /failed \(502\)/, 'unknown'],
    ['503', json(503), /failed \(503\)/, 'refused'],
    ['a web page', page(200), /cannot be read \(JSON/, 'unknown'],
    ['nothing', { text: '' }, /cannot be read \(JSON/, 'unknown'],
    ['other JSON', { json: [1] }, /cannot be read/, 'unknown'],
    [
      'a redirect',
      { status: 302, text: '', headers: { location: 'https://evil.example/x' } },
      /another address \(302\)/,
      'refused',
    ],
    ['silence', 'silence', /did not answer in time/, 'unknown'],
    ['half an answer', 'cut', /cannot be reached/, 'unknown'],
  ];

  it.each(faults)(
    'answering a write with %s is told with place and what to do, nothing twice',
    async (_name, fault, words, outcome) => {
      let broken = false;
      const system = systemAt(fake.url, { token: 'planted-secret', http: impatientHttp(() => broken) });
      const plan = await planned(system, 'checkout', { kind: 'kill' });
      fake.fault = ({ method }) => {
        broken = method === 'PUT' && fault === 'silence';
        return method === 'PUT' ? fault : null;
      };
      const impatient = setInterval(() => (broken = fault === 'silence'), 1);
      const result = await system.apply(plan, 'c', signal);
      clearInterval(impatient);
      expect(result.kind).toBe(outcome);
      expect('words' in result && result.words).toMatch(words);
      expect(JSON.stringify(result)).toContain('\\"checkout\\" in \\"shop\\" / \\"production\\"');
      expect(JSON.stringify(result)).not.toContain('planted-secret');
      expect(fake.commits).toEqual([]);
      if (outcome === 'refused') expect('words' in result && result.words).toMatch(/Nothing was written\.$/);
      if (_name === '403') expect((await stateOf(system, 'checkout')).writable.kind).toBe('no');
    },
  );

  it('that did it and said nothing is found to have done it', async () => {
    let broken = false;
    const system = systemAt(fake.url, { http: impatientHttp(() => broken) });
    const plan = await planned(system, 'checkout', { kind: 'kill' });
    fake.fault = ({ method }) => (method === 'PUT' ? 'doneThenSilence' : null);
    broken = true;
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(fake.commits).toHaveLength(1);
  });

  it.each([
    [
      'leaves out which flag it is of',
      { json: { resource: { key: 'checkout', payload: { name: 'x' } }, revision: '1' } },
    ],
    [
      'lacks what the flag gives',
      {
        json: { resource: { key: 'checkout', payload: { key: 'checkout', name: 'x', enabled: true } }, revision: '1' },
      },
    ],
    ['has nothing in it', { json: { resource: { key: 'checkout' }, revision: '1' } }],
    ['says that there is none', { status: 404, json: { code: 5, message: 'not found', details: [] } }],
  ])('that did it and said nothing is found to have done it, after an answer that %s', async (_, fault) => {
    let broken = false;
    const system = systemAt(fake.url, { http: impatientHttp(() => broken) });
    const plan = await planned(system, 'checkout', { kind: 'kill' });
    let asked = 0;
    let written = false;
    fake.fault = ({ method, path }) => {
      if (method === 'PUT') written = true;
      if (method === 'PUT') return 'doneThenSilence';
      return written && path.endsWith('/checkout') && asked++ === 0 ? fault : null;
    };
    broken = true;
    const result = await system.apply(plan, 'c', signal);
    expect(asked).toBeGreaterThan(0);
    // Nobody else changed it: that is not said, and asking once more finds it.
    expect(result.kind).not.toBe('conflict');
    expect(result.kind === 'applied' ? result : await system.inquire(plan, signal)).toMatchObject({ kind: 'applied' });
    expect(fake.commits).toHaveLength(1);
  });

  it('that did it and said nothing is found to have done it, though it says more of it than before', async () => {
    let broken = false;
    const system = systemAt(fake.url, { http: impatientHttp(() => broken) });
    const plan = await planned(system, 'checkout', { kind: 'kill' });
    fake.fault = ({ method }) => {
      if (method !== 'PUT') return null;
      // What a newer version of it adds.
      setTimeout(() => Object.assign(fake.namespace('production').flags.get('checkout') ?? {}, { since: '3' }), 20);
      return 'doneThenSilence';
    };
    broken = true;
    expect(await system.apply(plan, 'c', signal)).toMatchObject({ kind: 'applied' });
    expect(await system.inquire(plan, signal)).toMatchObject({ kind: 'applied' });
  });

  it.each(faults.filter(([name]) => name !== 'silence'))(
    'answering a read with %s is told with what to do',
    async (name, fault, words) => {
      const system = systemAt(fake.url, { names: ['production'] });
      fake.fault = () => fault;
      const told = /404|405|501|412|409/.test(name) ? /Flipt at http/ : words;
      await expect(system.snapshot(signal)).rejects.toThrow(told);
      fake.fault = () => null;
      // A limit that was told is obeyed.
      if (name.startsWith('429')) return;
      expect((await system.snapshot(signal)).flags).toHaveLength(2);
    },
  );

  it(
    `loses nothing with two writers on one flag, ${String(rounds)} rounds`,
    { timeout: 60_000 + rounds * 200 },
    async () => {
      const writers = [systemAt(fake.url), systemAt(fake.url)];
      const counts = { applied: 0, conflict: 0, changedSince: 0 };
      for (let round = 0; round < rounds; round++) {
        const plans = await Promise.all(
          writers.map(async (system, at): Promise<Plan | null> => {
            const share = (((round * 2 + at) % 99) + 1) / 100;
            try {
              return await planned(system, 'checkout', { kind: 'percentage', variant: 'true', share });
            } catch (error) {
              if (!PlanError.is(error, 'changedSince', 'nothingToDo')) throw error;
              counts.changedSince++;
              return null;
            }
          }),
        );
        const from = fake.commits.length;
        const results = await Promise.all(
          plans.map(async (plan, at) =>
            plan ? writers[at]!.apply(plan, `${String(round)}-${String(at)}`, signal) : null,
          ),
        );
        const made = fake.commits.slice(from);
        const won = plans.filter((_plan, at) => results[at]?.kind === 'applied');
        // Every write that was taken replaced exactly what its plan was made for.
        expect(made).toHaveLength(won.length);
        for (const [at, plan] of won.entries()) {
          const native = JSON.parse(plan!.native) as { before: string; after: string };
          expect(payloadText(made[at]!.before)).toBe(payloadText(JSON.parse(native.before)));
          expect(payloadText(made[at]!.after)).toBe(payloadText(JSON.parse(native.after)));
        }
        for (const result of results)
          if (result) {
            expect(['applied', 'conflict']).toContain(result.kind);
            counts[result.kind as 'applied' | 'conflict']++;
          }
      }
      console.log(`two writers on one flag, ${String(rounds)} rounds: ${JSON.stringify(counts)}`);
      expect(counts.applied).toBe(fake.commits.length);
      expect(counts.applied).toBeGreaterThanOrEqual(rounds / 2);
    },
  );

  it(
    `loses nothing with two writers on two flags, ${String(rounds)} rounds`,
    { timeout: 60_000 + rounds * 200 },
    async () => {
      const writers = [systemAt(fake.url), systemAt(fake.url)];
      for (let round = 0; round < rounds; round++) {
        const share = ((round % 98) + 1) / 100;
        const results = await Promise.all([
          planned(writers[0]!, 'checkout', { kind: 'percentage', variant: 'true', share }).then((plan) =>
            writers[0]!.apply(plan, 'a', signal),
          ),
          planned(writers[1]!, 'banner', { kind: 'percentage', variant: 'blue', share }).then((plan) =>
            writers[1]!.apply(plan, 'b', signal),
          ),
        ]);
        expect(results.map(({ kind }) => kind)).toEqual(['applied', 'applied']);
        const [threshold] = (flag('checkout') as typeof checkout).rollouts.slice(1);
        expect(threshold?.threshold?.percentage).toBe(Math.round(share * 100));
        expect((flag('banner') as typeof banner).rules[0]?.distributions[0]?.rollout).toBe(Math.round(share * 100));
      }
      expect(fake.commits).toHaveLength(rounds * 2);
    },
  );
});
