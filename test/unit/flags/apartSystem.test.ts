import { expect, it, vi } from 'vitest';
import { ApartSystem } from '../../../src/flags/apartSystem';
import { environmentsOf } from '../../../src/flags/environments';
import { PlanError, type FlagSystem } from '../../../src/flags/system';
import type { Plan } from '../../../src/model/change';
import type { ProjectSnapshot } from '../../../src/model/flag';
import { Emitter } from '../../../src/platform/emitter';
import { HttpError } from '../../../src/platform/http';
import { flagDeps } from './flagDeps';

const { signal } = new AbortController();
const production = { system: 'ld', project: 'shop', name: 'production' };

function world(fails = 0) {
  const { deps } = flagDeps();
  const changed = new Emitter<void>(() => undefined);
  const inner = {
    snapshot: vi.fn(() => Promise.resolve({ version: '7' } as ProjectSnapshot)),
    describe: () => ({ write: true }),
    environments: () => [],
    page: () => 'https://x.example/f',
    owns: () => false,
    setPaused: vi.fn(),
    want: vi.fn(),
    watch: changed.event,
    apply: vi.fn(() => Promise.resolve({ kind: 'applied', version: '1' })),
    dispose: vi.fn(),
  };
  let left = fails;
  const load = vi.fn(() => {
    left -= 1;
    return left >= 0 ? Promise.reject(new Error('no bundle')) : Promise.resolve(() => inner as unknown as FlagSystem);
  });
  const config = {
    name: 'shop',
    folders: ['.'],
    environments: [{ name: 'production', kind: 'live' as const, source: [], write: 'rename' as const }],
  };
  const environments = environmentsOf('ld', config, '/w', { protected: [], unprotected: [] }, deps.paths);
  const options = { system: 'ld', project: config, environments, folder: '/w', folders: ['/w'] };
  return { system: new ApartSystem('launchdarkly', options, deps, load), inner, load, changed };
}

it('is not loaded until something is asked, and can nothing until then', async () => {
  const { system, load, inner } = world();
  expect(system.describe(production).write).toBe(false);
  expect(system.environments().map(({ ref }) => ref.name)).toEqual(['production']);
  expect(system.page('f')).toBeNull();
  const plan = { ref: { system: 'ld', project: 'shop', key: 'f' } } as Plan;
  expect(system.owns(plan)).toBe(true);
  expect(system.owns({ ref: { ...plan.ref, project: 'other' } } as Plan)).toBe(false);
  system.setPaused(true);
  expect(load).not.toHaveBeenCalled();
  await Promise.all([system.snapshot(signal), system.snapshot(signal)]);
  expect(load).toHaveBeenCalledTimes(1);
  expect(inner.snapshot).toHaveBeenCalledTimes(2);
  expect(inner.setPaused).toHaveBeenCalledWith(true);
  expect(system.describe(production).write).toBe(true);
  expect(system.page('f')).toBe('https://x.example/f');
  expect(system.owns(plan)).toBe(false);
});

it('tells its watchers of what the loaded system tells, and hands the comment on', async () => {
  const { system, changed, inner } = world();
  const heard = vi.fn();
  system.watch(heard);
  await system.snapshot(signal);
  changed.fire();
  expect(heard).toHaveBeenCalledTimes(1);
  await system.apply({} as Plan, 'c', signal, 'because');
  expect(inner.apply).toHaveBeenCalledWith({}, 'c', signal, 'because');
  system.dispose();
  expect(inner.dispose).toHaveBeenCalledTimes(1);
});

it('tries again to load what could not be loaded, and lets go of what came too late', async () => {
  const { system, load } = world(1);
  await expect(system.snapshot(signal)).rejects.toThrow('no bundle');
  expect((await system.snapshot(signal)).version).toBe('7');
  expect(load).toHaveBeenCalledTimes(2);
  const late = world();
  const asked = late.system.snapshot(signal);
  late.system.dispose();
  await expect(asked).rejects.toThrow('disposed');
  expect(late.inner.dispose).toHaveBeenCalledTimes(1);
});

it('knows errors of another bundle by name, with their reasons', () => {
  const foreign = (name: string, reason: string): Error => Object.assign(new Error('words'), { name, reason });
  expect(PlanError.is(foreign('PlanError', 'changedSince'), 'changedSince')).toBe(true);
  expect(PlanError.is(foreign('PlanError', 'unsupported'), 'changedSince')).toBe(false);
  expect(HttpError.is(foreign('HttpError', 'timeout'), 'timeout')).toBe(true);
  expect(foreign('HttpError', 'timeout')).toBeInstanceOf(HttpError);
  expect(foreign('Error', 'timeout')).not.toBeInstanceOf(HttpError);
  expect(PlanError.is({ name: 'PlanError', reason: 'changedSince' })).toBe(false);
});

it('says before it is loaded that it evaluates for single contexts, where it does', async () => {
  const { system, inner } = world();
  expect(system.evaluateAs).toBeUndefined();
  const answer = { variant: 'on' };
  const asked = vi.fn(() => Promise.resolve(answer));
  const deps = flagDeps().deps;
  const options = { ...{ system: 'u', project: { name: 'shop', folders: ['.'], environments: [] }, environments: [] } };
  const able = new ApartSystem(
    'unleash',
    { ...options, folder: '/w', folders: ['/w'] },
    deps,
    () => Promise.resolve(() => ({ ...inner, evaluateAs: asked }) as unknown as FlagSystem),
    { evaluateAs: true },
  );
  const ref = { system: 'u', project: 'shop', key: 'k' };
  const signal = new AbortController().signal;
  expect(await able.evaluateAs?.(ref, production, { userId: '7' }, signal)).toBe(answer);
  expect(asked).toHaveBeenCalledWith(ref, production, { userId: '7' }, signal);
});

it('is made again after its making failed', async () => {
  const { inner } = world();
  let fails = 1;
  const system = new ApartSystem(
    'unleash',
    {
      system: 'u',
      project: { name: 'shop', folders: ['.'], environments: [] },
      environments: [],
      folder: '/w',
      folders: ['/w'],
    },
    flagDeps().deps,
    () =>
      Promise.resolve(() => {
        if (fails-- > 0) throw new Error('not made');
        return inner as unknown as FlagSystem;
      }),
  );
  const signal = new AbortController().signal;
  await expect(system.snapshot(signal)).rejects.toThrow('not made');
  expect(await system.snapshot(signal)).toEqual({ version: '7' });
});

it('is told once it is there what was looked at before', async () => {
  const { system, inner } = world();
  for (const key of ['a', 'b', 'a']) system.want(key);
  await system.snapshot(signal);
  expect(inner.want.mock.calls).toEqual([['a'], ['b']]);
  system.want('c');
  expect(inner.want).toHaveBeenLastCalledWith('c');
  expect(inner.want).toHaveBeenCalledTimes(3);
});
