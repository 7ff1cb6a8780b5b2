import { environmentsOf } from '../../src/flags/environments';
import { FliptServerSystem } from '../../src/flags/flipt/serverSystem';
import type { Intent, Plan } from '../../src/model/change';
import type { FlagSnapshot, FlagState } from '../../src/model/flag';
import type { Clock } from '../../src/platform/clock';
import type { Http } from '../../src/platform/http';
import { memoryPaths } from '../../src/platform/memory/paths';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { nodeHash } from '../../src/platform/node/hash';
import { systemClock } from '../../src/platform/node/clock';
import { flagDeps } from '../unit/flags/flagDeps';

export const { signal } = new AbortController();
export const ref = (key: string) => ({ system: 'flipt', project: 'shop', key });
export const at = (name = 'production') => ({ system: 'flipt', project: 'shop', name });

interface SystemOf {
  readonly token?: string;
  readonly names?: readonly string[];
  readonly clock?: Clock;
  readonly http?: Http;
}

/** Sightglass on a Flipt at this address. */
export function systemAt(url: string, of: SystemOf = {}): FliptServerSystem {
  const { names = ['staging', 'production'] } = of;
  const { deps } = flagDeps();
  const config = {
    name: 'shop',
    folders: ['.'],
    environments: names.map((name) => ({ name, kind: 'live' as const, source: [], write: 'rename' as const })),
  };
  const environments = environmentsOf('flipt', config, '/w', { protected: [], unprotected: [] }, memoryPaths);
  return new FliptServerSystem(
    { system: 'flipt', project: config, url, environments, folder: '/w', folders: ['/w'] },
    {
      ...deps,
      clock: of.clock ?? systemClock,
      hash: nodeHash,
      remotes: memoryRemotes(of.http ?? loopbackHttp, of.token),
    },
  );
}

export async function flagOf(system: FliptServerSystem, key: string): Promise<FlagSnapshot> {
  const flag = await system.detail(ref(key), signal);
  if (!flag) throw new Error(`no flag ${key}`);
  return flag;
}

export async function stateOf(system: FliptServerSystem, key: string, name = 'production'): Promise<FlagState> {
  const state = (await flagOf(system, key)).states.find(({ environment }) => environment.name === name);
  if (!state) throw new Error(`no state of ${key} in ${name}`);
  return state;
}

export async function planned(
  system: FliptServerSystem,
  key: string,
  intent: Intent,
  name = 'production',
): Promise<Plan> {
  return system.plan(ref(key), at(name), intent, await stateOf(system, key, name), signal);
}

/** HTTP that waits a moment only while nothing is to be heard. */
export const impatientHttp = (isMute: () => boolean): Http => ({
  request: (request) => loopbackHttp.request({ ...request, timeoutMs: isMute() ? 300 : 10_000 }),
});
