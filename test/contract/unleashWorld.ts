import type { Plan } from '../../src/model/change';
import type { Environment, FlagSnapshot, FlagState } from '../../src/model/flag';
import type { Intent } from '../../src/model/change';
import type { SystemDeps } from '../../src/flags/deps';
import { environmentsOf } from '../../src/flags/environments';
import { UnleashSystem } from '../../src/flags/unleash/system';
import type { Http, HttpRequest, HttpResponse } from '../../src/platform/http';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { memoryPaths } from '../../src/platform/memory/paths';
import { systemClock } from '../../src/platform/node/clock';
import { nodeHash } from '../../src/platform/node/hash';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { adminToken } from '../servers/unleash.mjs';
import { flagDeps } from '../unit/flags/flagDeps';

export interface Exchange {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
}

/** HTTP that remembers what was said, for looking at it afterwards. `hold` runs before a request goes out. */
export class Recorder implements Http {
  readonly exchanges: Exchange[] = [];
  hold: ((request: HttpRequest) => Promise<void>) | null = null;

  async request(request: HttpRequest): Promise<HttpResponse> {
    await this.hold?.(request);
    const response = await loopbackHttp.request(request);
    this.exchanges.push({ request, response });
    return response;
  }
}

/** A running Unleash as a test uses it: our system on one side, the bare API on the other. */
export class UnleashWorld {
  readonly url: string;
  readonly recorder = new Recorder();
  readonly signal = new AbortController().signal;
  readonly #systems: UnleashSystem[] = [];

  constructor(url: string) {
    this.url = url;
  }

  /** Sightglass on it, signed in with a token. */
  system(
    token = adminToken,
    names: readonly string[] = ['development', 'production'],
    project = 'default',
  ): UnleashSystem {
    const { deps } = flagDeps();
    const own: SystemDeps = {
      ...deps,
      clock: systemClock,
      hash: nodeHash,
      remotes: memoryRemotes(this.recorder, token),
    };
    const config = {
      name: project,
      folders: ['.'],
      environments: names.map((name) => ({ name, kind: 'definition' as const, source: [], write: 'rename' as const })),
    };
    const environments = environmentsOf('unleash', config, '/w', { protected: [], unprotected: [] }, memoryPaths);
    const options = { system: 'unleash', project: config, url: this.url, environments, folder: '/w', folders: ['/w'] };
    const system = new UnleashSystem(options, own);
    this.#systems.push(system);
    return system;
  }

  /** The bare API. Rejects on an error status. */
  async api(method: string, path: string, body?: unknown, token = adminToken): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: token, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return text === '' ? null : (JSON.parse(text) as unknown);
  }

  /** A flag, on or off in production, with these strategies there. */
  async flag(name: string, strategies: readonly object[] = [], on = strategies.length > 0): Promise<void> {
    await this.api('POST', '/api/admin/projects/default/features', { name, type: 'release' });
    for (const strategy of strategies) await this.api('POST', `${place(name)}/strategies`, strategy);
    if (on) await this.api('POST', `${place(name)}/on`);
  }

  /** A personal access token of a new user with this root role (1 admin, 2 editor, 3 viewer). */
  async person(username: string, rootRole: number): Promise<string> {
    const password = 'Correct-horse-1-battery';
    await this.api('POST', '/api/admin/user-admin', { username, password, rootRole, sendEmail: false });
    const login = await fetch(`${this.url}/auth/simple/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    // express-session answers with the headers and all but the last byte, stores the session, and only then ends.
    const said = await login.text();
    if (!login.ok) throw new Error(`login of ${username}: ${login.status} ${said.slice(0, 500)}`);
    const cookie = login.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    const made = await fetch(`${this.url}/api/admin/user/tokens`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ description: 'test', expiresAt: '2099-01-01T00:00:00.000Z' }),
    });
    const answer = await made.text();
    if (!made.ok) throw new Error(`token of ${username}: ${made.status} ${answer.slice(0, 500)}`);
    return (JSON.parse(answer) as { secret: string }).secret;
  }

  dispose(): void {
    for (const system of this.#systems) system.dispose();
  }
}

export const place = (flag: string, environment = 'production'): string =>
  `/api/admin/projects/default/features/${flag}/environments/${environment}`;

export const rollout = (flag: string, percent: number, more: object = {}): object => ({
  name: 'flexibleRollout',
  parameters: { rollout: String(percent), stickiness: 'default', groupId: flag },
  ...more,
});

/** Of a fixed weight: Unleash makes those of variable weight equal. */
export const variant = (name: string, weight: number, weightType = 'fix'): object => ({
  name,
  weight,
  weightType,
  stickiness: 'default',
  payload: { type: 'string', value: name.slice(0, 1) },
});

export const ref = (key: string) => ({ system: 'unleash', project: 'default', key });
export const environmentRef = (name = 'production') => ({ system: 'unleash', project: 'default', name });

export async function flagOf(system: UnleashSystem, key: string): Promise<FlagSnapshot> {
  const flag = await system.detail(ref(key), new AbortController().signal);
  if (!flag) throw new Error(`no flag ${key}`);
  return flag;
}

export async function stateOf(system: UnleashSystem, key: string, name = 'production'): Promise<FlagState> {
  const state = (await flagOf(system, key)).states.find(({ environment }) => environment.name === name);
  if (!state) throw new Error(`no state of ${key} in ${name}`);
  return state;
}

export async function planned(system: UnleashSystem, key: string, intent: Intent, name = 'production'): Promise<Plan> {
  const seen = await stateOf(system, key, name);
  return system.plan(ref(key), environmentRef(name), intent, seen, new AbortController().signal);
}

export const environmentOf = (system: UnleashSystem, name: string): Environment | undefined =>
  system.environments().find((each) => each.ref.name === name);
