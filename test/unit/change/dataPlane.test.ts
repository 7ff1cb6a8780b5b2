import { describe, expect, it } from 'vitest';
import { DataPlaneProbe } from '../../../src/change/dataPlaneProbe';
import { baselineOf, verify } from '../../../src/change/verify';
import type { FlagSystem } from '../../../src/flags/system';
import type { Plan, Verification } from '../../../src/model/change';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { FakeFlagSystem, production, ref, World } from './fakeFlagSystem';

const { signal: never } = new AbortController();

/** A data plane that serves `on` to every fourth user until it follows, after `followsMs`. */
async function verified(of: {
  readonly followsMs: number;
  readonly beforeShares?: null;
  /** What rules give never reaches users without attributes. */
  readonly rulesOnly?: boolean;
  readonly down?: boolean;
}): Promise<{ readonly state: string; readonly words: string; readonly at: number }[]> {
  const clock = new MemoryClock();
  const fake = new FakeFlagSystem(new World(0.25));
  const environment = { ...fake.environments()[0]!, pollMs: 5_000 };
  const plan: Plan = await fake.plan(ref, production, { kind: 'kill' }, fake.state());
  const appliedAt = clock.now() + 1;
  let dealt = 0;
  const system = {
    describe: () => ({ ...fake.describe(), evaluate: true }),
    evaluate: () => {
      if (of.down) return Promise.reject(new Error('away'));
      const old = clock.now() < appliedAt + of.followsMs && of.rulesOnly !== true && dealt++ % 4 === 0;
      return Promise.resolve({ variant: old ? 'on' : 'off', value: old, reason: 'SPLIT' });
    },
  } as unknown as FlagSystem;
  const probe = (): DataPlaneProbe | undefined => DataPlaneProbe.of(system, ref, production, clock);
  const ports = { source: undefined, clock, l10n: memoryL10n };
  const baseline = await baselineOf(ports, ref.key, environment, never, probe());
  await clock.advance(1);
  const said: { state: string; words: string; at: number }[] = [];
  const stop = new AbortController();
  const job = {
    plan: of.beforeShares === null ? { ...plan, before: { ...plan.before, shares: null } } : plan,
    ...{ environment, appliedAt, baseline, variants: null, couldWriteInPlace: false, dataPlane: probe() },
    stillStands: () => Promise.resolve(true),
    progress: ({ state, words }: Verification) => {
      said.push({ state, words, at: clock.now() - appliedAt });
      return Promise.resolve();
    },
  };
  const running = verify(job, ports, stop.signal).catch(() => undefined);
  for (let at = 0; at < 40_000; at += 500) await clock.advance(500);
  stop.abort();
  await clock.advance(0);
  await running;
  return said;
}

describe('verification by the data plane alone', () => {
  it('waits for it, and says that it is it that answers', async () => {
    const said = await verified({ followsMs: 4_000 });
    expect(said[0]).toMatchObject({ state: 'waiting', words: 'written, waiting for the data plane' });
    expect(said.at(-1)).toMatchObject({ state: 'verified' });
    expect(said.at(-1)?.words).toMatch(/^off, as the data plane answers after/);
    expect(said.find(({ state }) => state === 'verified')?.at).toBeGreaterThanOrEqual(4_000);
  });

  it('names it when it goes on as before', async () => {
    const said = await verified({ followsMs: Infinity });
    expect(said.map(({ state }) => state)).not.toContain('verified');
    expect(said.at(-1)).toMatchObject({
      state: 'laggards',
      words: 'The data plane still answers as before, after 10 s.',
    });
  });

  it('is silent where rules decided and nobody it asks for was seen to get what they gave', async () => {
    const said = await verified({ followsMs: 0, beforeShares: null, rulesOnly: true });
    expect(said.map(({ state }) => state)).toEqual(['unseen']);
  });

  it('is believed where rules decided and what they gave was seen', async () => {
    const said = await verified({ followsMs: 4_000, beforeShares: null });
    expect(said.at(-1)).toMatchObject({ state: 'verified' });
    expect(said.find(({ state }) => state === 'verified')?.at).toBeGreaterThanOrEqual(4_000);
  });

  it('proves nothing while it cannot be reached', async () => {
    const said = await verified({ followsMs: 0, down: true });
    expect(said.map(({ state }) => state)).not.toContain('verified');
    expect(said.at(-1)?.state).toBe('unseen');
  });
});
