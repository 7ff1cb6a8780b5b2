import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backendConfigSchema } from '../../../../src/model/config';
import { HttpError, type Http, type HttpResponse } from '../../../../src/platform/http';
import { MemoryClock } from '../../../../src/platform/memory/clock';
import { memoryL10n } from '../../../../src/platform/memory/l10n';
import { memoryRemotes } from '../../../../src/platform/memory/remotes';
import { serviceGraphs } from '../../../../src/telemetry/graph/graphSources';
import { mostDependencies, readDependencies } from '../../../../src/telemetry/jaeger/dependencies';
import { JaegerGraph } from '../../../../src/telemetry/jaeger/jaegerGraph';

const bytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const window = { from: Date.UTC(2026, 10, 22), to: Date.UTC(2026, 10, 23) };
const { signal } = new AbortController();

/** As `jaeger.api_v3.DependenciesResponse` of Jaeger's own OpenAPI document has it: int64 is a text. */
const third = { dependencies: [{ parent: 'web', child: 'shop', callCount: '12' }] };
/** As `/api/dependencies` answers. */
const older = { data: [{ parent: 'web', child: 'shop', callCount: 12 }], total: 0, limit: 0, offset: 0, errors: null };
const edges = [
  { client: 'web', server: 'shop', operation: null, kind: 'call', requests: 12, since: null, lastSeen: null },
];

type Said = (url: URL) => Partial<Omit<HttpResponse, 'body'>> & { readonly body?: unknown };

function jaeger(say: Said, config: object = {}) {
  const asked: { readonly url: string; readonly headers: Readonly<Record<string, string>> }[] = [];
  const http: Http = {
    request: async ({ url, headers }) => {
      asked.push({ url, headers: headers ?? {} });
      const { body = '', ...rest } = say(new URL(url));
      return { status: 200, headers: {}, ...rest, body: bytes(body) };
    },
  };
  const parsed = backendConfigSchema.parse({ id: 'j', type: 'jaeger', url: 'https://jaeger.example/base/', ...config });
  const ports = { remotes: memoryRemotes(http, 'token'), l10n: memoryL10n };
  return { graph: new JaegerGraph(parsed, ports), asked, ports, parsed };
}

describe('Jaeger as a source of who calls whom', () => {
  it('is asked by its API 3, with times as RFC 3339 and the token', async () => {
    const { graph, asked } = jaeger(() => ({ body: third }));
    expect(await graph.serviceGraph('production', window, signal)).toEqual({
      ...{ edges, services: ['shop', 'web'], environment: '', partial: false },
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.url).toBe(
      'https://jaeger.example/base/api/v3/dependencies?startTime=2026-11-22T00%3A00%3A00.000Z&endTime=2026-11-23T00%3A00%3A00.000Z',
    );
    expect(asked[0]?.headers.authorization).toBe('Bearer token');
  });

  it('is asked by the older API where it does not have that one: 404, or its page', async () => {
    for (const none of [
      { status: 404 },
      { status: 404, body: { error: {} } },
      { body: '<!doctype html>' },
      { body: { status: 'success' } },
    ]) {
      const { graph, asked } = jaeger(({ pathname }) => (pathname.includes('/v3/') ? none : { body: older }));
      expect((await graph.serviceGraph('production', window, signal))?.edges).toEqual(edges);
      expect(asked[1]?.url).toBe(
        `https://jaeger.example/base/api/dependencies?endTs=${window.to}&lookback=${24 * 3_600_000}`,
      );
    }
  });

  it('says what is wrong and where: no Jaeger, a token, trouble, an error in the answer', async () => {
    const failure = async (say: Said): Promise<string> => {
      const { graph } = jaeger(say);
      return graph.serviceGraph('', window, signal).then(
        () => 'answered',
        (error: unknown) => (error as Error).message,
      );
    };
    expect(await failure(() => ({ body: '<html>' }))).toMatch(/^Jaeger "j" at https:\/\/jaeger.example is no Jaeger/);
    expect(await failure(() => ({ body: { status: 'success' } }))).toMatch(/is no Jaeger/);
    expect(await failure(() => ({ body: {} }))).toBe('answered');
    expect(await failure(() => ({ status: 401 }))).toMatch(/wants another token/);
    expect(await failure(() => ({ status: 503 }))).toMatch(/could not answer \(503\)/);
    const errors = { data: null, errors: [{ code: 500, msg: 'no index' }] };
    expect(await failure(({ pathname }) => (pathname.includes('/v3/') ? { status: 404 } : { body: errors }))).toMatch(
      /could not answer: no index/,
    );
  });

  it('is not asked for an environment that it does not hold', async () => {
    const { graph, asked } = jaeger(() => ({ body: third }), { environments: ['production'] });
    expect(await graph.serviceGraph('staging', window, signal)).toBeNull();
    expect(asked).toEqual([]);
    expect((await graph.serviceGraph('production', window, signal))?.environment).toBe('production');
  });
});

describe('an answer of dependencies', () => {
  it('leaves out what cannot be read, and says that some is missing', () => {
    const read = readDependencies(
      bytes({
        dependencies: [
          { parent: 'web', child: 'shop', callCount: '2' },
          { parent: 'web', child: 'shop', callCount: '3' },
          { parent: 'shop', child: 'shop', callCount: '9' },
          { parent: '', child: 'shop', callCount: '1' },
          { parent: 'a', child: 'b', callCount: '-1' },
          'none',
        ],
      }),
    );
    expect(read?.edges.map(({ client, server, requests }) => [client, server, requests])).toEqual([['web', 'shop', 5]]);
    expect(read?.partial).toBe(true);
  });

  it('is bounded', () => {
    const dependencies = Array.from({ length: mostDependencies + 1 }, (_, at) => ({
      ...{ parent: 'web', child: `s${at}`, callCount: '1' },
    }));
    const read = readDependencies(bytes({ dependencies }));
    expect([read?.edges.length, read?.partial]).toEqual([mostDependencies, true]);
  });

  it('is read, or is none, whatever it holds; counts are never negative nor endless', () => {
    const value = fc.anything({ withNullPrototype: false, maxDepth: 3 });
    const one = fc.record({ parent: value, child: value, callCount: value }, { requiredKeys: [] });
    const answer = fc.oneof(
      fc.jsonValue(),
      fc.record({ dependencies: fc.array(fc.oneof(one, fc.jsonValue())) }),
      fc.record({ data: fc.array(fc.oneof(one, fc.jsonValue())), errors: fc.jsonValue() }, { requiredKeys: ['data'] }),
    );
    fc.assert(
      fc.property(answer, (from) => {
        let text: string | undefined;
        try {
          text = JSON.stringify(from);
        } catch {
          return;
        }
        let read: ReturnType<typeof readDependencies>;
        try {
          read = readDependencies(bytes(text));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          return;
        }
        for (const { requests, client } of read?.edges ?? []) {
          expect(requests).toBeGreaterThan(0);
          expect(Number.isFinite(requests)).toBe(true);
          expect(client).not.toBe('');
        }
      }),
    );
    fc.assert(fc.property(fc.uint8Array(), (body) => void readDependencies(body)));
  });
});

it('one source that fails hides no other, and each says why', async () => {
  const { ports, parsed } = jaeger(() => {
    throw new HttpError('unreachable', '', 'refused');
  });
  const own = { edges: [], environment: '', partial: false, services: [] };
  const unknown = backendConfigSchema.parse({ id: 'x', type: 'abacus', url: 'https://x.example' });
  const answers = await serviceGraphs(
    { environment: '', windowMinutes: 60 },
    { ...ports, clock: new MemoryClock(window.to), backends: [parsed, unknown], builtIn: async () => own },
    signal,
  );
  expect(answers.map(({ name, graph, reason }) => [name, graph, reason])).toEqual([
    ['built-in receiver', own, null],
    ['Jaeger j', null, 'Jaeger "j" at https://jaeger.example cannot be reached.'],
    ['x', null, '"x" is of a type that is not known: "abacus".'],
  ]);
});

it('a source of other environments is not said to have no graph, and is not asked', async () => {
  const { ports, parsed, asked } = jaeger(() => ({ body: third }), { environments: ['staging', 'qa'] });
  const own = { edges: [], environment: '', partial: false, services: [] };
  const answers = await serviceGraphs(
    { environment: 'production', windowMinutes: 60 },
    { ...ports, clock: new MemoryClock(window.to), backends: [parsed], builtIn: async () => own },
    signal,
  );
  expect(answers[1]?.reason).toBe('it holds telemetry of staging, qa, not of production');
  expect(asked).toEqual([]);
});
