import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeFeature, type FakeRevision, type FakeRule, type Json } from './fakeGrowthBookFlags';
import { GrowthBookSpec } from './growthBookSpec';

export const writerToken = 'secret_user_writer-1111';
export const readerToken = 'secret_readonly_2222';
/** May pass by approvals. */
export const adminToken = 'secret_admin_3333';
/** What comes with lists, and nothing may keep. */
export const planted = 'sk-planted-0000-secret';

export interface Answer {
  readonly status?: number;
  readonly json?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}
/** Instead of an answer: none at all, half of one, or after it was done, none. */
export type Fault = Answer | 'silence' | 'cut' | 'doneThenSilence' | null;
export interface Heard {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json | undefined;
}

const no = (status: number, message: string, more: Json = {}): Answer => ({ status, json: { message, ...more } });

/**
 * A GrowthBook with state, made from its OpenAPI: environments, features, drafts with their merges, reviews, gates, pages,
 * limits. Every request is held against the specification, and every answer.
 */
export class FakeGrowthBook {
  readonly environments = ['dev', 'production'];
  readonly features = new Map<string, FakeFeature>();
  readonly ramps: Json[] = [];
  readonly stale: Record<string, Json> = {};
  /** Environments whose changes others have to approve. */
  readonly reviewed = new Set<string>();
  gates: Json[] = [];
  readonly heard: Heard[] = [];
  /** What did not fit the specification. */
  readonly problems: string[] = [];
  readonly spec: GrowthBookSpec;
  headers: Record<string, string> = {};
  fault: ((heard: Heard) => Fault) | null = null;
  /** Somebody else, between a request and what it does. */
  before: ((heard: Heard) => void) | null = null;
  url = '';
  #server: Server | null = null;

  constructor(specFolder: string) {
    this.spec = GrowthBookSpec.at(specFolder);
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    this.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
  }

  feature(id: string, rules: readonly Partial<FakeRule>[] = [], content: Json = {}, more: Json = {}): FakeFeature {
    const whole = rules.map((rule, at): FakeRule => ({
      ...{ id: `fr_${String(at)}`, type: 'force', enabled: true, allEnvironments: false, description: '' },
      environments: ['production'],
      ...rule,
    }));
    const made = new FakeFeature(id, { rules: whole, ...content }, this.environments, more);
    this.features.set(id, made);
    return made;
  }

  /** Somebody else's change, published. */
  change(id: string, change: (draft: FakeRevision) => void, who = 'Ana Ruiz'): void {
    const feature = this.#feature(id);
    const draft = feature.draft(who, 'theirs');
    change(draft);
    feature.publish(draft, who, '', feature.merged(draft).result);
  }

  asked(method: string, part: string): Heard[] {
    return this.heard.filter((heard) => heard.method === method && heard.path.includes(part));
  }

  #feature(id: string): FakeFeature {
    const found = this.features.get(id);
    if (!found) throw new Error('Could not find a feature with that key');
    return found;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', this.url);
    const body = text === '' ? undefined : (JSON.parse(text) as Json);
    const method = request.method ?? '';
    const { template, problems } = this.spec.request(method, url, request.headers, body);
    this.problems.push(...problems);
    const heard: Heard = { method, path: decodeURIComponent(url.pathname), query: url.searchParams, body };
    this.heard.push(heard);
    this.before?.(heard);
    const fault = this.fault?.(heard) ?? null;
    if (fault === 'silence') return;
    const answer =
      typeof fault === 'object' && fault !== null ? fault : this.#routed(heard, template ?? '', request, url);
    if (fault === 'doneThenSilence') return;
    const said = answer.text ?? JSON.stringify(answer.json ?? {});
    if (fault === null && template !== null)
      this.problems.push(...this.spec.answer(method, template, answer.status ?? 200, answer.json));
    const etag = `W/"${createHash('sha256').update(said).digest('base64')}"`;
    if (method === 'GET' && request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    response.writeHead(answer.status ?? 200, {
      'content-type': answer.text === undefined ? 'application/json' : 'text/html',
      ...(fault === null && { etag }),
      ...this.headers,
      ...answer.headers,
      ...(fault === 'cut' && { 'content-length': String(said.length) }),
    });
    if (fault === 'cut') {
      response.write(said.slice(0, said.length / 2));
      setTimeout(() => response.destroy(), 20);
    } else response.end(said);
  }

  /** Whatever goes wrong is a 400. */
  #routed(heard: Heard, template: string, { headers }: IncomingMessage, url: URL): Answer {
    try {
      return this.#route(heard, template, url.pathname.split('/').slice(4).map(decodeURIComponent), headers);
    } catch (error) {
      return no(400, error instanceof Error ? error.message : String(error));
    }
  }

  #route(heard: Heard, template: string, parts: readonly string[], headers: IncomingMessage['headers']): Answer {
    const token = headers.authorization?.replace(/^Bearer /, '') ?? '';
    if (![writerToken, readerToken, adminToken].includes(token)) return no(401, 'Invalid API key');
    const { method, query, body = {} } = heard;
    const [id = '', , version = '', , rule = ''] = parts;
    if (method !== 'GET' && token === readerToken) return no(403, 'You do not have permission to perform this action');
    const me = token === adminToken ? 'Admin' : 'Me';
    switch (`${method} ${template}`) {
      case 'GET /v1/environments':
        return { json: { environments: this.environments.map((name) => environment(name)) } };
      case 'GET /v1/projects':
        return { json: page('projects', [project], query) };
      case 'GET /v2/features':
        return { json: page('features', this.#listed(query), query) };
      case 'POST /v2/features': {
        if (this.features.has(String(body.id))) return no(400, `Feature id '${String(body.id)}' already exists.`);
        const enabled = Object.entries(body.environments as Record<string, { enabled?: boolean }>);
        const environmentsEnabled = Object.fromEntries(enabled.map(([name, each]) => [name, each.enabled === true]));
        const { valueType, defaultValue } = body;
        const made = this.feature(String(body.id), [], { environmentsEnabled, defaultValue }, { valueType });
        return { json: { feature: made.shown(planted) } };
      }
      case 'GET /v2/features/{id}':
        return { json: { feature: this.#feature(id).shown(planted) } };
      case 'POST /v2/features/{id}/toggle':
        if (Object.keys(body.environments as object).length > 0) throw new Error('drafts are what is asked for here');
        return { json: { feature: this.#feature(id).shown(planted) } };
      case 'GET /v2/stale-features':
        return { json: { features: this.stale } };
      case 'GET /v1/ramp-schedules': {
        const wanted = query.get('featureId');
        const fits = this.ramps.filter(({ entityId }) => wanted === null || entityId === wanted);
        return { json: page('rampSchedules', fits, query) };
      }
      case 'GET /v2/features/{id}/revisions': {
        const feature = this.#feature(id);
        const open = ['draft', 'pending-review', 'approved', 'changes-requested'];
        const fits = feature.revisions.filter(({ status }) => !query.has('status') || open.includes(status));
        return {
          json: page(
            'revisions',
            fits.toReversed().map((each) => feature.shownRevision(each)),
            query,
          ),
        };
      }
      default:
        return this.#drafts(`${method} ${template.split('{version}')[1] ?? ''}`, id, version, rule, body, me);
    }
  }

  #drafts(what: string, id: string, version: string, ruleId: string, body: Json, me: string): Answer {
    const feature = this.#feature(id);
    const draft = version === 'new' ? feature.draft(me, said(body.revisionComment)) : feature.revision(Number(version));
    const answer = (more: Json = {}): Answer => ({ json: { revision: feature.shownRevision(draft), ...more } });
    if (draft.status === 'published' || draft.status === 'discarded')
      return no(400, `Revision is ${draft.status} and cannot be edited`);
    switch (what) {
      case 'POST /toggle': {
        const name = String(body.environment);
        if (!this.environments.includes(name)) return no(400, `Unknown environment: '${name}'`);
        draft.environmentsEnabled[name] = body.enabled === true;
        return answer();
      }
      case 'PUT /rules/{ruleId}': {
        const rule = draft.rules.find((each) => each.id === ruleId);
        if (!rule) return no(400, 'Unknown rule');
        Object.assign(rule, body.rule);
        if (rule.allEnvironments) Reflect.deleteProperty(rule, 'environments');
        return answer();
      }
      case 'POST /rules': {
        const rule = body.rule as FakeRule;
        draft.rules.push({ description: '', condition: '', hashVersion: 2, ...rule, id: `fr_${randomUUID()}` });
        return answer();
      }
      case 'DELETE /rules/{ruleId}':
        if (!draft.rules.some((each) => each.id === ruleId)) return no(400, 'Unknown rule');
        draft.rules = draft.rules.filter((each) => each.id !== ruleId);
        return answer();
      case 'PUT /archive':
        draft.archived = body.archived === true;
        return answer();
      case 'POST /request-review':
        if (draft.status !== 'draft') return no(400, 'A review is requested already');
        draft.status = 'pending-review';
        return answer();
      case 'POST /discard':
        draft.status = 'discarded';
        return answer();
      case 'POST /publish':
        return this.#publish(feature, draft, said(body.comment), me, answer);
      default:
        return no(404, what);
    }
  }

  #publish(
    feature: FakeFeature,
    draft: FakeRevision,
    comment: string,
    me: string,
    answer: (more: Json) => Answer,
  ): Answer {
    const { result, conflicts, environments } = feature.merged(draft);
    if (conflicts.length > 0)
      return no(409, 'Merge conflicts', { code: 'conflict', conflicts, details: { conflicts } });
    if (this.gates.length > 0) return no(422, 'Publishing is blocked', { gates: this.gates, warnings: [] });
    const unapproved = draft.status !== 'approved' && environments.some((name) => this.reviewed.has(name));
    if (unapproved && me !== 'Admin')
      return no(403, `This feature requires a review before publishing changes to: ${environments.join(', ')}.`);
    feature.publish(draft, me, comment, result);
    const gate = { type: 'approval-required', outcome: 'bypassed', via: 'bypassApprovalPermission' };
    return answer(unapproved ? { bypassedGates: [gate] } : {});
  }

  #listed(query: URLSearchParams): Json[] {
    const archived = query.get('archived') === 'true';
    const all = [...this.features.values()].filter(({ now }) => archived || !now.archived);
    const shown = all.map((feature) => feature.shown(planted));
    return shown.filter((each) => !query.has('projectId') || each.project === query.get('projectId'));
  }
}

const said = (value: unknown): string => (typeof value === 'string' ? value : '');

const project = {
  ...{ id: 'prj_shop', name: 'Shop', description: '', settings: { planted } },
  ...{ dateCreated: '2026-01-01T10:00:00.000Z', dateUpdated: '2026-01-01T10:00:00.000Z' },
};

const environment = (id: string): Json => ({
  ...{ id, description: '', toggleOnList: true, defaultState: true, projects: [], planted },
});

function page(name: string, all: readonly Json[], query: URLSearchParams): Json {
  const offset = Number(query.get('offset') ?? 0);
  const limit = Math.min(100, Number(query.get('limit') ?? 10));
  const items = all.slice(offset, offset + limit);
  const hasMore = offset + limit < all.length;
  const more = { limit, offset, count: items.length, total: all.length, hasMore };
  return { [name]: items, ...more, nextOffset: hasMore ? offset + limit : null };
}
