import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PatchError, patched, type PatchOperation } from './jsonPatch';
import { LaunchDarklySpec } from './launchDarklySpec';

export const writerToken = 'api-11111111-writer-secret';
export const readerToken = 'api-22222222-reader-secret';
/** What list endpoints of environments give away, and nothing may keep. */
export const plantedKeys = ['sdk-planted-0000-secret', 'mob-planted-0000-secret'];

type Json = Record<string, unknown>;
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
export interface FakeFlag extends Json {
  key: string;
  _version: number;
  tags: string[];
  archived: boolean;
  variations: Json[];
  environments: Record<string, FakeConfig>;
}
export interface FakeConfig extends Json {
  on: boolean;
  version: number;
  rules: Json[];
  targets: { values: string[]; variation: number; contextKind?: string }[];
  contextTargets: { values: string[]; variation: number; contextKind?: string }[];
  fallthrough: Json;
  offVariation?: number;
  prerequisites: Json[];
}
export interface FakeEnvironment extends Json {
  key: string;
  requireComments: boolean;
  approvalSettings: Json & { required: boolean };
}

const says = (status: number, code: string, message: string): Answer => ({
  status,
  json: { code, message, id: randomUUID() },
});

/**
 * A LaunchDarkly with state, made from its OpenAPI: projects, environments, flags, JSON patches with their `test`, dry
 * runs, approvals, the audit log, pages, limits. Every request is held against the specification, and every answer.
 */
export class FakeLaunchDarkly {
  readonly project = 'shop';
  readonly environments: FakeEnvironment[] = [];
  readonly flags = new Map<string, FakeFlag>();
  readonly approvals: (Json & { _id: string; key: string; environment: string })[] = [];
  readonly schedules: Json[] = [];
  readonly audit: Json[] = [];
  /** What every write left, oldest first, by flag and environment: LaunchDarkly's log has no states. */
  readonly written = new Map<string, FakeConfig[]>();
  readonly heard: Heard[] = [];
  /** What did not fit the specification. */
  readonly problems: string[] = [];
  readonly spec: LaunchDarklySpec;
  /** Recorded answers are known not to fit everywhere. */
  checksAnswers = true;
  etags = false;
  notModified = 0;
  headers: Record<string, string> = {};
  fault: ((heard: Heard) => Fault) | null = null;
  url = '';
  #server: Server | null = null;

  constructor(specFolder: string) {
    this.spec = LaunchDarklySpec.at(specFolder);
    for (const name of ['test', 'production']) this.environments.push(environment(name));
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

  environment(key: string): FakeEnvironment {
    const found = this.environments.find((each) => each.key === key);
    if (!found) throw new Error(`no environment ${key}`);
    return found;
  }

  /** A boolean flag, or one with these variations, with this configuration in production. */
  flag(key: string, config: Json = {}, more: Json = {}): FakeFlag {
    const environments: Record<string, FakeConfig> = {};
    for (const { key: name } of this.environments)
      environments[name] = { ...configuration(name, key), ...(name === 'production' ? config : {}) };
    const flag: FakeFlag = {
      key,
      name: key,
      kind: 'boolean',
      _version: 1,
      creationDate: 1_700_000_000_000,
      variations: [
        { _id: `${key}-t`, value: true, name: 'on' },
        { _id: `${key}-f`, value: false, name: 'off' },
      ],
      temporary: true,
      tags: [],
      _links: { self: { href: `/api/v2/flags/shop/${key}`, type: 'application/json' } },
      experiments: { baselineIdx: 0, items: [] },
      customProperties: {},
      archived: false,
      deprecated: false,
      defaults: { onVariation: 0, offVariation: 1 },
      clientSideAvailability: { usingEnvironmentId: false, usingMobileKey: true },
      environments,
      ...more,
    };
    this.flags.set(key, flag);
    return flag;
  }

  config(key: string, name = 'production'): FakeConfig {
    const config = this.flags.get(key)?.environments[name];
    if (!config) throw new Error(`no ${key} in ${name}`);
    return config;
  }

  /** Somebody else's change, as the web page makes it. */
  change(key: string, change: (config: FakeConfig) => void, name = 'production', who = 'Ana Ruiz'): void {
    const config = this.config(key, name);
    change(config);
    this.#bump(key, name, who, '', `changed ${key}`);
  }

  asked(method: string, part: string): Heard[] {
    return this.heard.filter((heard) => heard.method === method && heard.path.includes(part));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', this.url);
    const body = text === '' ? undefined : (JSON.parse(text) as Json);
    const method = request.method ?? '';
    const { template, problems } = this.spec.request({ method, url, headers: request.headers, body });
    this.problems.push(...problems);
    const heard: Heard = { method, path: decodeURIComponent(url.pathname), query: url.searchParams, body };
    this.heard.push(heard);
    const fault = this.fault?.(heard) ?? null;
    if (fault === 'silence') return;
    const answer =
      typeof fault === 'object' && fault !== null
        ? fault
        : this.#route(heard, template ?? '', url.pathname.split('/').slice(3).map(decodeURIComponent), request.headers);
    if (fault === 'doneThenSilence') return;
    const said = answer.text ?? JSON.stringify(answer.json ?? {});
    if (this.checksAnswers && fault === null && template !== null) {
      const wrong = this.spec.answer(method, template, answer.status ?? 200, answer.json);
      if (wrong !== null) this.problems.push(`answer to ${method} ${url.pathname}: ${wrong}`);
    }
    const etag = `"${said.length}-${createHash('sha256').update(said).digest('hex')}"`;
    if (this.etags && method === 'GET' && request.headers['if-none-match'] === etag) {
      this.notModified += 1;
      response.writeHead(304, { etag }).end();
      return;
    }
    response.writeHead(answer.status ?? 200, {
      'content-type': answer.text === undefined ? 'application/json' : 'text/html',
      ...(this.etags && { etag }),
      ...this.headers,
      ...answer.headers,
      ...(fault === 'cut' && { 'content-length': String(said.length) }),
    });
    if (fault === 'cut') {
      response.write(said.slice(0, said.length / 2));
      setTimeout(() => response.destroy(), 20);
    } else response.end(said);
  }

  #route(heard: Heard, template: string, parts: readonly string[], headers: IncomingMessage['headers']): Answer {
    const token = headers.authorization;
    if (token !== writerToken && token !== readerToken) return says(401, 'unauthorized', 'Invalid access token');
    const reader = token === readerToken;
    const { method, query, body = {} } = heard;
    const [, a = '', b = '', c = '', d = '', e = ''] = parts;
    if (template.includes('{projectKey}') && a !== this.project) return says(404, 'not_found', 'Unknown project key');
    switch (`${method} ${template.slice('/api/v2'.length)}`) {
      case 'GET /caller-identity':
        return {
          json: {
            accountId: 'a',
            authKind: 'token',
            tokenKind: 'auth',
            tokenName: reader ? 'looker' : 'ours',
            scopes: [],
          },
        };
      case 'GET /projects':
        return {
          json: {
            _links: {},
            items: [{ _links: {}, _id: 'p', key: 'shop', name: 'Shop', includeInSnippetByDefault: false, tags: [] }],
          },
        };
      case 'GET /projects/{projectKey}/environments': {
        const [from, size] = window(query);
        return { json: { items: this.environments.slice(from, from + size), totalCount: this.environments.length } };
      }
      case 'GET /flags/{projectKey}':
        return this.#list(query);
      case 'POST /flags/{projectKey}':
        return this.#create(body, reader);
      case 'GET /flags/{projectKey}/{featureFlagKey}': {
        const flag = this.flags.get(b);
        return flag ? { json: shown(flag, query.getAll('env'), true) } : says(404, 'not_found', 'Unknown flag key');
      }
      case 'PATCH /flags/{projectKey}/{featureFlagKey}':
        return this.#patch(b, query, body, reader);
      case 'GET /auditlog':
        return this.#log(query);
      case 'GET /projects/{projectKey}/flags/{featureFlagKey}/environments/{environmentKey}/scheduled-changes':
        return { json: { items: this.schedules, _links: {} } };
      case 'GET /projects/{projectKey}/flags/{featureFlagKey}/environments/{environmentKey}/approval-requests':
        return {
          json: { items: this.approvals.filter(({ key, environment: name }) => key === c && name === e), _links: {} },
        };
      case 'POST /projects/{projectKey}/flags/{featureFlagKey}/environments/{environmentKey}/approval-requests':
        if (reader) return says(403, 'forbidden', 'Access to the requested resource was denied');
        return { status: 201, json: this.#request(c, e, body) };
      default:
        return says(404, 'not_found', `${method} ${template} ${d}`);
    }
  }

  #list(query: URLSearchParams): Answer {
    const [from, size] = window(query);
    const archived = (query.get('filter') ?? '').includes('state:archived');
    const all = [...this.flags.values()].filter((flag) => flag.archived === archived);
    const items = all.sort((a, b) => (a.key < b.key ? -1 : 1)).slice(from, from + size);
    const full = query.get('summary') === '0' || query.get('summary') === 'false';
    return {
      json: { items: items.map((flag) => shown(flag, query.getAll('env'), full)), totalCount: all.length, _links: {} },
    };
  }

  #create(body: Json, reader: boolean): Answer {
    const key = String(body.key);
    if (reader) return says(403, 'forbidden', 'Access to the requested resource was denied');
    if (this.flags.has(key)) return says(409, 'conflict', 'The key is taken');
    const variations = (body.variations as Json[]).map((each, at) => ({ ...each, _id: `${key}-${String(at)}` }));
    const flag = this.flag(key, {}, { variations });
    for (const config of Object.values(flag.environments)) config.on = body.isFlagOn === true;
    return { status: 201, json: flag };
  }

  #patch(key: string, query: URLSearchParams, body: Json, reader: boolean): Answer {
    const flag = this.flags.get(key);
    if (!flag) return says(404, 'not_found', 'Unknown flag key');
    if (reader) return says(403, 'forbidden', 'Access to the requested resource was denied');
    const operations = body.patch as PatchOperation[];
    const names = new Set(
      operations
        .filter(({ op }) => op !== 'test')
        .flatMap(({ path }) => /^\/environments\/([^/]+)/.exec(path)?.[1] ?? []),
    );
    let after: FakeFlag;
    try {
      after = patched(flag, operations);
    } catch (error) {
      if (error instanceof PatchError && error.kind === 'test')
        return says(409, 'optimistic_locking_error', 'Conflict. Optimistic lock error. Try again later.');
      return says(400, 'invalid_request', String(error));
    }
    for (const name of names) {
      const { approvalSettings, requireComments } = this.environment(name);
      if (approvalSettings.required) return says(405, 'method_not_allowed', 'Approvals are required');
      if (requireComments && !body.comment) return says(400, 'invalid_request', 'A comment is required');
      const wrong = invalid(after.environments[name], flag.variations.length);
      if (wrong !== null) return says(400, 'invalid_request', wrong);
    }
    if (query.get('dryRun') === 'true') return { json: after };
    this.flags.set(key, after);
    for (const name of names)
      this.#bump(key, name, 'Me', typeof body.comment === 'string' ? body.comment : '', `patched ${key}`);
    if (names.size === 0) after._version += 1;
    return { json: after };
  }

  #bump(key: string, name: string, who: string, comment: string, words: string): void {
    const config = this.config(key, name);
    const flag = this.flags.get(key);
    config.version += 1;
    config.lastModified = Date.now();
    if (flag) flag._version += 1;
    const place = `${key} ${name}`;
    this.written.set(place, [...(this.written.get(place) ?? []), structuredClone(config)]);
    const [firstName = '', lastName = ''] = who.split(' ');
    this.audit.unshift({
      _links: {},
      _id: randomUUID(),
      _accountId: 'a',
      date: Date.now(),
      accesses: [],
      kind: 'flag',
      name: key,
      description: '',
      shortDescription: words,
      comment,
      member: { _links: {}, _id: 'm', email: 'x@example.com', firstName, lastName },
      target: { _links: {}, name: key, resources: [`proj/shop:env/${name}:flag/${key}`] },
    });
  }

  #log(query: URLSearchParams): Answer {
    const [, name = '', key = ''] = /^proj\/shop:env\/([^:]+):flag\/(.+)$/.exec(query.get('spec') ?? '') ?? [];
    const fits = ({ target }: Json): boolean => {
      const [resource = ''] = (target as { resources: string[] }).resources;
      return (name === '*' || resource.includes(`:env/${name}:`)) && (key === '*' || resource.endsWith(`:flag/${key}`));
    };
    return { json: { items: this.audit.filter(fits).slice(0, Number(query.get('limit') ?? 10)), _links: {} } };
  }

  #request(key: string, name: string, body: Json): Json {
    const made = {
      _id: randomUUID(),
      _version: 1,
      creationDate: Date.now(),
      serviceKind: 'launchdarkly',
      reviewStatus: 'pending',
      allReviews: [],
      notifyMemberIds: [],
      status: 'pending',
      conflicts: [],
      description: body.description,
      instructions: (body.instructions as Json[]).map((each) => ({ ...each, _id: randomUUID() })),
      _links: { site: { href: `/default/${name}/features/${key}/approvals/1`, type: 'text/html' } },
      key,
      environment: name,
    };
    this.approvals.push(made);
    return made;
  }
}

const window = (query: URLSearchParams): [number, number] => [
  Number(query.get('offset') ?? 0),
  Math.min(100, Number(query.get('limit') ?? 20)),
];

/** Without `summary=0` lists count; without `env` there are no environments in them. */
function shown(flag: FakeFlag, names: readonly string[], full: boolean): Json {
  const { environments, ...rest } = flag;
  if (names.length === 0) return { ...rest };
  const chosen = Object.entries(environments).filter(([name]) => names.includes(name));
  const lists = new Set(['rules', 'targets', 'contextTargets', 'fallthrough', 'offVariation', 'prerequisites']);
  const short = (config: FakeConfig): Json =>
    Object.fromEntries(Object.entries(config).filter(([name]) => !lists.has(name)));
  return { ...rest, environments: Object.fromEntries(chosen.map(([name, each]) => [name, full ? each : short(each)])) };
}

function invalid(config: FakeConfig | undefined, variations: number): string | null {
  const { variation, rollout } = (config?.fallthrough ?? {}) as {
    variation?: number;
    rollout?: { variations: { variation: number; weight: number }[] };
  };
  const sum = rollout?.variations.reduce((total, { weight }) => total + weight, 0);
  if (sum !== undefined && sum !== 100_000) return `weights must sum to 100000, not ${String(sum)}`;
  if ((variation ?? 0) >= variations) return 'unknown variation';
  const seen = new Set<string>();
  for (const { values, contextKind = 'user' } of [...(config?.targets ?? []), ...(config?.contextTargets ?? [])])
    for (const value of values) {
      if (seen.has(`${contextKind} ${value}`)) return `${value} is targeted twice`;
      seen.add(`${contextKind} ${value}`);
    }
  return null;
}

function environment(key: string): FakeEnvironment {
  return {
    _links: {},
    _id: `e-${key}`,
    key,
    name: key,
    apiKey: plantedKeys[0],
    mobileKey: plantedKeys[1],
    color: '417505',
    defaultTtl: 0,
    secureMode: false,
    defaultTrackEvents: false,
    requireComments: false,
    confirmChanges: false,
    tags: [],
    critical: key === 'production',
    approvalSettings: {
      required: false,
      bypassApprovalsForPendingChanges: false,
      minNumApprovals: 1,
      canReviewOwnRequest: false,
      canApplyDeclinedChanges: true,
      serviceKind: 'launchdarkly',
      serviceConfig: {},
      requiredApprovalTags: [],
    },
  };
}

function configuration(name: string, key: string): FakeConfig {
  return {
    on: true,
    archived: false,
    salt: 's',
    sel: 's',
    lastModified: 1_700_000_000_500,
    version: 1,
    targets: [],
    contextTargets: [],
    rules: [],
    fallthrough: { variation: 1 },
    offVariation: 1,
    prerequisites: [],
    _site: { href: `/default/${name}/features/${key}`, type: 'text/html' },
    _environmentName: name,
    trackEvents: false,
    trackEventsFallthrough: false,
  };
}
