import { environmentsOf } from '../../src/flags/environments';
import { LaunchDarklySystem } from '../../src/flags/launchdarkly/system';
import type { Intent, Plan } from '../../src/model/change';
import type { FlagSnapshot, FlagState } from '../../src/model/flag';
import type { Clock } from '../../src/platform/clock';
import type { Http } from '../../src/platform/http';
import { memoryPaths } from '../../src/platform/memory/paths';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { systemClock } from '../../src/platform/node/clock';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { nodeHash } from '../../src/platform/node/hash';
import { flagDeps } from '../unit/flags/flagDeps';
import { writerToken } from './fakeLaunchDarkly';

export const { signal } = new AbortController();
export const ref = (key: string) => ({ system: 'ld', project: 'shop', key });
export const environmentRef = (name = 'production') => ({ system: 'ld', project: 'shop', name });

interface SystemOf {
  readonly token?: string;
  readonly names?: readonly string[];
  readonly project?: string;
  readonly clock?: Clock;
  readonly http?: Http;
}

/** Sightglass on a LaunchDarkly at this address. */
export function systemAt(url: string, of: SystemOf = {}): LaunchDarklySystem {
  const { token = writerToken, names = ['test', 'production'], project = 'shop' } = of;
  const { deps } = flagDeps();
  const config = {
    name: project,
    folders: ['.'],
    environments: names.map((name) => ({ name, kind: 'live' as const, source: [], write: 'rename' as const })),
  };
  const environments = environmentsOf('ld', config, '/w', { protected: [], unprotected: [] }, memoryPaths);
  return new LaunchDarklySystem(
    { system: 'ld', project: config, url, environments, folder: '/w', folders: ['/w'] },
    { ...deps, clock: of.clock ?? systemClock, hash: nodeHash, remotes: memoryRemotes(of.http ?? loopbackHttp, token) },
  );
}

export async function flagOf(system: LaunchDarklySystem, key: string): Promise<FlagSnapshot> {
  const flag = await system.detail(ref(key), signal);
  if (!flag) throw new Error(`no flag ${key}`);
  return flag;
}

export async function stateOf(system: LaunchDarklySystem, key: string, name = 'production'): Promise<FlagState> {
  const state = (await flagOf(system, key)).states.find(({ environment }) => environment.name === name);
  if (!state) throw new Error(`no state of ${key} in ${name}`);
  return state;
}

export async function planned(
  system: LaunchDarklySystem,
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
