import { environmentsOf } from '../../src/flags/environments';
import { GrowthBookSystem } from '../../src/flags/growthbook/system';
import type { Intent, Plan } from '../../src/model/change';
import type { FlagState } from '../../src/model/flag';
import type { Clock } from '../../src/platform/clock';
import type { Http } from '../../src/platform/http';
import { memoryPaths } from '../../src/platform/memory/paths';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { systemClock } from '../../src/platform/node/clock';
import { nodeHash } from '../../src/platform/node/hash';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { flagDeps } from '../unit/flags/flagDeps';
import { writerToken } from './fakeGrowthBook';

export const { signal } = new AbortController();
export const ref = (key: string) => ({ system: 'gb', project: 'prj_shop', key });
export const environmentRef = (name = 'production') => ({ system: 'gb', project: 'prj_shop', name });

interface SystemOf {
  readonly token?: string;
  readonly names?: readonly string[];
  readonly project?: string;
  readonly clock?: Clock;
  readonly http?: Http;
}

/** Sightglass on a GrowthBook at this address. */
export function systemAt(url: string, of: SystemOf = {}): GrowthBookSystem {
  const { token = writerToken, names = ['dev', 'production'], project = 'prj_shop' } = of;
  const { deps } = flagDeps();
  const config = {
    name: project,
    folders: ['.'],
    environments: names.map((name) => ({ name, kind: 'live' as const, source: [], write: 'rename' as const })),
  };
  const environments = environmentsOf('gb', config, '/w', { protected: [], unprotected: [] }, memoryPaths);
  return new GrowthBookSystem(
    { system: 'gb', project: config, url, environments, folder: '/w', folders: ['/w'] },
    { ...deps, clock: of.clock ?? systemClock, hash: nodeHash, remotes: memoryRemotes(of.http ?? loopbackHttp, token) },
  );
}

export async function stateOf(system: GrowthBookSystem, key: string, name = 'production'): Promise<FlagState> {
  const flag = await system.detail(ref(key), signal);
  const state = flag?.states.find(({ environment }) => environment.name === name);
  if (!state) throw new Error(`no state of ${key} in ${name}`);
  return state;
}

export async function planned(
  system: GrowthBookSystem,
  key: string,
  intent: Intent,
  name = 'production',
): Promise<Plan> {
  const seen = await stateOf(system, key, name);
  return system.plan(ref(key), environmentRef(name), intent, seen, signal);
}

/** HTTP that waits a moment only while nothing is to be heard. */
export const impatientHttp = (isMute: () => boolean): Http => ({
  request: (request) => loopbackHttp.request({ ...request, timeoutMs: isMute() ? 300 : 10_000 }),
});
