import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RunningFlagd } from '../servers/flagd.mjs';
import { describeFlagds, flag, flagdAt, Folder, isOldFlagd, never, qa, refOf, Watched } from './flagdWorld';

const yamlText = `flags:
  # as it always was
  kept: { state: ENABLED, variants: { on: true, off: false }, defaultVariant: on }
  split:
    state: ENABLED
    variants:
      on: true
      off: false
    defaultVariant: off
    targeting:
      fractional: # by user
        - [on, 25]
        - [off, 75]
`;

describeFlagds('the sync stream', (start) => {
  let folder: Folder;
  let server: RunningFlagd | undefined;
  const open: { dispose(): void }[] = [];
  const watched = (environment: object): Watched => {
    const watching = new Watched(flagdAt(folder.path, environment), folder.path);
    open.push(watching);
    return watching;
  };
  const started = async (...names: string[]): Promise<RunningFlagd> => {
    server = await start({ sources: names.map((name) => `file:${folder.file(name)}`) });
    return server;
  };
  const serves = (of: Watched, key: string): string | undefined => {
    const rule = of.flag(key)?.states[0]?.defaultRule;
    return rule?.kind === 'variant' ? rule.variant : rule?.kind;
  };

  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(async () => {
    for (const each of open.splice(0)) each.dispose();
    await server?.stop();
    server = undefined;
    folder.remove();
  });

  it('shows what it serves, follows a change it pushes, and is not written to', async () => {
    folder.write('f.json', { a: flag('off'), b: flag('on') });
    const { sync } = await started('f.json');
    const of = watched({ source: [sync] });
    await of.live.refresh();
    expect(serves(of, 'a')).toBe('off');
    folder.write('f.json', { a: flag('on'), b: flag('on') });
    await of.until('a is on', () => serves(of, 'a') === 'on');
    const state = of.flag('a')!.states[0]!;
    expect(state).toMatchObject({ location: null, writable: { kind: 'no' } });
    const { system } = of.live;
    expect(system.describe(qa)).toMatchObject({ push: true, write: false });
    await expect(system.plan(refOf('a'), qa, { kind: 'kill' }, state, never)).rejects.toMatchObject({
      reason: 'notWritable',
    });
  });

  it('is merged with files, later ones winning', async () => {
    folder.write('served.json', { both: flag('on'), served: flag('on') });
    folder.write('mine.json', { both: flag('off'), mine: flag('off') });
    const { sync } = await started('served.json');
    const last = watched({ source: ['mine.json', sync] });
    const first = watched({ source: [sync, 'mine.json'] });
    await Promise.all([last.live.refresh(), first.live.refresh()]);
    expect(['both', 'served', 'mine'].map((key) => serves(last, key))).toEqual(['on', 'on', 'off']);
    expect(serves(first, 'both')).toBe('off');
    expect(last.flag('both')?.states[0]?.writable.kind).toBe('no');
    expect(first.flag('both')?.states[0]?.writable.kind).toBe('yes');
  });

  it('merges files as the server itself does', async () => {
    folder.write('1.json', { both: flag('off'), one: flag('off') });
    folder.write('2.json', { both: flag('on'), two: flag('on') });
    const { sync } = await started('1.json', '2.json');
    const served = watched({ source: [sync] });
    const read = watched({ source: ['1.json', '2.json'] });
    await Promise.all([served.live.refresh(), read.live.refresh()]);
    await served.until('all are there', () => served.flag('two') !== undefined && served.flag('one') !== undefined);
    for (const key of ['both', 'one', 'two']) expect(serves(served, key), key).toBe(serves(read, key));
  });

  it(
    'keeps what it knew while the server is away, says so, and follows it when it is back',
    { timeout: 40_000 },
    async () => {
      folder.write('f.json', { a: flag('off') });
      const { sync, ports, stop } = await started('f.json');
      const of = watched({ source: [sync] });
      await of.live.refresh();
      await stop();
      await of.until('it is away', () => of.live.answer.state === 'unreachable');
      expect(serves(of, 'a')).toBe('off');
      folder.write('f.json', { a: flag('on') });
      server = await start({ sources: [`file:${folder.file('f.json')}`], ports });
      await of.until('it is back', () => of.live.answer.state === 'ok' && serves(of, 'a') === 'on', 25_000);
      expect(of.live.snapshot?.problems).toEqual([]);
    },
  );

  it('shows files at once beside a server that is not there', async () => {
    folder.write('mine.json', { mine: flag('on') });
    const of = watched({ source: ['mine.json', 'grpc://127.0.0.1:1'] });
    await of.live.refresh();
    expect(serves(of, 'mine')).toBe('on');
    expect(of.live.snapshot?.problems).toMatchObject([{ code: 'flagd.unreachable' }]);
  });

  it('goes on with the last whole state while the file of the server is half-written', async () => {
    folder.write('f.json', { a: flag('off') });
    const { sync } = await started('f.json');
    const of = watched({ source: [sync] });
    await of.until('it is there', () => serves(of, 'a') === 'off');
    // By a rename: a file that is truncated first is empty for a moment, and flagd serves no flag then (its defaultState).
    writeFileSync(folder.file('.half'), '{"flags":{"a":{"state":');
    renameSync(folder.file('.half'), folder.file('f.json'));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(serves(of, 'a')).toBe('off');
    folder.write('f.json', { a: flag('on') });
    await of.until('it is mended', () => serves(of, 'a') === 'on');
  });

  it('takes what is large, and says of what is too large what to do', { timeout: 40_000 }, async () => {
    const wordy = flag('on', { variants: { on: 'x'.repeat(1_400), off: '' } });
    const many = Object.fromEntries(Array.from({ length: 4_000 }, (_, index) => [`f${String(index)}`, wordy]));
    folder.write('f.json', many);
    const { sync } = await started('f.json');
    const of = watched({ source: [sync] });
    await of.until('all are there', () => of.live.snapshot?.flags.length === 4_000);
    const small = watched({ source: [sync], maxMegabytes: 1 });
    await small.until('it says so', () => small.live.answer.state === 'unreachable');
    expect(JSON.stringify(small.live.answer)).toContain('maxMegabytes');
  });

  it('narrows by a selector', async () => {
    folder.write('1.json', { one: flag('on') });
    folder.write('2.json', { two: flag('on') });
    const running = await started('1.json', '2.json');
    const all = watched({ source: [running.sync] });
    await all.until('both are there', () => all.live.snapshot?.flags.length === 2);
    const by = (selector: string): string => `${running.sync}?selector=${encodeURIComponent(selector)}`;
    const source = folder.file('1.json');
    const [understood, other] = isOldFlagd(running) ? [source, `source=${source}`] : [`source=${source}`, source];
    const of = watched({ source: [by(understood)] });
    await of.until('one is there', () => of.live.snapshot?.flags.length === 1);
    expect(serves(of, 'one')).toBe('on');
    const misunderstood = watched({ source: [by(other)] });
    await misunderstood.until('it says so', () => misunderstood.live.answer.state === 'unreachable');
    expect(JSON.stringify(misunderstood.live.answer)).toContain('does not know the selector');
  });

  it('serves the YAML that we show, and what we make of it', { timeout: 40_000 }, async () => {
    const path = folder.file('f.yaml');
    writeFileSync(path, yamlText);
    const running = await started('f.yaml');
    const served = watched({ source: [running.sync] });
    const own = flagdAt(folder.path, { source: ['f.yaml'] });
    open.push(own);
    const shares = async (of: { snapshot: typeof own.snapshot }): Promise<unknown> =>
      (await of.snapshot(never)).flags.map(({ ref, states }) => [ref.key, states[0]?.effective.shares]);
    const expected = [
      ['kept', { on: 1, off: 0 }],
      ['split', { on: 0.25, off: 0.75 }],
    ];
    expect(await shares(own)).toEqual(expected);
    await served.until('it is served', () => served.flag('split') !== undefined);
    expect(served.live.snapshot?.flags.map(({ ref, states }) => [ref.key, states[0]?.effective.shares])).toEqual(
      expected,
    );
    const seen = (await own.snapshot(never)).flags[1]!.states[0]!;
    const plan = await own.plan(refOf('split'), qa, { kind: 'percentage', variant: 'on', share: 0.5 }, seen, never);
    expect(await own.apply(plan, 'change', never)).toMatchObject({ kind: 'applied' });
    expect(readFileSync(path, 'utf8')).toBe(yamlText.replace('25]', '50]').replace('75]', '50]'));
    await served.until('it follows', () => served.flag('split')?.states[0]?.effective.shares?.on === 0.5);
  });

  it('says what the server has against it', async () => {
    folder.write('f.json', { a: flag('on') });
    const { ofrep } = await started('f.json');
    // The port of another of its services, as it is easily mistaken.
    const of = watched({ source: [ofrep.replace('http:', 'grpc:')] });
    await of.until('it is refused', () => of.live.answer.state === 'unreachable');
    expect(JSON.stringify(of.live.answer)).toMatch(/broke off|cannot be reached|no gRPC/);
  });

  it('lets go of the stream while nobody looks', async () => {
    folder.write('f.json', { a: flag('off') });
    const { sync } = await started('f.json');
    const of = watched({ source: [sync] });
    await of.live.refresh();
    of.live.setPaused(true);
    folder.write('f.json', { a: flag('on') });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(serves(of, 'a')).toBe('off');
    of.live.setPaused(false);
    await of.until('it looks again', () => serves(of, 'a') === 'on');
  });
});

it('definitions over HTTP are asked again with their ETag, and kept while the server is down', async () => {
  const folder = new Folder();
  const asked: (string | undefined)[] = [];
  let state = { status: 200, etag: '"1"', body: JSON.stringify({ flags: { a: flag('off') } }) };
  const server = createServer((request, response) => {
    asked.push(request.headers['if-none-match']);
    const known = state.status === 200 && request.headers['if-none-match'] === state.etag;
    response.writeHead(known ? 304 : state.status, { etag: state.etag });
    response.end(known ? undefined : state.body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const made = flagdAt(folder.path, { source: [`http://127.0.0.1:${String(port)}/flags.json?team=shop`] });
  const late = (): Promise<void> => new Promise((done) => setTimeout(done, 2_100));
  try {
    const first = await made.snapshot(never);
    expect(first.flags[0]?.states[0]?.defaultRule).toEqual({ kind: 'variant', variant: 'off' });
    expect(made.describe(qa).push).toBe(false);
    await late();
    const second = await made.snapshot(never);
    expect(second.flags).toBe(first.flags);
    state = { status: 200, etag: '"2"', body: JSON.stringify({ flags: { a: flag('on') } }) };
    await late();
    expect((await made.snapshot(never)).flags[0]?.states[0]?.defaultRule).toMatchObject({ variant: 'on' });
    state = { status: 503, etag: '', body: 'busy' };
    await late();
    await expect(made.snapshot(never)).rejects.toThrow('503');
    expect(asked).toEqual([undefined, '"1"', '"1"', '"2"']);
  } finally {
    made.dispose();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    folder.remove();
  }
});
