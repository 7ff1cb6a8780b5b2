import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';

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
  readonly body: Json | undefined;
  readonly token: string | undefined;
}
interface FakeNamespace {
  readonly flags: Map<string, Json>;
  readonly segments: Map<string, Json>;
}
interface FakeEnvironment {
  commits: number;
  readonly namespaces: Map<string, FakeNamespace>;
}
/** A write that was taken: what the flag was just before, and what it became. */
export interface Commit {
  readonly key: string;
  readonly before: Json | null;
  readonly after: Json | null;
}

/** As the gateway says it: gRPC's code, and words. */
const says = (status: number, code: number, message: string): Answer => ({
  status,
  json: { code, message, details: [] },
});
const notFound = (what: string): Answer => says(404, 5, `${what} not found`);

/**
 * A Flipt of version 2 with state, made from its server (internal/server/environments, internal/storage): environments,
 * namespaces, resources with the revision of their environment, the snapshot with its ETag, evaluation. Flags that are put
 * have to fit the `Flag` of the specification, evaluations the `EvaluationRequest`; so has every flag it gives.
 */
export class FakeFlipt {
  readonly environments = new Map<string, FakeEnvironment>();
  readonly heard: Heard[] = [];
  readonly commits: Commit[] = [];
  /** What did not fit the specification. */
  readonly problems: string[] = [];
  /** Without one nobody has to have one. */
  token: string | undefined;
  /** Leave out what has its default value, as other versions do. */
  terse = false;
  hasSnapshot = true;
  version: 1 | 2 = 2;
  fault: (heard: Heard) => Fault = () => null;
  url = '';
  readonly #server: Server;
  readonly #flag: ValidateFunction;
  readonly #evaluation: ValidateFunction;
  readonly #list: ValidateFunction;

  /** What becomes of a flag that is put. */
  keeps = (flag: Json): Json => flag;

  constructor(specs: string) {
    const spec = parse(readFileSync(join(specs, 'v1-openapi.yaml'), 'utf8')) as { components: object };
    const ajv = new Ajv({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'spec', components: spec.components }, 'spec');
    this.#flag = ajv.compile({ $ref: 'spec#/components/schemas/Flag' });
    this.#list = ajv.compile({ $ref: 'spec#/components/schemas/FlagList' });
    this.#evaluation = ajv.compile({ $ref: 'spec#/components/schemas/EvaluationRequest' });
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async start(): Promise<void> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    this.url = `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  namespace(environment: string, name = 'shop'): FakeNamespace {
    const of = this.environments.get(environment) ?? { commits: 1, namespaces: new Map<string, FakeNamespace>() };
    this.environments.set(environment, of);
    const namespace = of.namespaces.get(name) ?? { flags: new Map<string, Json>(), segments: new Map<string, Json>() };
    of.namespaces.set(name, namespace);
    return namespace;
  }

  /** Somebody else's change: of a flag, or of none. */
  change(environment: string, key: string, flag: Json): void {
    this.namespace(environment).flags.set(key, flag);
    const of = this.environments.get(environment);
    if (of) of.commits++;
  }

  revision(environment: string): string {
    const { commits } = this.environments.get(environment) ?? { commits: 0 };
    return createHash('sha1')
      .update(`${environment} ${String(commits)}`)
      .digest('hex');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const said = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', this.url);
    const heard: Heard = {
      method: request.method ?? '',
      path: `${url.pathname}${url.search}`,
      body: said === '' ? undefined : (JSON.parse(said) as Json),
      token: request.headers.authorization,
    };
    this.heard.push(heard);
    const fault = this.fault(heard);
    if (fault === 'silence') return;
    if (fault === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '4000' });
      response.write('{"resour');
      response.destroy();
      return;
    }
    const known = request.headers['if-none-match'];
    const answer = fault === null || fault === 'doneThenSilence' ? this.#answer(heard, url, known) : fault;
    if (fault === 'doneThenSilence') return;
    const { status = 200, json, text, headers } = answer;
    const type = text === undefined ? 'application/json' : 'text/html';
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(text ?? (json === undefined ? '' : JSON.stringify(json)));
  }

  #answer(heard: Heard, url: URL, etag: string | undefined): Answer {
    const { method, body, token } = heard;
    if (this.token !== undefined && token !== `Bearer ${this.token}`)
      return says(401, 16, 'request was not authenticated');
    const parts = url.pathname.split('/').slice(1).map(decodeURIComponent);
    if (parts[0] === 'evaluate') return this.#evaluate(parts[2] ?? '', body);
    if (this.version === 1) return this.#listV1(parts, url);
    if (parts[0] === 'client') return this.#snapshot(parts, etag);
    const [, , , environment = '', , name = '', , type, key] = parts;
    if (parts.length === 3) {
      const environments = [...this.environments.keys()].map((each, at) => ({
        key: each,
        name: each,
        default: at === 0,
      }));
      return { json: { environments } };
    }
    const of = this.environments.get(environment);
    if (!of) return notFound(`environment: ${JSON.stringify(environment)}`);
    const revision = this.revision(environment);
    if (parts.length === 5) {
      const items = [...of.namespaces.keys()].map((each) => ({ key: each, name: each, protected: each === 'default' }));
      return { json: { items, revision } };
    }
    const namespace = of.namespaces.get(name);
    if (!namespace) return notFound(`namespace ${name}`);
    const resource = (each: string, payload: Json): Json => ({ namespaceKey: name, key: each, payload });
    if (method === 'GET') {
      const all = type === 'flipt.core.Flag' ? namespace.flags : namespace.segments;
      if (key === undefined)
        return {
          json: { resources: [...all].map(([each, payload]) => resource(each, this.#given(payload, type))), revision },
        };
      const found = all.get(key);
      return found
        ? { json: { resource: resource(key, this.#given(found, type)), revision } }
        : notFound(`flag ${key}`);
    }
    if (method === 'DELETE') {
      if (url.searchParams.get('revision') !== revision) return this.#stale(url.searchParams.get('revision'), revision);
      this.#commit(of, namespace, key ?? '', null);
      return { json: { revision: this.revision(environment) } };
    }
    return this.#put(heard, environment, name, of, namespace, revision);
  }

  #put(
    { method, body = {} }: Heard,
    environment: string,
    name: string,
    of: FakeEnvironment,
    namespace: FakeNamespace,
    revision: string,
  ): Answer {
    const { key, payload, environmentKey, namespaceKey } = body;
    if (environmentKey !== environment || namespaceKey !== name)
      this.problems.push(`${method}: keys of path and body differ`);
    if (typeof key !== 'string' || key === '') return says(400, 3, 'key must not be empty');
    if (!payload || typeof payload !== 'object' || (payload as Json)['@type'] !== 'flipt.core.Flag')
      return says(400, 3, 'unexpected resource type');
    if (!this.#flag(payload)) this.problems.push(`${method} ${key}: ${JSON.stringify(this.#flag.errors)}`);
    const exists = namespace.flags.has(key);
    if (body.revision !== revision) return this.#stale(body.revision, revision);
    if (method === 'POST' && exists) return says(409, 6, `create resource "flipt.core.Flag/${name}/${key}"`);
    if (method === 'PUT' && !exists) return notFound(`flag ${key}`);
    const rules = [
      ...list(payload, 'rules'),
      ...list(payload, 'rollouts').flatMap((each) => (each.segment ? [each.segment as Json] : [])),
    ];
    for (const rule of rules)
      for (const segment of (rule.segments as string[] | undefined) ?? [])
        if (!namespace.segments.has(segment))
          return says(400, 3, `references unknown segment ${JSON.stringify(segment)}`);
    const kept = this.keeps(payload as Json);
    this.#commit(of, namespace, key, kept);
    return { json: { resource: { namespaceKey: name, key, payload: kept }, revision: this.revision(environment) } };
  }

  #commit(of: FakeEnvironment, { flags }: FakeNamespace, key: string, after: Json | null): void {
    this.commits.push({ key, before: flags.get(key) ?? null, after });
    if (after) flags.set(key, after);
    else flags.delete(key);
    of.commits++;
  }

  #stale(said: unknown, revision: string): Answer {
    if (said === undefined || said === null || said === '') this.problems.push('a write without a revision');
    return says(
      409,
      10,
      `expected head revision ${JSON.stringify(said)} has changed (now ${JSON.stringify(revision)})`,
    );
  }

  /** A list of version 1: a flag a page, without rules. */
  #listV1([, api, , name = '', what, key]: readonly string[], url: URL): Answer {
    if (api !== 'v1' || what !== 'flags') return notFound('page');
    const left = new Set(['rules', 'rollouts', '@type']);
    const told = (flag: Json): Json => Object.fromEntries(Object.entries(flag).filter(([member]) => !left.has(member)));
    const one = key === undefined ? undefined : this.namespace('staging', name).flags.get(decodeURIComponent(key));
    if (key !== undefined) return one ? { json: told(one) } : notFound(`flag ${key}`);
    const all = [...this.namespace('staging', name).flags.values()];
    const from = Number(url.searchParams.get('pageToken') ?? 0);
    const next = from + 1 < all.length ? String(from + 1) : '';
    const flags = all.slice(from, from + 1).map(told);
    const answer = { flags, nextPageToken: next, totalCount: all.length };
    if (!this.#list(answer)) this.problems.push(`gave ${JSON.stringify(this.#list.errors)}`);
    return { json: answer };
  }

  #snapshot([, , , environment = '', , name = '']: readonly string[], known: string | undefined): Answer {
    const of = this.environments.get(environment);
    if (!this.hasSnapshot || !of?.namespaces.has(name)) return notFound('snapshot');
    const etag = createHash('sha1')
      .update(JSON.stringify([...(of.namespaces.get(name)?.flags ?? [])]))
      .digest('hex');
    if (known === etag) return { status: 304, headers: { etag } };
    return { json: { digest: etag, namespace: { key: name }, flags: [] }, headers: { etag } };
  }

  #evaluate(type: string, body: Json = {}): Answer {
    if (!this.#evaluation(body)) this.problems.push(`evaluate: ${JSON.stringify(this.#evaluation.errors)}`);
    const flag = this.namespace(String(body.environmentKey), String(body.namespaceKey)).flags.get(String(body.flagKey));
    if (!flag) return notFound(`flag ${String(body.flagKey)}`);
    const common = { requestId: '', requestDurationMillis: 0.1, flagKey: body.flagKey, segmentKeys: [] };
    if (type === 'boolean')
      return { json: { ...common, enabled: flag.enabled === true, reason: 'DEFAULT_EVALUATION_REASON' } };
    const variantKey = flag.defaultVariant ?? '';
    const reason = flag.enabled === true ? 'DEFAULT_EVALUATION_REASON' : 'FLAG_DISABLED_EVALUATION_REASON';
    return { json: { ...common, match: false, variantKey, variantAttachment: '', reason } };
  }

  #given(payload: Json, type: string | undefined): Json {
    if (type === 'flipt.core.Flag' && !this.#flag(payload))
      this.problems.push(`gave ${JSON.stringify(this.#flag.errors)}`);
    return this.terse ? (terse(payload) as Json) : payload;
  }
}

const list = (of: object, name: string): Json[] => ((of as Json)[name] as Json[] | undefined) ?? [];

function terse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(terse);
  if (typeof value !== 'object' || value === null) return value;
  const isNothing = (each: unknown): boolean =>
    each === false || each === 0 || each === '' || each === null || (Array.isArray(each) && each.length === 0);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      isNothing(each) ? [] : [[name, name === 'attachment' || name === 'metadata' ? each : terse(each)]],
    ),
  );
}
