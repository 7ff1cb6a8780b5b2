import { describe, expect, it } from 'vitest';
import type { InstanceSource } from '../../../src/change/api';
import { verify, type VerifyJob } from '../../../src/change/verify';
import type { Plan, Verification } from '../../../src/model/change';
import type { Shares } from '../../../src/model/flag';
import type { InstanceEvaluation } from '../../../src/model/signal';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { bench, never } from './bench';
import { FakeFlagSystem, production, ref, World, type FakeOptions } from './fakeFlagSystem';

/** Instances that evaluate steadily: `rate` a second each, variants dealt in fixed proportion to the shares. */
class Fleet implements InstanceSource {
  readonly #log: { instance: string; variant: string; at: number }[] = [];
  readonly #dealt = new Map<string, number>();
  down = false;
  constructor(readonly clock: MemoryClock) {}

  /** Runs an instance until `ms` from now with these shares. */
  evaluate(instance: string, shares: Shares, fromMs: number, toMs: number, rate: number): void {
    const start = this.clock.now();
    for (let at = start + fromMs; at < start + toMs; at += 1_000 / rate) {
      const variant = Object.keys(shares)
        .map((name) => ({ name, debt: this.#debt(instance, name, shares[name] ?? 0) }))
        .sort((a, b) => b.debt - a.debt)[0]!.name;
      this.#dealt.set(`${instance}/${variant}`, (this.#dealt.get(`${instance}/${variant}`) ?? 0) - 1);
      this.#log.push({ instance, variant, at });
    }
    this.#dealt.clear();
  }

  async instances(asked: { flag: string; environment: string; since: number }): Promise<InstanceEvaluation[]> {
    if (this.down) throw new Error('nobody listens');
    expect(asked).toMatchObject({ flag: 'new-checkout', environment: 'production' });
    const found = new Map<string, InstanceEvaluation>();
    for (const { instance, variant, at } of this.#log) {
      if (at < asked.since || at > this.clock.now()) continue;
      const id = `${instance}/${variant}`;
      const count = (found.get(id)?.count ?? 0) + 1;
      found.set(id, { service: 'cart', instance, flag: 'new-checkout', variant, lastSeen: at, count });
    }
    return [...found.values()];
  }

  #debt(instance: string, variant: string, share: number): number {
    const debt = (this.#dealt.get(`${instance}/${variant}`) ?? 0) + share;
    this.#dealt.set(`${instance}/${variant}`, debt);
    return debt;
  }
}

async function plan(before: number, after: number): Promise<Plan> {
  const system = new FakeFlagSystem(new World(before));
  const intent =
    after === 0 ? ({ kind: 'kill' } as const) : ({ kind: 'percentage', variant: 'on', share: after } as const);
  return system.plan(ref, production, intent, system.state());
}

interface Watched {
  readonly said: { at: number; verification: Verification; concluded: boolean }[];
  last(): Verification;
  atLast(): number;
}

async function watch(
  clock: MemoryClock,
  source: InstanceSource | undefined,
  planned: Plan,
  forMs: number,
  over: Partial<VerifyJob> = {},
  system: FakeOptions = {},
): Promise<Watched> {
  const said: Watched['said'] = [];
  const appliedAt = clock.now();
  const environment = new FakeFlagSystem(new World(), system).environments()[0]!;
  const stop = new AbortController();
  const baseline = source
    ? await source
        .instances({ flag: ref.key, environment: 'production', since: appliedAt - 120_000 }, never)
        .catch(() => null)
    : null;
  const job: VerifyJob = {
    plan: planned,
    variants: null,
    environment,
    appliedAt,
    baseline,
    couldWriteInPlace: true,
    stillStands: async () => true,
    progress: async (verification, concluded) =>
      void said.push({ at: clock.now() - appliedAt, verification, concluded }),
    ...over,
  };
  const running = verify(job, { source, clock, l10n: memoryL10n }, stop.signal).catch((error: unknown) => {
    if (!stop.signal.aborted) throw error;
  });
  // In small steps, so that every question gets its turn.
  for (let at = 0; at < forMs; at += 500) await clock.advance(500);
  stop.abort();
  await clock.advance(0);
  await running;
  return { said, last: () => said.at(-1)!.verification, atLast: () => said.at(-1)!.at };
}

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `cart-${String(n)}`);

describe('verification of a kill', () => {
  it('counts the instances over, and is done when all follow', async () => {
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    for (const [n, name] of names(12).entries()) {
      const follows = 400 + n * 270;
      fleet.evaluate(name, { on: 0.25, off: 0.75 }, -10_000, follows, 20);
      fleet.evaluate(name, { off: 1 }, follows, 60_000, 20);
    }
    const watched = await watch(clock, fleet, await plan(0.25, 0), 12_000);
    expect(watched.said[0]?.verification.words).toBe('written, waiting for 12 instances');
    const counts = watched.said.map(({ verification }) => verification.onNew);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(
      watched.said.some(({ verification }) => verification.words === 'off on 3 of 12' || verification.onNew === 4),
    ).toBe(true);
    expect(watched.last()).toMatchObject({ state: 'verified', instances: 12, onNew: 12, laggards: [] });
    expect(watched.last().words).toMatch(/^off on 12 of 12 instances after 3\.[0-9] s$/);
    // The last instance followed 3.37 s after; saying so takes as long as its run of new evaluations.
    expect(watched.last().tookMs).toBeGreaterThan(3_000);
    expect(watched.last().tookMs).toBeLessThan(3_400);
    expect(watched.atLast()).toBeLessThan(5_500);
  });

  it('does not take a lucky run of a partly served flag for the change', async () => {
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    fleet.evaluate('cart-0', { on: 0.25, off: 0.75 }, -10_000, 60_000, 20);
    const watched = await watch(clock, fleet, await plan(0.25, 0), 9_000);
    expect(watched.last()).toMatchObject({ state: 'waiting', onNew: 0 });
  });

  it('names the laggards after twice the poll interval, and is verified when they come round', async () => {
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    for (const name of names(2)) {
      fleet.evaluate(name, { on: 1 }, -10_000, 1_000, 10);
      fleet.evaluate(name, { off: 1 }, 1_000, 120_000, 10);
    }
    fleet.evaluate('cart-9', { on: 1 }, -10_000, 40_000, 10);
    fleet.evaluate('cart-9', { off: 1 }, 40_000, 120_000, 10);
    const watched = await watch(clock, fleet, await plan(1, 0), 90_000);
    const laggards = watched.said.find(({ verification }) => verification.state === 'laggards');
    expect(laggards?.at).toBeGreaterThanOrEqual(10_000);
    expect(laggards?.at).toBeLessThan(18_000);
    expect(laggards?.concluded).toBe(true);
    expect(laggards?.verification).toMatchObject({ laggards: ['cart/cart-9'], instances: 3, onNew: 2, proposal: null });
    expect(laggards?.verification.words).toBe(
      'off on 2 of 3 instances; still on the old state after 10 s: cart/cart-9.',
    );
    expect(watched.last()).toMatchObject({ state: 'verified', onNew: 3 });
    expect(watched.last().tookMs).toBeGreaterThan(39_000);
  });

  it('proposes writing in place when no instance follows a renamed file, and only then', async () => {
    const stuck = async (couldWriteInPlace: boolean): Promise<Verification> => {
      const clock = new MemoryClock();
      const fleet = new Fleet(clock);
      for (const name of names(3)) fleet.evaluate(name, { on: 1 }, -10_000, 60_000, 10);
      return (await watch(clock, fleet, await plan(1, 0), 20_000, { couldWriteInPlace })).last();
    };
    expect(await stuck(true)).toMatchObject({ state: 'laggards', onNew: 0, proposal: 'writeInPlace' });
    expect((await stuck(true)).words).toContain('"write": "inPlace"');
    expect(await stuck(false)).toMatchObject({ state: 'laggards', proposal: null });
  });

  it('says that nothing was seen, rather than that it is done', async () => {
    const clock = new MemoryClock();
    const watched = await watch(clock, new Fleet(clock), await plan(0.25, 0), 20_000);
    expect(watched.said[0]?.verification.words).toBe('written, waiting for evaluations');
    expect(watched.last()).toMatchObject({
      state: 'unseen',
      words: 'No evaluations seen since: not verified by telemetry.',
    });
  });

  it('says when nobody could be asked, and verifies once somebody can', async () => {
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    fleet.evaluate('cart-0', { on: 1 }, -10_000, 1_000, 10);
    fleet.evaluate('cart-0', { off: 1 }, 1_000, 120_000, 10);
    fleet.down = true;
    clock.after(30_000, () => (fleet.down = false));
    const watched = await watch(clock, fleet, await plan(1, 0), 60_000);
    expect(watched.said.map(({ verification }) => verification.state)).toEqual(
      expect.arrayContaining(['waiting', 'unseen', 'verified']),
    );
    const without = await watch(clock, undefined, await plan(1, 0), 1_000);
    expect(without.said).toHaveLength(1);
    expect(without.last().words).toBe('Telemetry could not be asked: not verified by it.');
  });

  it('ends when the flag was changed again, instead of blaming instances', async () => {
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    fleet.evaluate('cart-0', { on: 1 }, -10_000, 60_000, 10);
    const watched = await watch(clock, fleet, await plan(1, 0), 20_000, { stillStands: async () => false });
    expect(watched.last()).toMatchObject({
      state: 'unseen',
      words: 'The flag was changed again before this was verified.',
    });
  });

  it('believes a slow instance after a poll interval without old evaluations', async () => {
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    fleet.evaluate('cart-0', { on: 0.25, off: 0.75 }, -10_000, 1_000, 0.5);
    fleet.evaluate('cart-0', { off: 1 }, 1_000, 60_000, 0.5);
    const watched = await watch(clock, fleet, await plan(0.25, 0), 20_000);
    expect(watched.last()).toMatchObject({ state: 'verified', onNew: 1 });
    expect(watched.atLast()).toBeGreaterThanOrEqual(5_000);
  });

  it('waits for a definition to go live without calling anyone late', async () => {
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    fleet.evaluate('cart-0', { on: 1 }, -10_000, 60_000, 10);
    fleet.evaluate('cart-0', { off: 1 }, 60_000, 120_000, 10);
    const watched = await watch(clock, fleet, await plan(1, 0), 90_000, {}, { kind: 'definition' });
    const states = watched.said.map(({ verification }) => verification.state);
    expect(states).not.toContain('laggards');
    expect(watched.said.find(({ concluded }) => concluded)?.verification.words).toContain('goes live by commit');
    expect(watched.last().state).toBe('verified');
  });
});

describe('verification of a share', () => {
  it('sees a variant appear', async () => {
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    fleet.evaluate('cart-0', { off: 1 }, -10_000, 2_000, 20);
    fleet.evaluate('cart-0', { on: 0.25, off: 0.75 }, 2_000, 60_000, 20);
    const watched = await watch(clock, fleet, await plan(0, 0.25), 10_000);
    expect(watched.last()).toMatchObject({ state: 'verified', onNew: 1 });
    expect(watched.last().words).toMatch(/^25% "on" on 1 of 1 instances after [0-9.]+ s$/);
  });

  it('takes new proportions only when they fit the new share and not the old', async () => {
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    fleet.evaluate('cart-0', { on: 0.25, off: 0.75 }, -10_000, 4_000, 50);
    fleet.evaluate('cart-0', { on: 0.5, off: 0.5 }, 4_000, 60_000, 50);
    const watched = await watch(clock, fleet, await plan(0.25, 0.5), 14_000);
    const verified = watched.said.find(({ verification }) => verification.state === 'verified');
    expect(verified?.at).toBeGreaterThan(4_000);
    const unchanged = new Fleet(clock);
    unchanged.evaluate('cart-0', { on: 0.25, off: 0.75 }, -10_000, 120_000, 50);
    const stuck = await watch(clock, unchanged, await plan(0.25, 0.5), 20_000);
    expect(stuck.last()).toMatchObject({ state: 'laggards', laggards: ['cart/cart-0'] });
  });

  it('does not pretend to tell what too few evaluations cannot', async () => {
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    fleet.evaluate('cart-0', { on: 0.25, off: 0.75 }, -10_000, 60_000, 5);
    const watched = await watch(clock, fleet, await plan(0.25, 0.27), 20_000);
    expect(watched.last()).toMatchObject({ state: 'unseen', onNew: 0 });
    expect(watched.last().words).toBe('Seen on 0 of 1 instances; the others evaluated too little to tell.');
  });

  it('says so where rules decide', async () => {
    const clock = new MemoryClock();
    const planned = await plan(0.25, 0);
    const ruled = { ...planned, after: { ...planned.after, shares: null } };
    const watched = await watch(clock, new Fleet(clock), ruled, 1_000);
    expect(watched.last().words).toBe('Rules decide who gets what: evaluations cannot show this change.');
  });
});

describe('variants that telemetry names otherwise', () => {
  const variants = [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ];
  const killed = async (before: Shares, after: Shares, over: Partial<VerifyJob>): Promise<Verification> => {
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    fleet.evaluate('cart-0', before, -10_000, 400, 20);
    fleet.evaluate('cart-0', after, 400, 60_000, 20);
    return (await watch(clock, fleet, await plan(0.25, 0), 50_000, over)).last();
  };

  it('are known by their values', async () => {
    const after = await killed({ true: 0.25, false: 0.75 }, { false: 1 }, { variants });
    expect(after).toMatchObject({ state: 'verified', onNew: 1 });
    const stuck = await killed({ true: 0.25, false: 0.75 }, { true: 0.25, false: 0.75 }, { variants });
    expect(stuck).toMatchObject({ state: 'laggards', onNew: 0 });
  });

  it('are not guessed where two have the same value', async () => {
    const twice = [...variants, { name: 'blue', value: false }];
    const after = await killed({ true: 0.25, false: 0.75 }, { false: 1 }, { variants: twice });
    expect(after).toMatchObject({ state: 'unseen', onNew: 0, laggards: [] });
  });

  it('show nothing where nobody knows the name: no instance is said to lag', async () => {
    const after = await killed({ ja: 0.25, nein: 0.75 }, { nein: 1 }, { variants });
    expect(after).toMatchObject({ state: 'unseen', onNew: 0, laggards: [] });
  });

  it('are no proof when errors are all that differed', async () => {
    const byRules = { ...(await plan(0.25, 0.5)) };
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    fleet.evaluate('cart-0', { on: 0.45, off: 0.45, '': 0.1 }, -60_000, 60_000, 50);
    const planned = { ...byRules, before: { ...byRules.before, shares: null } };
    const watched = await watch(clock, fleet, planned, 50_000, { variants });
    expect(watched.said.map(({ verification: { state } }) => state)).not.toContain('verified');
  });
});

describe('verification behind a change', () => {
  it('ends in the journal, at the flag, and in one telling', async () => {
    const clock = new MemoryClock();
    const fleet = new Fleet(clock);
    fleet.evaluate('cart-0', { on: 0.25, off: 0.75 }, -10_000, 1_000, 20);
    fleet.evaluate('cart-0', { off: 1 }, 1_000, 60_000, 20);
    const on = bench({ clock, source: fleet });
    const ends: string[] = [];
    on.changes.onDidEnd(({ needs, entry }) => ends.push(`${entry.status} ${needs}`));
    const seen = on.system.state();
    const outcome = await on.changes.change(
      { ref, environment: production, intent: { kind: 'kill' }, seen, through: 'x' },
      never,
    );
    if (outcome.kind !== 'done') throw new Error(outcome.kind);
    expect(on.changes.inFlight(ref, production)?.words).toMatch(/waiting for 1 instance$|turning off/);
    for (let at = 0; at < 8_000; at += 250) await clock.advance(250);
    const settled = await outcome.settled;
    expect(settled.status).toBe('verified');
    expect(on.changes.inFlight(ref, production)).toMatchObject({ ended: true });
    expect(on.changes.inFlight(ref, production)?.words).toMatch(/^verified in [0-9.]+ (s|ms)$/);
    const [entry] = (await on.changes.list()).entries;
    expect(entry?.verification?.state).toBe('verified');
    expect(entry?.steps.map(({ status }) => status)).toEqual([
      'consented',
      'applying',
      'written',
      'written',
      'verified',
    ]);
    expect(ends).toEqual(['verified nothing']);
    await clock.advance(31_000);
    expect(on.changes.inFlight(ref, production)).toBeNull();
  });

  it('goes on in the next window', async () => {
    const clock = new MemoryClock();
    const first = bench({ clock, source: new Fleet(clock) });
    const seen = first.system.state();
    await first.changes.change({ ref, environment: production, intent: { kind: 'kill' }, seen, through: 'x' }, never);
    first.changes.dispose();
    await clock.advance(3_000);
    expect((await first.changes.list()).entries[0]?.verification?.state).toBe('waiting');
    const fleet = new Fleet(clock);
    fleet.evaluate('cart-0', { off: 1 }, 0, 120_000, 20);
    const second = bench({ clock, files: first.files, world: first.world, source: fleet });
    await second.changes.resume();
    for (let at = 0; at < 60_000; at += 500) await clock.advance(500);
    expect((await second.changes.list()).entries[0]).toMatchObject({ status: 'verified' });
    second.changes.dispose();
  });

  it('is ended by the next change of the same flag', async () => {
    const clock = new MemoryClock();
    const on = bench({ clock, source: new Fleet(clock) });
    const change = (share: number) =>
      on.changes.change(
        {
          ref,
          environment: production,
          intent: { kind: 'percentage', variant: 'on', share },
          seen: on.system.state(),
          through: 'x',
        },
        never,
      );
    await change(0.5);
    await clock.advance(1_000);
    await change(0.75);
    await clock.advance(1_000);
    const { entries } = await on.changes.list();
    expect(entries[1]?.verification?.words).toBe('A later change came before this was verified.');
    expect(entries[0]?.verification?.state).toBe('waiting');
    on.changes.dispose();
  });
});
