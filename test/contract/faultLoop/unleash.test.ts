import { it } from 'vitest';
import { adminToken, startUnleash, unleashDatabases, unleashHow, unleashNeeds } from '../../servers/unleash.mjs';
import { describeServer } from '../metricBackend';
import { place, rollout, UnleashWorld } from '../unleashWorld';
import { expectTrue, loopMs, loopSeed, loopTimeout } from './expectations';
import { faultLoop } from './loop';
import type { FaultyWorld } from './world';

interface Strategy {
  readonly id: string;
  readonly parameters?: { readonly rollout?: string };
}
interface State {
  readonly enabled: boolean;
  readonly strategies: readonly Strategy[];
}
interface Event {
  readonly id: number;
  readonly type: string;
  readonly environment: string | null;
  readonly data: Partial<Strategy> | null;
}

/** What an answer left the parameters out of is shown without them, until it is read again. */
const words = ({ enabled, strategies }: State): string =>
  `${enabled ? 'on' : 'off'} ${strategies.map(({ parameters }) => parameters?.rollout ?? '').join(',')}`;

async function worldOf(server: UnleashWorld): Promise<FaultyWorld> {
  const rival = await server.person('rival', 1);
  const stateOf = async (key: string): Promise<State> => {
    const path = `/api/admin/projects/default/features/${key}?variantEnvironments=true`;
    const { environments } = (await server.api('GET', path)) as { environments: (State & { name: string })[] };
    const state = environments.find(({ name }) => name === 'production');
    if (!state) throw new Error(`${key} is not in production`);
    return state;
  };
  const eventsOf = async (key: string): Promise<Event[]> => {
    const all: Event[] = [];
    for (let offset = 0; ; offset += 500) {
      const asked = `feature=IS:${key}&limit=500&offset=${String(offset)}`;
      const { events } = (await server.api('GET', `/api/admin/search/events?${asked}`)) as { events: Event[] };
      all.push(...events.filter(({ environment }) => environment === 'production'));
      if (events.length < 500) return all.sort((a, b) => a.id - b.id);
    }
  };
  const keys = ['one', 'two', 'three'];
  const made = new Map<string, number>();
  for (const key of [...keys, 'theirs']) {
    await server.flag(key, [rollout(key, 50)]);
    made.set(key, (await eventsOf(key)).at(-1)?.id ?? 0);
  }
  return {
    type: 'unleash',
    url: server.url,
    token: adminToken,
    project: 'default',
    environment: 'production',
    keys,
    theirs: 'theirs',
    requiredFields: ['features', 'name', 'environments', 'enabled', 'strategies', 'parameters', 'events', 'id', 'type'],
    vendorError: (status) => ({ id: 'x', name: `Error${String(status)}`, message: 'It says why.', details: [] }),
    isWrite: (method, path) => method !== 'GET' && !path.includes('/playground') && !path.includes('/validate'),
    stepsOf: (native) => (JSON.parse(native) as { steps: unknown[] }).steps.length,
    shortOf: (raw) => words(JSON.parse(raw) as State),
    standing: async (key) => words(await stateOf(key)),
    written: async (key) => {
      let state = { enabled: true, rollout: '50' };
      const after = (await eventsOf(key)).filter(({ id }) => id > (made.get(key) ?? 0));
      return after.map(({ type, data }) => {
        if (type === 'feature-environment-enabled') state = { ...state, enabled: true };
        else if (type === 'feature-environment-disabled') state = { ...state, enabled: false };
        else if (type === 'feature-strategy-update') state = { ...state, rollout: data?.parameters?.rollout ?? '' };
        else return type;
        return `${state.enabled ? 'on' : 'off'} ${state.rollout}`;
      });
    },
    somebodyElse: async (turn) => {
      const [strategy] = (await stateOf('theirs')).strategies;
      const value = String((turn * 13) % 100);
      const patch = [{ op: 'replace', path: '/parameters/rollout', value }];
      await server.api('PATCH', `${place('theirs')}/strategies/${strategy?.id ?? ''}`, patch, rival);
    },
    intent: (turn, chance, short) =>
      chance < 0.25 || short.startsWith('off')
        ? { kind: 'switch', on: short.startsWith('off') }
        : { kind: 'percentage', variant: 'enabled', share: (((turn * 37) % 97) + 1) / 100 },
  };
}

// One database is enough: what differs between them has its own tests.
const database = unleashDatabases()[0] ?? 'pglite';
const needs = unleashNeeds(database);
describeServer(`Unleash behind a proxy that fails by chance`, needs === null, needs ?? '', unleashHow, () => {
  it('has every change end true, none applied twice', { timeout: loopTimeout + 240_000 }, async () => {
    const server = await startUnleash({ database, searchLimit: 1_000_000 });
    try {
      const world = await worldOf(new UnleashWorld(server.url));
      expectTrue(await faultLoop(world, loopMs, loopSeed), world.type);
    } finally {
      await server.stop();
    }
  });
});
