import { environmentsOf } from '../../../src/flags/environments';
import { UnleashSystem } from '../../../src/flags/unleash/system';
import type { Intent, Plan } from '../../../src/model/change';
import type { Http, HttpRequest, HttpResponse } from '../../../src/platform/http';
import { memoryRemotes } from '../../../src/platform/memory/remotes';
import { flagDeps, type FlagWorld } from './flagDeps';

type Answer = {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Record<string, string>;
};

/** Answers as Unleash does, out of a table that tests change. */
export class FakeUnleash implements Http {
  readonly asked: string[] = [];
  readonly bodies: unknown[] = [];
  readonly answers = new Map<string, Answer | (() => Answer)>();

  request(request: HttpRequest): Promise<HttpResponse> {
    const { pathname } = new URL(request.url);
    const name = `${request.method} ${pathname}`;
    this.asked.push(name);
    if (request.body) this.bodies.push(JSON.parse(new TextDecoder().decode(request.body)));
    const found = this.answers.get(name);
    const answer =
      typeof found === 'function'
        ? found()
        : (found ?? { status: 404, json: { name: 'NotFoundError', message: 'nothing here' } });
    const body = answer.text ?? (answer.json === undefined ? '' : JSON.stringify(answer.json));
    return Promise.resolve({
      status: answer.status ?? 200,
      headers: answer.headers ?? {},
      body: new TextEncoder().encode(body),
    });
  }
}

export const flexible = (rollout: string, more: object = {}) => ({
  id: 's1',
  name: 'flexibleRollout',
  title: null,
  disabled: false,
  parameters: { rollout, stickiness: 'default', groupId: 'f' },
  constraints: [],
  variants: [],
  segments: [],
  sortOrder: 0,
  ...more,
});
export const detail = (name: string, strategies: readonly unknown[], enabled = true, more: object = {}) => ({
  name,
  type: 'release',
  description: null,
  stale: false,
  archived: false,
  impressionData: false,
  environments: [{ name: 'production', type: 'production', enabled, strategies, variants: [] }],
  ...more,
});
export const summary = (name: string, enabled = true, hasStrategies = true) => ({
  name,
  type: 'release',
  description: null,
  stale: false,
  environments: [{ name: 'production', enabled, hasStrategies }],
});
export const PROJECT = '/api/admin/projects/shop';
export const PLACE = `${PROJECT}/features/f/environments/production`;

/** One flag a name, 25 % of everyone in production, behind an admin's token. */
export function fake(names: readonly string[] = ['f']): {
  readonly http: FakeUnleash;
  /** Changes an answer to GET. */
  readonly set: (path: string, json: unknown) => void;
  readonly system: UnleashSystem;
  readonly world: FlagWorld;
} {
  const http = new FakeUnleash();
  const set = (path: string, json: unknown): void => void http.answers.set(`GET ${path}`, { json });
  set(`${PROJECT}/features`, { version: 2, features: names.map((name) => summary(name)) });
  for (const name of names) set(`${PROJECT}/features/${name}`, detail(name, [flexible('25')]));
  set('/api/admin/environments/project/shop', {
    environments: [{ name: 'production', type: 'production', visible: true }],
  });
  set('/api/admin/segments', { segments: [] });
  set('/api/admin/user', { user: { id: 7 }, permissions: [{ permission: 'ADMIN' }] });
  set('/api/admin/search/events', { events: [] });
  set('/api/admin/search/features', { features: [], total: 0 });
  const world = flagDeps();
  const config = {
    name: 'shop',
    folders: ['.'],
    environments: [{ name: 'production', kind: 'live' as const, source: [], write: 'rename' as const }],
  };
  const environments = environmentsOf('flags', config, '/w', world.protection, world.deps.paths);
  const url = 'https://unleash.test/base/';
  const base: Http = {
    request: (request) => {
      if (!request.url.startsWith('https://unleash.test/base/api/')) throw new Error(`asked ${request.url}`);
      return http.request({ ...request, url: request.url.replace('/base/', '/') });
    },
  };
  const deps = { ...world.deps, remotes: memoryRemotes(base, 'user:secret') };
  const system = new UnleashSystem(
    { system: 'flags', project: config, url, environments, folder: '/w', folders: ['/w'] },
    deps,
  );
  return { http, set, system, world };
}

export const { signal } = new AbortController();
export const ref = (key = 'f') => ({ system: 'flags', project: 'shop', key });
export const production = { system: 'flags', project: 'shop', name: 'production' };

export async function planned(system: UnleashSystem, intent: Intent): Promise<Plan> {
  const flag = await system.detail(ref(), signal);
  const state = flag?.states[0];
  if (!state) throw new Error('no state');
  return system.plan(ref(), production, intent, state, signal);
}
