import { stringify } from 'yaml';
import { WebSocket } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GoffSystem } from '../../src/flags/goff/system';
import { LiveProject } from '../../src/flags/liveProject';
import type { FlagState } from '../../src/model/flag';
import {
  goffRelayHow,
  goffRelayNeeds,
  hasGoffRelay,
  startGoffRelay,
  type RunningGoffRelay,
} from '../servers/goffRelay.mjs';
import { Folder, goffAt, goffDeps, qa, refOf } from './goffWorld';

const never = new AbortController().signal;
const hour = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
const two = { on: true, off: false };
const split = (on: number): object => ({ percentage: { on, off: 100 - on } });
const progressive = (from: number, to: number, start: number, end: number): object => ({
  progressiveRollout: {
    initial: { variation: 'off', percentage: from, date: hour(start) },
    end: { variation: 'on', percentage: to, date: hour(end) },
  },
});

/** What GO Feature Flag can say of who gets what, as far as nobody but a user's key decides. */
const flags: Record<string, object> = {
  everyone: { variations: two, defaultRule: { variation: 'on' } },
  quarter: { variations: two, defaultRule: split(25) },
  uneven: { variations: { a: 1, b: 2, c: 3 }, defaultRule: { percentage: { a: 10, b: 20, c: 20 } } },
  ignored: { variations: two, defaultRule: { variation: 'on', percentage: { off: 100 } } },
  disabled: { variations: two, defaultRule: { variation: 'on' }, disable: true },
  before: { variations: two, defaultRule: { variation: 'on' }, experimentation: { start: hour(1), end: hour(2) } },
  during: { variations: two, defaultRule: { variation: 'on' }, experimentation: { start: hour(-1), end: hour(2) } },
  after: { variations: two, defaultRule: { variation: 'on' }, experimentation: { start: hour(-2), end: hour(-1) } },
  notYet: { variations: two, defaultRule: progressive(30, 100, 1, 2) },
  half: { variations: two, defaultRule: progressive(0, 100, -10, 10) },
  beyond: { variations: two, defaultRule: progressive(0, 40, -2, -1) },
  done: { variations: two, defaultRule: progressive(0, 100, -2, -1) },
  noRule: { variations: two, targeting: [{ query: 'a eq 1', variation: 'on', disable: true }], defaultRule: split(40) },
  stepped: {
    variations: two,
    defaultRule: { variation: 'off' },
    scheduledRollout: [
      { date: hour(-2), defaultRule: split(60) },
      { date: hour(1), defaultRule: { percentage: { on: 100, off: 0 } } },
    ],
  },
  turnedOff: {
    variations: two,
    defaultRule: { variation: 'on' },
    scheduledRollout: [{ date: hour(-1), disable: true }],
  },
  ruled: {
    variations: two,
    targeting: [{ name: 'all', query: 'never eq true', variation: 'on' }],
    defaultRule: { variation: 'off' },
    scheduledRollout: [
      { date: hour(-1), targeting: [{ name: 'all', query: '' }] },
      { date: hour(-0.5), targeting: [{ name: 'x', query: '', variation: 'on' }] },
    ],
  },
  lost: {
    variations: two,
    defaultRule: { variation: 'off' },
    scheduledRollout: [
      { date: hour(-2), targeting: [{ name: 'x', query: '', variation: 'on' }] },
      { date: hour(-1), version: '2' },
    ],
  },
};
const users = 400;

function describeRelay(name: string, suite: () => void): void {
  if (hasGoffRelay()) describe(`GO Feature Flag's relay: ${name}`, suite);
  else it.skip(`GO Feature Flag's relay: ${name} - skipped: needs ${goffRelayNeeds} (${goffRelayHow})`);
}

describeRelay('a relay itself', () => {
  let folder: Folder;
  let relay: RunningGoffRelay | undefined;
  const open: { dispose(): void }[] = [];
  const goff = (environment: object, token?: string): GoffSystem => {
    const made = goffAt(folder.path, environment, token);
    open.push(made);
    return made;
  };
  const stateOf = async (of: GoffSystem, key: string): Promise<FlagState | undefined> => {
    const { flags: found } = await of.snapshot(never);
    return found.find(({ ref }) => ref.key === key)?.states[0];
  };
  const until = async (what: string, isSo: () => Promise<boolean>, patienceMs = 10_000): Promise<void> => {
    for (const end = Date.now() + patienceMs; !(await isSo());) {
      if (Date.now() > end) throw new Error(`not in ${String(patienceMs)} ms: ${what}`);
      await new Promise((later) => setTimeout(later, 20));
    }
  };

  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(async () => {
    for (const each of open.splice(0)) each.dispose();
    await relay?.stop();
    relay = undefined;
    folder.remove();
  });

  it('gives users what files and relay are read to give them', { timeout: 60_000 }, async () => {
    folder.write('f.yaml', stringify(flags));
    relay = await startGoffRelay({ folder: folder.path, sources: [folder.file('f.yaml')] });
    const read = goff({ source: ['f.yaml'], ofrep: relay.url });
    const served = goff({ source: [relay.url] });
    const wrong: string[] = [];
    for (const key of Object.keys(flags)) {
      const [ofFile, ofRelay] = [(await stateOf(read, key))!, (await stateOf(served, key))!];
      const counts = new Map<string, number>();
      for (let from = 0; from < users; from += 50) {
        const ask = (at: number) => read.evaluate(refOf(key), qa, { targetingKey: `user-${String(from + at)}` });
        for (const { variant } of await Promise.all(Array.from({ length: 50 }, (_, at) => ask(at)))) {
          counts.set(variant ?? 'code', (counts.get(variant ?? 'code') ?? 0) + 1);
        }
      }
      for (const { effective } of [ofFile, ofRelay]) {
        const expected: Readonly<Record<string, number>> =
          effective.kind === 'codeDefault' ? { code: 1 } : (effective.shares ?? {});
        for (const name of new Set([...Object.keys(expected), ...counts.keys()])) {
          const [share, seen] = [expected[name] ?? 0, (counts.get(name) ?? 0) / users];
          // Four and a half standard errors; none where everybody gets the same.
          if (Math.abs(share - seen) > 4.5 * Math.sqrt((share * (1 - share)) / users))
            wrong.push(`${key}: ${name} is shown as ${String(share)}, and served to ${String(seen)}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('takes a change of its file, which is verified at it, and its undo', { timeout: 40_000 }, async () => {
    folder.write(
      'f.yaml',
      '# ours\na:\n  variations: { on: true, off: false }\n  defaultRule:\n    variation: on # all\n',
    );
    const before = await import('node:fs').then(({ readFileSync }) => readFileSync(folder.file('f.yaml'), 'utf8'));
    relay = await startGoffRelay({ folder: folder.path, sources: [folder.file('f.yaml')] });
    const of = goff({ source: ['f.yaml'], ofrep: relay.url });
    expect(of.describe(qa)).toMatchObject({ write: true, switch: true, evaluate: true, push: true });
    const gives = async (): Promise<string | null> =>
      (await of.evaluate(refOf('a'), qa, { targetingKey: 'u' })).variant;
    expect(await gives()).toBe('on');
    const seen = (await stateOf(of, 'a'))!;
    const kill = await of.plan(refOf('a'), qa, { kind: 'kill' }, seen, never);
    expect(await of.apply(kill, 'c1', never)).toMatchObject({ kind: 'applied' });
    await until('killed', async () => (await gives()) === 'off');
    const off = await of.plan(refOf('a'), qa, { kind: 'switch', on: false }, (await stateOf(of, 'a'))!, never);
    expect(off.direction).toBe('off');
    await of.apply(off, 'c2', never);
    await until('switched off', async () => (await gives()) === null);
    for (const plan of [off, kill]) {
      const undo = await of.planUndo(plan, never);
      expect(await of.apply(undo, 'c3', never)).toMatchObject({ kind: 'applied' });
    }
    await until('as before', async () => (await gives()) === 'on');
    const after = await import('node:fs').then(({ readFileSync }) => readFileSync(folder.file('f.yaml'), 'utf8'));
    expect(after).toBe(before);
  });

  it(
    'is read and not written to, pushes what changes, and is followed when it comes back',
    { timeout: 40_000 },
    async () => {
      const flag = (variation: string): string => stringify({ a: { variations: two, defaultRule: { variation } } });
      folder.write('f.yaml', flag('off'));
      const of = { folder: folder.path, sources: [folder.file('f.yaml')] };
      relay = await startGoffRelay(of);
      const served = goff({ source: [relay.url] });
      const live = new LiveProject(served, goffDeps(folder.path), () => undefined);
      open.push(live);
      await live.refresh();
      const serves = (): string | undefined => {
        const rule = live.snapshot?.flags[0]?.states[0]?.defaultRule;
        return rule?.kind === 'variant' ? rule.variant : undefined;
      };
      expect(serves()).toBe('off');
      await until('it pushes', () => Promise.resolve(served.describe(qa).push));
      const state = live.snapshot!.flags[0]!.states[0]!;
      expect(state).toMatchObject({ location: null, writable: { kind: 'no' } });
      await expect(served.plan(refOf('a'), qa, { kind: 'kill' }, state, never)).rejects.toMatchObject({
        reason: 'notWritable',
      });
      folder.write('f.yaml', flag('on'));
      await until('it is on', () => Promise.resolve(serves() === 'on'));
      await relay.stop();
      await until('it does not push', () => Promise.resolve(!served.describe(qa).push));
      await until('it is away', () => Promise.resolve(live.answer.state === 'unreachable'));
      expect(serves()).toBe('on');
      folder.write('f.yaml', flag('off'));
      relay = await startGoffRelay({ ...of, port: relay.port });
      await until('it is back', () => Promise.resolve(live.answer.state === 'ok' && serves() === 'off'), 25_000);
    },
  );

  it('wants a key where it has keys, for flags, pushes and evaluations', { timeout: 30_000 }, async () => {
    folder.write('f.yaml', stringify({ a: flags.everyone }));
    relay = await startGoffRelay({ folder: folder.path, sources: [folder.file('f.yaml')], keys: ['key-of-tests'] });
    await expect(goff({ source: [relay.url] }).snapshot(never)).rejects.toThrow(/refused the key \(401\)/);
    const of = goff({ source: [relay.url] }, 'key-of-tests');
    expect((await stateOf(of, 'a'))?.effective.kind).toBe('everyone');
    await until('it pushes', () => Promise.resolve(of.describe(qa).push));
    expect((await of.evaluate(refOf('a'), qa, { targetingKey: 'u' })).variant).toBe('on');
  });

  it('shows what it pushed within 250 ms of the event on the wire', { timeout: 60_000 }, async () => {
    const flag = (on: number): string => stringify({ ...flags, a: { variations: two, defaultRule: split(on) } });
    folder.write('f.yaml', flag(0));
    const keys = ['evaluates'];
    relay = await startGoffRelay({
      folder: folder.path,
      sources: [folder.file('f.yaml')],
      keys,
      adminKeys: ['admin'],
      pollMs: 60_000,
    });
    const { url } = relay;
    const of = goff({ source: [url] }, 'evaluates');
    const shown = new Map<number, number>();
    const live = new LiveProject(of, goffDeps(folder.path), () => {
      const share = live.snapshot?.flags.find(({ ref }) => ref.key === 'a')?.states[0]?.effective.shares?.on;
      if (share !== undefined && !shown.has(Math.round(share * 100)))
        shown.set(Math.round(share * 100), performance.now());
    });
    open.push(live);
    await live.refresh();
    await until('it pushes', () => Promise.resolve(of.describe(qa).push));
    let onWire = 0;
    const wire = new WebSocket(`${url.replace('http', 'ws')}/ws/v1/flag/change?apiKey=evaluates`);
    wire.addEventListener('message', () => (onWire = performance.now()));
    await until('the wire is watched', () => Promise.resolve(wire.readyState === WebSocket.OPEN));
    const took: number[] = [];
    for (let on = 1; on <= 40; on++) {
      onWire = 0;
      folder.write('f.yaml', flag(on));
      const refreshed = await fetch(`${url}/admin/v1/retriever/refresh`, {
        method: 'POST',
        headers: { authorization: 'Bearer admin' },
      });
      expect(refreshed.status).toBe(200);
      await until(`${String(on)}% is shown`, () => Promise.resolve(shown.has(on) && onWire > 0));
      took.push(Math.max(0, shown.get(on)! - onWire));
    }
    wire.close();
    took.sort((a, b) => a - b);
    const p95 = took[Math.ceil(took.length * 0.95) - 1]!;
    console.log(
      `push to screen, GO Feature Flag's relay: p50 ${took[20]!.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms, ${String(took.length)} changes`,
    );
    expect(p95).toBeLessThan(250);
  });
});
