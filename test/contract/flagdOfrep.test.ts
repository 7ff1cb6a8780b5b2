import { afterAll, beforeAll, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { DataPlaneProbe } from '../../src/change/dataPlaneProbe';
import { baselineOf, verify } from '../../src/change/verify';
import { OfrepClient } from '../../src/flags/ofrep/ofrepClient';
import type { Effective } from '../../src/model/flag';
import type { Verification } from '../../src/model/change';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { systemClock } from '../../src/platform/node/clock';
import { createUndiciHttp } from '../../src/platform/node/undiciHttp';
import type { RunningFlagd } from '../servers/flagd.mjs';
import { describeFlagds, flag, flagdAt, Folder, isOldFlagd, never, qa, refOf, Watched } from './flagdWorld';

const USERS = 300;
const users = Array.from({ length: USERS }, (_, index) => ({
  targetingKey: `user-${String(index)}`,
  email: `u${String(index)}@${index % 3 === 0 ? 'example.com' : 'other.org'}`,
  country: ['de', 'ch', 'at', 'us'][index % 4] ?? 'de',
}));

const names = fc.constantFrom('on', 'off', 'b');
const bucket = fc.tuple(names, fc.integer({ min: 0, max: 100 }));
const split = fc
  .array(bucket, { minLength: 1, maxLength: 3 })
  .filter((buckets) => buckets.some(([, weight]) => weight > 0))
  .map((fractional) => ({ fractional }));
const condition = fc.constantFrom(
  { ends_with: [{ var: 'email' }, '@example.com'] },
  { '==': [{ var: 'country' }, 'ch'] },
  { in: [{ var: 'country' }, ['de', 'at']] },
);
const serve = fc.oneof(names, split);
const targeting = fc.oneof(
  split,
  fc.tuple(condition, serve, serve).map((parts) => ({ if: parts })),
  fc.tuple(condition, serve).map((parts) => ({ if: parts })),
  fc.tuple(condition, serve, condition, serve, serve).map((parts) => ({ if: parts })),
);
const anyFlag = fc.record(
  {
    state: fc.constantFrom('ENABLED', 'ENABLED', 'ENABLED', 'DISABLED'),
    variants: fc.constant({ on: 'on', off: 'off', b: 'b' }),
    defaultVariant: names,
    targeting,
  },
  { requiredKeys: ['state', 'variants', 'defaultVariant'] },
);
const flags = Object.fromEntries(
  fc.sample(anyFlag, { numRuns: 60, seed: 3 }).map((each, i) => [`f${String(i)}`, each]),
);

const isOneSided = (of: object): boolean => /"fractional":\[\[[^[\]]*\]\]/.test(JSON.stringify(of));

/** What a flag's effective state says nobody can get, or how far counts are from its shares (null: it fits). */
function misfit(effective: Effective, counts: ReadonlyMap<string, number>): string | null {
  if (effective.kind === 'codeDefault') return counts.get('') === USERS ? null : 'not the code default';
  for (const variant of effective.unreachable) if ((counts.get(variant) ?? 0) > 0) return `${variant} was reached`;
  for (const [variant, share] of Object.entries(effective.shares ?? {})) {
    const seen = (counts.get(variant) ?? 0) / USERS;
    const error = 4.5 * Math.sqrt((share * (1 - share)) / USERS);
    if (Math.abs(seen - share) > error + 1e-9) return `${variant}: ${String(seen)} for ${String(share)}`;
  }
  return null;
}

describeFlagds('OFREP', (start) => {
  const folder = new Folder();
  let server: RunningFlagd;
  let client: OfrepClient;
  const open: { dispose(): void }[] = [];
  const kinds = new Set<string>();

  beforeAll(async () => {
    folder.write('f.json', { ...flags, 'released to all': flag('on'), kept: flag('off', { state: 'DISABLED' }) });
    server = await start({ sources: [`file:${folder.file('f.json')}`] });
    const options = {
      id: 'flags',
      type: 'flagd',
      url: server.ofrep,
      authorization: 'bearer',
      tokenOptional: true,
    } as const;
    client = new OfrepClient(memoryRemotes(createUndiciHttp({})).remote(options), memoryL10n);
    // flagd says it is ready, and answers with no flags, a moment before it has read its files.
    for (let tries = 0; tries < 100 && (await client.evaluateAll({})).evaluations.size === 0; tries++)
      await new Promise((resolve) => setTimeout(resolve, 50));
  }, 60_000);
  afterAll(async () => {
    for (const each of open) each.dispose();
    await server.stop();
    folder.remove();
  });

  it('serves what the state we show says: of files and of the sync stream', { timeout: 60_000 }, async () => {
    const counts = new Map(Object.keys(flags).map((key) => [key, new Map<string, number>()]));
    for (const user of users) {
      const { evaluations, failures } = await client.evaluateAll(user);
      expect([...failures]).toEqual([]);
      for (const [key, count] of counts) {
        // A disabled flag is not among all flags.
        const variant = evaluations.get(key)?.variant ?? '';
        count.set(variant, (count.get(variant) ?? 0) + 1);
      }
    }
    for (const source of ['f.json', server.sync]) {
      const of = new Watched(flagdAt(folder.path, { source: [source] }), folder.path);
      open.push(of);
      await of.until('it is read', () => of.flag('f59') !== undefined);
      const misfits = [...counts].flatMap(([key, count]) => {
        if (isOldFlagd(server) && isOneSided(flags[key]!)) return [];
        const { effective } = of.flag(key)!.states[0]!;
        kinds.add(effective.kind);
        const why = misfit(effective, count);
        return why === null ? [] : [`${source} ${key}: ${why} ${JSON.stringify(flags[key])}`];
      });
      expect(misfits).toEqual([]);
    }
    expect([...kinds].sort()).toEqual(['codeDefault', 'everyone', 'rules', 'split']);
  });

  it('gives one flag what it gives all', async () => {
    const system = flagdAt(folder.path, { source: ['f.json'], ofrep: server.ofrep });
    open.push(system);
    expect(system.describe(qa).evaluate).toBe(true);
    for (const user of users.slice(0, 5)) {
      const { evaluations } = await client.evaluateAll(user);
      for (const [key, all] of [...evaluations].slice(0, 20))
        expect((await system.evaluate(refOf(key), qa, user)).variant, key).toBe(all.variant);
    }
  });

  it('answers for names with blanks, and says why it does not', async () => {
    expect(await client.evaluate('released to all', {})).toMatchObject({ variant: 'on', value: true });
    expect(await client.evaluate('kept', {})).toEqual({ variant: null, value: null, reason: 'DISABLED' });
    await expect(client.evaluate('nope', {})).rejects.toMatchObject({ code: 'FLAG_NOT_FOUND' });
    const options = { id: 'flags', type: 'flagd', url: `${server.ofrep}/elsewhere`, authorization: 'none' } as const;
    const lost = new OfrepClient(memoryRemotes(createUndiciHttp({})).remote(options), memoryL10n);
    await expect(lost.evaluate('kept', {})).rejects.toMatchObject({ code: 'BROKEN' });
  });

  it('verifies a change without any telemetry', { timeout: 40_000 }, async () => {
    const system = flagdAt(folder.path, { source: ['f.json'], ofrep: server.ofrep, pollSeconds: 5 });
    open.push(system);
    const key = 'released to all';
    const seen = (await system.snapshot(never)).flags.find(({ ref }) => ref.key === key)!.states[0]!;
    const plan = await system.plan(refOf(key), qa, { kind: 'kill' }, seen, never);
    const ports = { source: undefined, clock: systemClock, l10n: memoryL10n };
    const [environment] = system.environments();
    const probe = DataPlaneProbe.of(system, plan.ref, qa, systemClock);
    const baseline = await baselineOf(ports, key, environment!, never, probe);
    expect(baseline).toMatchObject([{ variant: 'on', count: 16 }]);
    const said: Verification[] = [];
    const job = {
      ...{ plan, environment: environment!, appliedAt: Date.now(), baseline, variants: null, couldWriteInPlace: false },
      dataPlane: DataPlaneProbe.of(system, plan.ref, qa, systemClock),
      stillStands: () => Promise.resolve(true),
      progress: (verification: Verification) => Promise.resolve(void said.push(verification)),
    };
    const verifying = verify(job, ports, never);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    // Nothing was written yet: nothing may be called verified.
    expect(said.map(({ state }) => state)).toEqual(['waiting']);
    expect(await system.apply(plan, 'change', never)).toMatchObject({ kind: 'applied' });
    await verifying;
    expect(said.at(-1)).toMatchObject({
      state: 'verified',
      words: expect.stringContaining('the data plane answers') as string,
    });
  });
});
