import { afterEach, describe, expect, it } from 'vitest';
import { FlagLookups } from '../../../src/editor/flagLookups';
import { FlagStore } from '../../../src/flags/store';
import { NearKeys } from '../../../src/view/nearKeys';
import { flagDeps, type FlagWorld } from './flagDeps';

const flag = (defaultVariant: string): object => ({
  state: 'ENABLED',
  variants: { on: true, off: false },
  defaultVariant,
});
const file = (flags: Record<string, string>): string =>
  JSON.stringify({ flags: Object.fromEntries(Object.entries(flags).map(([key, variant]) => [key, flag(variant)])) });
const configuration = (...projects: object[]): string =>
  JSON.stringify({ systems: [{ id: 'flags', type: 'flagd', projects }] });
const project = (name: string, source: string[], folders = ['.']): object => ({
  name,
  folders,
  environments: [{ name: 'production', kind: 'live', source }],
});

const open: FlagStore[] = [];
afterEach(() => {
  for (const store of open.splice(0)) store.dispose();
});

/** A store over one workspace folder `/w` with these files, told of its folders. */
async function started(
  files: Record<string, string>,
  folders = ['/w'],
  found: string[] = [],
): Promise<FlagWorld & { store: FlagStore }> {
  const world = flagDeps();
  for (const [path, text] of Object.entries(files)) world.files.set(path, text);
  const store = new FlagStore(world.deps);
  open.push(store);
  await store.setFolders(folders, found);
  return Object.assign(world, { store });
}

describe('the flag store', () => {
  it('resolves a key through the nearest configuration and the deepest project folder', async () => {
    const { store } = await started({
      '/w/.sightglass.json': configuration(
        project('all', ['all.json']),
        project('api', ['api.json'], ['services/api', 'libs/*']),
      ),
      '/w/all.json': file({ shared: 'on', only: 'on' }),
      '/w/api.json': file({ shared: 'off' }),
    });
    const shared = store.resolve('shared', '/w/services/api/src/a.ts');
    expect(shared.map(({ flag: { ref } }) => ref.project)).toEqual(['api']);
    expect(store.resolve('shared', '/w/libs/x/a.ts').map(({ flag: { ref } }) => ref.project)).toEqual(['api']);
    expect(store.resolve('shared', '/w/web/a.ts').map(({ flag: { ref } }) => ref.project)).toEqual(['all']);
    expect(store.resolve('only', '/w/services/api/a.ts')).toEqual([]);
    expect(store.resolve('shared', '/elsewhere/a.ts')).toEqual([]);
    expect(store.keysFor('/w')).toEqual(['only', 'shared']);
    expect(new NearKeys(store.keysFor('/w')).nearest('shraed')).toBe('shared');
    const [found] = shared;
    expect(found?.environments).toMatchObject([
      { kind: 'live', production: true, protected: { value: true, because: 'name' } },
    ]);
    expect(store.state(found!.flag.ref, found!.environments[0]!.ref)?.effective.shares).toEqual({ on: 0, off: 1 });
    expect(store.systemFor(found!.flag.ref)?.type).toBe('flagd');
  });

  it('keeps folders apart: equal names are other flags, an inner configuration wins whole', async () => {
    const { store } = await started(
      {
        '/w/.sightglass.json': configuration(project('p', ['f.json'])),
        '/w/f.json': file({ a: 'on', outer: 'on' }),
        '/w/inner/.sightglass.json': configuration(project('p', ['f.json'])),
        '/w/inner/f.json': file({ a: 'off' }),
      },
      ['/w'],
      ['/w/inner/.sightglass.json'],
    );
    const [outer] = store.resolve('a', '/w/x.ts');
    const [inner] = store.resolve('a', '/w/inner/x.ts');
    expect(outer?.flag.ref.system).not.toBe(inner?.flag.ref.system);
    expect(store.flag(inner!.flag.ref)?.flag.states[0]?.effective.shares).toEqual({ on: 0, off: 1 });
    expect(store.resolve('outer', '/w/inner/x.ts')).toEqual([]);
    // What surfaces see from a file is what its keys resolve to.
    const lookups = new FlagLookups(store);
    const seen = (path: string | null, key: string): number => lookups.seenFrom(path).resolve(key).length;
    expect([seen('/w/x.ts', 'a'), seen('/w/inner/x.ts', 'a'), seen(null, 'a')]).toEqual([1, 1, 2]);
    expect([seen('/w/x.ts', 'outer'), seen('/w/inner/x.ts', 'outer')]).toEqual([1, 0]);
  });

  it('merges sources, the later one winning', async () => {
    const { store } = await started({
      '/w/.sightglass.json': configuration(project('p', ['base.json', 'prod.json'])),
      '/w/base.json': file({ a: 'on', b: 'on' }),
      '/w/prod.json': file({ a: 'off' }),
    });
    const locations = ['a', 'b'].map((key) => store.resolve(key, '/w/x.ts')[0]?.flag.states[0]?.location?.path);
    expect(locations).toEqual(['/w/prod.json', '/w/base.json']);
  });

  it('shows a change of the file, keeps the last good state of a broken one, and says so at its place', async () => {
    const { store, files, clock } = await started({
      '/w/.sightglass.json': configuration(project('p', ['f.json'])),
      '/w/f.json': file({ a: 'on' }),
    });
    let fired = 0;
    store.onDidChange(() => fired++);
    const shares = (): unknown => store.resolve('a', '/w/x.ts')[0]?.flag.states[0]?.effective.shares;
    files.set('/w/f.json', file({ a: 'off' }));
    await clock.advance(100);
    expect(shares()).toEqual({ on: 0, off: 1 });
    expect(fired).toBe(1);

    files.set('/w/f.json', '{ "flags": {\n "a": { "sta');
    await clock.advance(100);
    expect(shares()).toEqual({ on: 0, off: 1 });
    const [{ answer } = { answer: undefined }] = store.projects();
    expect(answer?.state).toBe('ok');
    expect(answer?.state === 'ok' && answer.value.problems).toMatchObject([
      { code: 'flagd.malformed', path: '/w/f.json', line: 2 },
    ]);

    files.set('/w/f.json', file({ a: 'on' }));
    await clock.advance(100);
    expect(shares()).toEqual({ on: 1, off: 0 });
    expect(store.projects()[0]?.answer.state === 'ok').toBe(true);
  });

  it('asks no other machine for a file: a repository does not choose whom Windows signs in to', async () => {
    const shares = ['\\\\evil\\share\\f.json', '//evil/share/f.json', 'file://evil/share/f.json', '\\\\.\\pipe\\x'];
    const looked: string[] = [];
    const world = flagDeps();
    const stat = world.files.stat.bind(world.files);
    world.files.stat = (path) => {
      looked.push(path);
      return stat(path);
    };
    world.files.set('/w/.sightglass.json', configuration(project('p', [...shares, 'f.json'])));
    world.files.set('/w/f.json', file({ a: 'on' }));
    const store = new FlagStore(world.deps);
    open.push(store);
    await store.setFolders(['/w']);
    const answer = store.projects()[0]?.answer;
    expect(answer?.state === 'ok' && answer.value.flags.map(({ ref }) => ref.key)).toEqual(['a']);
    expect(answer?.state === 'ok' && answer.value.problems.map(({ code }) => code)).toEqual(
      shares.map(() => 'flagd.source'),
    );
    expect(looked.filter((path) => /evil|pipe/.test(path))).toEqual([]);
  });

  it('is unreachable while the file is gone, with what was known', async () => {
    const { store, files, clock } = await started({
      '/w/.sightglass.json': configuration(project('p', ['f.json'])),
      '/w/f.json': file({ a: 'on' }),
    });
    await files.remove('/w/f.json');
    await clock.advance(100);
    const answer = store.projects()[0]?.answer;
    expect(answer?.state).toBe('unreachable');
    expect(answer?.state === 'unreachable' && answer.reason).toContain('/w/f.json does not exist');
    expect(store.resolve('a', '/w/x.ts')).toHaveLength(1);
    files.set('/w/f.json', file({ a: 'on' }));
    await clock.advance(100);
    expect(store.projects()[0]?.answer.state).toBe('ok');
  });

  it('grows too old while paused, and asks again when it is not', async () => {
    const { store, clock } = await started({
      '/w/.sightglass.json': configuration(project('p', ['f.json'])),
      '/w/f.json': file({ a: 'on' }),
    });
    await clock.advance(120_000);
    expect(store.projects()[0]?.answer.state).toBe('ok');
    store.setPaused(true);
    await clock.advance(120_000);
    expect(store.projects()[0]?.answer.state).toBe('tooOld');
    store.setPaused(false);
    await clock.advance(10);
    expect(store.projects()[0]?.answer.state).toBe('ok');
  });

  it('takes a configuration that appears, keeps its flags when it breaks, drops a proposal for it', async () => {
    const { store, files, clock } = await started({ '/w/f.json': file({ a: 'on' }) });
    expect(store.covers('/w/x.ts')).toBe(false);
    const environments = [{ name: 'f', kind: 'definition' as const, source: ['f.json'], write: 'rename' as const }];
    const proposal = {
      systems: [{ id: 'flags', type: 'flagd', projects: [{ name: 'w', folders: ['.'], environments }] }],
    };
    await store.useProposal('/w', {
      ...proposal,
      backends: [],
      contexts: [],
      services: {},
      finder: { exclude: [] },
      matcher: { overrides: {} },
      guardrails: {},
    });
    expect(store.resolve('a', '/w/x.ts')[0]?.environments[0]).toMatchObject({ kind: 'definition', production: false });

    files.set('/w/.sightglass.json', configuration(project('p', ['f.json'])));
    await clock.advance(100);
    await store.reload();
    expect(store.resolve('a', '/w/x.ts').map(({ flag: { ref } }) => ref.project)).toEqual(['p']);
    files.set('/w/.sightglass.json', '{ "systems": [');
    await store.reload();
    expect(store.problems()).toMatchObject([{ path: '/w/.sightglass.json', line: 1 }]);
    expect(store.resolve('a', '/w/x.ts')).toHaveLength(1);
  });

  it('protects a file that another project reads as production, and what the user has just protected', async () => {
    const named = (name: string, environment: string): object => ({
      name,
      environments: [{ name: environment, kind: 'live', source: ['flags.json'] }],
    });
    const { store, protection, ...world } = await started({
      '/w/.sightglass.json': configuration(named('shop', 'production'), named('back-door', 'qa')),
      '/w/flags.json': file({ a: 'on' }),
    });
    const isProtected = (name: string): boolean | undefined =>
      store.environmentsFor({ system: 'flags', project: name })[0]?.protected.value;
    expect(protection).toEqual({ protected: [], unprotected: [] });
    expect(isProtected('back-door')).toBe(true);
    world.files.set('/w/.sightglass.json', configuration(named('back-door', 'qa')));
    await store.reload();
    expect(isProtected('back-door')).toBe(false);
    Object.assign(protection, { protected: ['qa'] });
    await store.reload();
    expect(isProtected('back-door')).toBe(true);
  });

  it('says which type of system it does not know', async () => {
    const { store } = await started({
      '/w/.sightglass.json': configuration(project('p', ['f.json'])).replace('flagd', 'flagg'),
    });
    expect(store.problems()).toMatchObject([
      { code: 'configuration.type', message: expect.stringContaining('"flagg"') as string },
    ]);
  });
});
