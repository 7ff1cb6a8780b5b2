import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as rawRequest } from 'node:http';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryLog } from '../../src/platform/memory/log';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { systemClock } from '../../src/platform/node/clock';
import { nodeCompress } from '../../src/platform/node/compress';
import { nodeFiles } from '../../src/platform/node/files';
import { nodeHash } from '../../src/platform/node/hash';
import { nodeListen } from '../../src/platform/node/listen';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { nodePaths } from '../../src/platform/node/paths';
import type { FactsRequest } from '../../src/telemetry/api';
import { answerFacts } from '../../src/telemetry/facts';
import { findOwner } from '../../src/telemetry/owner/ownerClient';
import { TelemetryService } from '../../src/telemetry/owner/telemetryService';
import { attributes, decode, encode, fromHex, jsonBytes, type Loose } from '../unit/telemetry/ingest/otlpMessages';

const log = new MemoryLog();
const ports = {
  clock: systemClock,
  files: nodeFiles,
  paths: nodePaths,
  hash: nodeHash,
  log,
  l10n: memoryL10n,
  listen: nodeListen,
  compress: nodeCompress,
  http: loopbackHttp,
  pid: process.pid,
  answerFacts,
};

let home: string;
let port: number;
const services: TelemetryService[] = [];

/** A port that was free a moment ago, with free ones behind it. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  return typeof address === 'object' && address ? address.port : 0;
}

function service(): TelemetryService {
  const made = new TelemetryService(ports);
  services.push(made);
  return made;
}

const startRequest = () => ({ home, address: '127.0.0.1', port, token: null });

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'sightglass-otlp-'));
  port = await freePort();
});

afterEach(async () => {
  for (const one of services.splice(0)) await one.stop();
  rmSync(home, { recursive: true, force: true });
});

interface Sent {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** A request with headers that fetch would not let us set. */
function send(path: string, body: Uint8Array, headers: Record<string, string> = {}, method = 'POST'): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = rawRequest(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        agent: false,
        headers: { 'content-type': 'application/x-protobuf', ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

const nano = (ms: number): bigint => BigInt(Math.round(ms)) * 1_000_000n;
const hexId = (number: number, bytes: number): Uint8Array =>
  fromHex(`c0ffee${number.toString(16).padStart(bytes * 2 - 6, '0')}`);

interface Traffic {
  readonly from?: number;
  readonly count?: number;
  readonly variant?: string;
  readonly error?: boolean;
  readonly extra?: Readonly<Record<string, string>>;
}

/** Requests to `POST /checkout` of the shop, each with one evaluation of `new-checkout` on a child span. */
function traffic({ from = 1, count = 1, variant = 'on', error = false, extra = {} }: Traffic = {}): Loose {
  const end = Date.now() - 500;
  const spans = Array.from({ length: count }, (_, at) => {
    const traceId = hexId(from + at, 16);
    return [
      {
        traceId,
        spanId: hexId(1, 8),
        name: 'POST /checkout',
        kind: 2,
        startTimeUnixNano: nano(end - 120),
        endTimeUnixNano: nano(end),
        attributes: attributes({
          'http.request.method': 'POST',
          'http.route': '/checkout',
          'http.response.status_code': error ? 500 : 200,
          ...extra,
        }),
        status: error ? { code: 2, message: extra.message ?? 'boom' } : { code: 0 },
      },
      {
        traceId,
        spanId: hexId(2, 8),
        parentSpanId: hexId(1, 8),
        name: 'request handler',
        kind: 1,
        startTimeUnixNano: nano(end - 110),
        endTimeUnixNano: nano(end - 10),
        events: [
          {
            name: 'feature_flag.evaluation',
            timeUnixNano: nano(end - 100),
            attributes: attributes({
              'feature_flag.key': 'new-checkout',
              'feature_flag.result.variant': variant,
              ...extra,
            }),
          },
          {
            name: 'exception',
            timeUnixNano: nano(end - 90),
            attributes: attributes({ 'exception.message': extra.message ?? 'handled' }),
          },
        ],
      },
    ];
  }).flat();
  return {
    resourceSpans: [
      {
        resource: {
          attributes: attributes({
            'service.name': 'checkout',
            'deployment.environment.name': 'production',
            'service.instance.id': 'pod-1',
            ...extra,
          }),
        },
        scopeSpans: [{ scope: { name: '@opentelemetry/instrumentation-http' }, spans }],
      },
    ],
  };
}

const question: FactsRequest = {
  environment: 'production',
  windowMinutes: 15,
  codePaths: [],
  overrides: {},
  services: {},
  flags: [{ key: 'new-checkout', at: [], effective: null, offVariant: 'off' }],
};

/** `on 3/1` for each arm: calls and errors of the flag in the whole service. */
async function arms(of: TelemetryService): Promise<string[]> {
  const facts = await of.facts(question, new AbortController().signal);
  return facts.flags
    .flatMap((flag) => flag.arms.map((arm) => `${arm.variant} ${arm.totals.calls}/${arm.totals.errors}`))
    .sort();
}

async function until(check: () => boolean | Promise<boolean>, withinMs: number): Promise<number> {
  const began = performance.now();
  while (!(await check())) {
    if (performance.now() - began > withinMs) throw new Error(`not within ${withinMs} ms`);
    await new Promise((done) => setTimeout(done, 25));
  }
  return performance.now() - began;
}

describe('the OTLP receiver over HTTP', () => {
  it('takes protobuf and JSON, plain and gzip, and answers in kind', async () => {
    const receiver = service();
    expect(await receiver.start(startRequest())).toMatchObject({ role: 'owner', port, problem: null });
    const json = { 'content-type': 'application/json; charset=utf-8' };
    const binary = await send('/v1/traces', encode('TracesRequest', traffic()));
    expect(binary).toMatchObject({ status: 200, headers: { 'content-type': 'application/x-protobuf' } });
    expect(binary.body).toHaveLength(0);
    const text = await send('/v1/traces', jsonBytes(traffic({ from: 2, variant: 'off' })), json);
    expect(text).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(text.body.toString())).toEqual({});
    const zipped = gzipSync(encode('TracesRequest', traffic({ from: 3, count: 2, error: true })));
    expect((await send('/v1/traces', zipped, { 'content-encoding': 'gzip' })).status).toBe(200);
    expect(await arms(receiver)).toEqual(['off 1/0', 'on 3/2']);
    expect(receiver.status()).toMatchObject({ spansReceived: 8, rejected: 0 });
    for (const path of ['/v1/logs', '/v1/metrics']) expect((await send(path, new Uint8Array())).status).toBe(200);
    const metrics = encode('MetricsRequest', {
      resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'x', gauge: { dataPoints: [{ asDouble: 1 }] } }] }] }],
    });
    expect((await send('/v1/metrics', metrics)).status).toBe(200);
  });

  it('joins evaluations that come as log records of another request', async () => {
    const receiver = service();
    await receiver.start(startRequest());
    const record = {
      traceId: hexId(1, 16),
      spanId: hexId(2, 8),
      timeUnixNano: nano(Date.now()),
      eventName: 'feature_flag.evaluation',
      attributes: attributes({
        'feature_flag.key': 'other',
        'feature_flag.result.variant': 'blue',
        'feature_flag.context.id': 'user-1',
      }),
    };
    const resource = {
      attributes: attributes({
        'service.name': 'checkout',
        'deployment.environment.name': 'production',
        'service.instance.id': 'pod-1',
      }),
    };
    expect(
      (
        await send(
          '/v1/logs',
          encode('LogsRequest', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }),
        )
      ).status,
    ).toBe(200);
    expect((await send('/v1/traces', encode('TracesRequest', traffic()))).status).toBe(200);
    const facts = await receiver.facts(
      { ...question, flags: [{ key: 'other', at: [], effective: null, offVariant: null }] },
      new AbortController().signal,
    );
    expect(facts.flags.flatMap((flag) => flag.arms.map((arm) => [arm.variant, arm.totals.calls]))).toEqual([
      ['blue', 1],
    ]);
    expect(
      await receiver.instances(
        { flag: 'other', environment: 'production', since: Date.now() - 60_000 },
        new AbortController().signal,
      ),
    ).toMatchObject([{ service: 'checkout', instance: 'pod-1', variant: 'blue', count: 1 }]);
  });

  it('rejects bad items one by one and says how many', async () => {
    const receiver = service();
    await receiver.start(startRequest());
    const request = traffic({ count: 2 }) as {
      resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[];
    };
    request.resourceSpans[0]!.scopeSpans[0]!.spans[0]!.traceId = new Uint8Array(16);
    const binary = await send('/v1/traces', encode('TracesRequest', request));
    expect(binary.status).toBe(200);
    expect(decode('ExportResponse', binary.body)).toMatchObject({
      partialSuccess: { rejected: 1n, errorMessage: 'a trace id is not 16 bytes or all zero' },
    });
    const text = await send('/v1/traces', jsonBytes(request), { 'content-type': 'application/json' });
    expect(JSON.parse(text.body.toString())).toEqual({
      partialSuccess: { rejectedSpans: '1', errorMessage: 'a trace id is not 16 bytes or all zero' },
    });
    expect(receiver.status()).toMatchObject({ rejected: 2 });
  });

  // Bodies of 65 MiB take their time on a busy machine.
  it('refuses with the right status, and goes on', { timeout: 60_000 }, async () => {
    const receiver = service();
    await receiver.start(startRequest());
    const good = encode('TracesRequest', traffic());
    const bomb = gzipSync(new Uint8Array(65 * 2 ** 20));
    const cases: [number, () => Promise<Sent>][] = [
      [415, () => send('/v1/traces', good, { 'content-type': 'text/plain' })],
      [415, () => send('/v1/traces', good, { 'content-type': '' })],
      [415, () => send('/v1/traces', good, { 'content-encoding': 'br' })],
      [405, () => send('/v1/traces', new Uint8Array(), {}, 'GET')],
      [404, () => send('/', good)],
      [404, () => send('/sightglass/v1/nothing', good)],
      [403, () => send('/v1/traces', good, { origin: 'https://evil.example' })],
      [403, () => send('/v1/traces', good, { origin: 'null' })],
      [403, () => send('/v1/traces', good, { host: 'evil.example:4318' })],
      [403, () => send('/v1/traces', good, { host: '127.0.0.1.evil.example' })],
      [403, () => send('/sightglass/v1/status', new Uint8Array(), { host: 'evil.example' }, 'GET')],
      [400, () => send('/v1/traces', new TextEncoder().encode('not protobuf'))],
      [400, () => send('/v1/traces', new TextEncoder().encode('{'), { 'content-type': 'application/json' })],
      [400, () => send('/v1/traces', good, { 'content-encoding': 'gzip' })],
      [413, () => send('/v1/traces', bomb, { 'content-encoding': 'gzip' })],
      [413, () => send('/v1/traces', new Uint8Array(65 * 2 ** 20))],
    ];
    for (const [at, [status, sent]] of cases.entries()) expect([at, (await sent()).status]).toEqual([at, status]);
    const chunked = await new Promise<number>((resolve, reject) => {
      const request = rawRequest(
        {
          host: '127.0.0.1',
          port,
          path: '/v1/traces',
          method: 'POST',
          headers: { 'content-type': 'application/json' },
        },
        (response) => resolve(response.statusCode ?? 0),
      );
      request.on('error', reject);
      for (let sent = 0; sent < 66; sent++) request.write(new Uint8Array(2 ** 20));
      request.end();
    });
    expect(chunked).toBe(413);
    const refused = await send('/v1/traces', new TextEncoder().encode('not protobuf'));
    expect(decode('RpcStatus', refused.body).message).toBeTruthy();
    expect((await send('/v1/traces', good, { host: `localhost:${port}` })).status).toBe(200);
    expect((await send('/v1/traces', good, { host: `[::1]:${port}` })).status).toBe(200);
    expect(await arms(receiver)).toEqual(['on 1/0']);
  });

  it('asks exporters for the token where there is one, and wants one on other addresses', async () => {
    const open = service();
    expect(await open.start({ ...startRequest(), address: '0.0.0.0' })).toMatchObject({ role: 'failed' });
    expect(open.status().problem).toContain('token');
    const receiver = service();
    await receiver.start({ ...startRequest(), token: 'exporters-secret' });
    const good = encode('TracesRequest', traffic());
    expect((await send('/v1/traces', good)).status).toBe(401);
    expect((await send('/v1/traces', good, { authorization: 'Bearer exporters-secres' })).status).toBe(401);
    expect((await send('/v1/traces', good, { authorization: 'Bearer exporters-secret' })).status).toBe(200);
  });

  it('answers questions only with the token of receiver.json', async () => {
    const receiver = service();
    await receiver.start(startRequest());
    const path = join(home, 'receiver.json');
    const { token, ...rest } = JSON.parse(readFileSync(path, 'utf8')) as { token: string };
    expect(rest).toMatchObject({ pid: process.pid, port, protocol: 1 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const status = (headers: Record<string, string>) => send('/sightglass/v1/status', new Uint8Array(), headers, 'GET');
    expect((await status({})).status).toBe(401);
    expect((await status({ authorization: `Bearer ${token.slice(1)}` })).status).toBe(401);
    expect((await status({ authorization: `Bearer ${token}`, origin: 'http://localhost' })).status).toBe(403);
    expect((await status({ authorization: `Bearer ${token}` })).status).toBe(200);
    const asked = await send('/sightglass/v1/facts', new TextEncoder().encode('{"environment":1}'), {
      authorization: `Bearer ${token}`,
    });
    expect(asked.status).toBe(400);
  });
});

describe('one owner among many windows', () => {
  it('shows two windows and the command line the same number', async () => {
    const [first, second] = [service(), service()];
    await first.start(startRequest());
    expect(await second.start(startRequest())).toMatchObject({ role: 'reader', port });
    let heard = 0;
    second.onChanged(() => heard++);
    await send('/v1/traces', encode('TracesRequest', traffic({ count: 7 })));
    expect(await arms(first)).toEqual(['on 7/0']);
    expect(await arms(second)).toEqual(['on 7/0']);
    const owner = await findOwner(ports, home);
    const facts = await owner!.facts(question);
    expect(facts.flags[0]!.arms[0]!.totals.calls).toBe(7);
    await until(() => heard > 0, 2_000);
  });

  it('lets only one of several that start at once be the owner', async () => {
    for (let round = 0; round < 3; round++) {
      const all = Array.from({ length: 4 }, service);
      const roles = (await Promise.all(all.map((one) => one.start(startRequest())))).map(({ role }) => role);
      expect(roles.sort()).toEqual(['owner', 'reader', 'reader', 'reader']);
      expect(new Set(all.map((one) => one.status().port))).toEqual(new Set([port]));
      for (const one of services.splice(0)) await one.stop();
    }
  });

  it('takes over within five seconds when the owner goes, with what it knew and on the same port', async () => {
    const [first, second, third] = [service(), service(), service()];
    await first.start(startRequest());
    await second.start(startRequest());
    await third.start(startRequest());
    await send('/v1/traces', encode('TracesRequest', traffic({ count: 5 })));
    await first.stop();
    const took = await until(() => [second, third].filter((one) => one.status().role === 'owner').length === 1, 5_000);
    expect(took).toBeLessThan(5_000);
    await until(() => [second, third].filter((one) => one.status().role === 'reader').length === 1, 5_000);
    expect(await arms(second)).toEqual(['on 5/0']);
    expect(await arms(third)).toEqual(['on 5/0']);
    await send('/v1/traces', encode('TracesRequest', traffic({ from: 50, count: 2 })));
    expect(await arms(third)).toEqual(['on 7/0']);
  });

  it(
    'loses at most five seconds when the owner is killed, and is taken over within five',
    { timeout: 60_000 },
    async () => {
      const bundle = join(home, 'owner.mjs');
      await build({
        entryPoints: [join(import.meta.dirname, 'ownerProcess.ts')],
        outfile: bundle,
        bundle: true,
        platform: 'node',
        format: 'esm',
        banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
        logLevel: 'error',
      });
      const killed = spawn(process.execPath, [bundle, home, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
      const gone = new Promise((done) => killed.once('exit', done));
      try {
        const role = await new Promise<string>((resolve) =>
          killed.stdout.once('data', (data: Buffer) => resolve(data.toString())),
        );
        expect(role.trim()).toBe('owner');
        const heir = service();
        expect((await heir.start(startRequest())).role).toBe('reader');
        await send('/v1/traces', encode('TracesRequest', traffic({ count: 9 })));
        expect(await arms(heir)).toEqual(['on 9/0']);
        await new Promise((done) => setTimeout(done, 5_000));
        await send('/v1/traces', encode('TracesRequest', traffic({ from: 100, count: 2 })));
        killed.kill('SIGKILL');
        await gone;
        expect(await until(() => heir.status().role === 'owner', 5_000)).toBeLessThan(5_000);
        expect(heir.status().port).toBe(port);
        // What was five seconds old is there; what was not may be.
        expect(['on 9/0', 'on 11/0']).toContain((await arms(heir)).join());
        await send('/v1/traces', encode('TracesRequest', traffic({ from: 200, count: 1 })));
        expect(['on 10/0', 'on 12/0']).toContain((await arms(heir)).join());
      } finally {
        killed.kill('SIGKILL');
      }
    },
  );

  it('takes the next free port when another program has this one, and says so', async () => {
    const stranger: Server = createServer((socket) => socket.resume().end('HTTP/1.1 200 OK\r\n\r\nhello'));
    await new Promise<void>((done) => stranger.listen(port, '127.0.0.1', done));
    try {
      const [first, second] = [service(), service()];
      const status = await first.start(startRequest());
      expect(status.role).toBe('owner');
      expect(status.port).toBeGreaterThan(port);
      expect(status.problem).toContain(String(port));
      expect(await second.start(startRequest())).toMatchObject({ role: 'reader', port: status.port });
    } finally {
      await new Promise((done) => stranger.close(done));
    }
  });

  it('starts beside a receiver.json that is stale or torn', async () => {
    for (const left of [
      '{"pid":1,"po',
      JSON.stringify({ pid: 1, address: '127.0.0.1', port, token: 'x'.repeat(64), startedAt: 1, protocol: 1 }),
    ]) {
      writeFileSync(join(home, 'receiver.json'), left);
      const receiver = service();
      expect(await receiver.start(startRequest())).toMatchObject({ role: 'owner', port });
      await receiver.stop();
    }
  });

  it('keeps what it knew over a restart, a torn tail and a damaged line', async () => {
    const first = service();
    await first.start(startRequest());
    await send('/v1/traces', encode('TracesRequest', traffic({ count: 3, error: true })));
    await first.stop();
    const folder = join(home, 'store');
    const [file] = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
    const path = join(folder, file!);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    writeFileSync(path, `${readFileSync(path, 'utf8')}["c",1,2]\nnot json\n["c",29000000,0,0,5`);
    const second = service();
    await second.start(startRequest());
    expect(await arms(second)).toEqual(['on 3/3']);
    await send('/v1/traces', encode('TracesRequest', traffic({ from: 20, count: 1 })));
    await second.stop();
    const third = service();
    await third.start(startRequest());
    expect(await arms(third)).toEqual(['on 4/3']);
  });

  it('puts no user, token or query string on disk, wherever a payload carries them', async () => {
    const secret = 'PLANTED-7f3a91e2-user@acme.example';
    const extra = Object.fromEntries(
      [
        'enduser.id',
        'user.id',
        'user.email',
        'url.full',
        'url.query',
        'url.path',
        'http.target',
        'http.url',
        'db.statement',
        'db.query.text',
        'exception.message',
        'exception.stacktrace',
        'feature_flag.context.id',
        'feature_flag.result.value',
        'feature_flag.error.message',
        'error.message',
        'baggage',
        'http.request.header.authorization',
        'session.id',
        'client.address',
        'net.peer.ip',
        'process.command_line',
        'message',
        'anything.else',
      ].map((key) => [key, secret]),
    );
    const request = traffic({ count: 2, error: true, extra }) as {
      resourceSpans: { scopeSpans: { scope: unknown; spans: Record<string, unknown>[] }[] }[];
    };
    const scoped = request.resourceSpans[0]!.scopeSpans[0]!;
    scoped.scope = { name: 'scope', attributes: attributes({ a: secret }) };
    const [entry] = scoped.spans;
    entry!.traceState = `vendor=${secret}`;
    entry!.links = [{ traceId: hexId(1, 16), spanId: hexId(1, 8), attributes: attributes({ a: secret }) }];
    scoped.spans.push(
      {
        ...entry,
        traceId: hexId(80, 16),
        name: `GET /users/${secret}/orders/8812?token=${secret}`,
        attributes: attributes({ 'http.request.method': 'GET', 'http.target': `/x?${secret}` }),
      },
      {
        ...entry,
        traceId: hexId(81, 16),
        name: `GET /search?q=${secret}`,
        attributes: attributes({ 'http.route': `/search?q=${secret}` }),
      },
      { ...entry, traceId: hexId(82, 16), name: `send mail to ${secret}`, kind: 1, attributes: [] },
    );
    const record = {
      traceId: hexId(1, 16),
      spanId: hexId(1, 8),
      timeUnixNano: nano(Date.now()),
      severityText: secret,
      body: { stringValue: secret },
      eventName: 'feature_flag.evaluation',
      attributes: attributes({ ...extra, 'feature_flag.key': 'new-checkout', 'feature_flag.result.variant': 'on' }),
    };
    const logs = {
      resourceLogs: [
        {
          resource: { attributes: attributes({ 'service.name': 'checkout', ...extra }) },
          scopeLogs: [{ logRecords: [record, { ...record, eventName: secret }] }],
        },
      ],
    };
    const receiver = service();
    await receiver.start(startRequest());
    expect((await send('/v1/traces', encode('TracesRequest', request), { authorization: secret })).status).toBe(200);
    expect(
      (await send('/v1/traces', jsonBytes(traffic({ from: 30, extra })), { 'content-type': 'application/json' }))
        .status,
    ).toBe(200);
    expect((await send('/v1/logs', encode('LogsRequest', logs))).status).toBe(200);
    await receiver.stop();
    const onDisk = readdirSync(home, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
      .join('\n');
    expect(onDisk).toContain('POST /checkout');
    expect(onDisk).toContain('/users/{id}/orders/{id}');
    for (const part of [secret, 'PLANTED', '7f3a91e2', 'acme.example', 'token=', '8812', '?'])
      expect(onDisk).not.toContain(part);
    expect(log.lines.map((line) => JSON.stringify(line)).join('\n')).not.toContain('PLANTED');
  });
});
