import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { AllowedOrigins } from '../../../src/platform/allowedOrigins';
import { Emitter } from '../../../src/platform/emitter';
import { GuardedRemotes } from '../../../src/platform/guardedRemotes';
import { GrpcError, type Grpc } from '../../../src/platform/grpc';
import { HttpError, type Http, type HttpRequest, type HttpResponse } from '../../../src/platform/http';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { MemoryFiles } from '../../../src/platform/memory/files';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { MemoryGrpc } from '../../../src/platform/memory/grpc';
import { MemoryLog } from '../../../src/platform/memory/log';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { MemorySecrets } from '../../../src/platform/memory/secrets';
import { RemoteError, type RemoteOptions } from '../../../src/platform/remotes';
import { environmentTokens, secretTokens, type Tokens } from '../../../src/platform/tokens';

const origin = 'https://flags.acme.dev';
const token = 'user:3f2c9d8e7a6b5c4d3e2f1a0b';
const server: RemoteOptions = { id: 'flags', type: 'unleash', url: `${origin}/base/?x=1`, authorization: 'raw' };
const get = { method: 'GET', path: '/api/admin/user', timeoutMs: 1_000, maxBytes: 1_000 } as const;

interface World {
  readonly remotes: GuardedRemotes;
  readonly origins: AllowedOrigins;
  readonly secrets: MemorySecrets;
  readonly files: MemoryFiles;
  readonly sent: HttpRequest[];
  readonly log: MemoryLog;
  readonly trust: { is: boolean; granted: Emitter<void> };
}

function world(
  answer: (asked: HttpRequest) => Partial<HttpResponse> | Promise<Partial<HttpResponse>> = () => ({}),
  tokens?: Tokens,
  grpc?: Grpc,
): World {
  const files = new MemoryFiles();
  const secrets = new MemorySecrets();
  const log = new MemoryLog();
  const sent: HttpRequest[] = [];
  const trust = { is: true, granted: new Emitter<void>(() => undefined) };
  const origins = new AllowedOrigins({ files, paths: memoryPaths, clock: new MemoryClock(), log, home: '/home/me/sg' });
  const http: Http = {
    request: async (asked) => {
      sent.push(asked);
      return { status: 200, headers: {}, body: new Uint8Array(), ...(await answer(asked)) };
    },
  };
  const remotes = new GuardedRemotes({
    http,
    ...(grpc && { grpc }),
    origins,
    tokens: tokens ?? secretTokens(secrets),
    trusted: () => trust.is,
    onDidTrust: trust.granted.event,
    advice: (reason) => `(${reason})`,
    l10n: memoryL10n,
    log,
  });
  return { remotes, origins, secrets, files, sent, log, trust };
}

async function ready(answer?: Parameters<typeof world>[0]): Promise<World> {
  const made = world(answer);
  await made.origins.allow(origin, 'ana');
  await made.secrets.set(origin, token);
  return made;
}

describe('a request to a configured server', () => {
  it('is sent only after trust, a yes to the origin and a token for it, each missing one named', async () => {
    const { remotes, origins, secrets, sent, trust } = world();
    const remote = remotes.remote(server);
    trust.is = false;
    await expect(remote.request(get)).rejects.toMatchObject({ reason: 'untrusted', origin });
    trust.is = true;
    await expect(remote.request(get)).rejects.toMatchObject({ reason: 'notAllowed', message: /flags\.acme\.dev.*yes/ });
    await origins.allow(origin, 'ana');
    expect((await remote.refusal())?.reason).toBe('noToken');
    await expect(remote.request(get)).rejects.toMatchObject({ reason: 'noToken' });
    expect(sent).toEqual([]);
    await secrets.set(origin, token);
    expect(await remote.refusal()).toBeNull();
    await remote.request(get);
    expect(sent).toMatchObject([
      { url: `${origin}/base/api/admin/user`, headers: { authorization: token }, method: 'GET' },
    ]);
  });

  it('carries the token of its own origin, whatever else is configured under the same id', async () => {
    const { remotes, origins, secrets, sent } = await ready();
    await origins.allow('https://flags.acme.dev.evil.example', 'ana');
    const other = remotes.remote({ ...server, url: 'https://flags.acme.dev.evil.example', tokenOptional: true });
    await other.request({ ...get, headers: { 'x-a': '1' } });
    expect(sent[0]?.headers).toEqual({ 'x-a': '1' });
    const port = remotes.remote({ ...server, url: 'https://flags.acme.dev:8443' });
    expect((await port.refusal())?.reason).toBe('notAllowed');
    await secrets.set(origin, token);
    await remotes
      .remote({ ...server, authorization: 'bearer' })
      .request({ ...get, headers: { Authorization: 'mine' } });
    expect(sent[1]?.headers).toEqual({ authorization: `Bearer ${token}` });
  });

  it.each([['//evil.example/x'], ['@evil.example/'], ['.evil.example/'], ['api'], ['\\evil.example']])(
    'does not leave its origin for the path %j',
    async (path) => {
      const { remotes, sent } = await ready();
      const remote = remotes.remote({ ...server, url: origin });
      await remote.request({ ...get, path }).catch(() => undefined);
      expect(sent.filter(({ url }) => new URL(url).origin !== origin)).toEqual([]);
    },
  );

  it.each([['ftp://flags.acme.dev'], ['https://ana:secret@flags.acme.dev'], ['flags.acme.dev'], ['']])(
    'is refused for the address %j',
    async (url) => {
      const { remotes, sent } = await ready();
      const remote = remotes.remote({ ...server, url });
      await expect(remote.request(get)).rejects.toMatchObject({ reason: 'badAddress' });
      expect(inspect(await remote.refusal())).not.toContain('secret');
      expect(sent).toEqual([]);
    },
  );

  it('follows a redirect within the origin, and gives one that leaves it back as the answer', async () => {
    const { remotes, sent } = await ready(({ url }) => {
      if (url.endsWith('/user')) return { status: 308, headers: { location: 'user/' } };
      if (url.endsWith('/user/')) return { status: 302, headers: { location: 'https://sso.acme.dev/login' } };
      return {};
    });
    const answer = await remotes.remote(server).request(get);
    expect(answer).toMatchObject({ status: 302, headers: { location: 'https://sso.acme.dev/login' } });
    expect(sent.map(({ url }) => url)).toEqual([`${origin}/base/api/admin/user`, `${origin}/base/api/admin/user/`]);
    const post = await remotes.remote(server).request({ ...get, method: 'POST' });
    expect(post.status).toBe(308);
  });

  it('gives up going round in circles', async () => {
    const { remotes, sent } = await ready(({ url }) => ({ status: 302, headers: { location: `${url}x` } }));
    expect((await remotes.remote(server).request(get)).status).toBe(302);
    expect(sent.length).toBe(4);
  });
});

describe('the token', () => {
  it('is in no error, whatever the transport and the server say', async () => {
    const said = `Headers.append: "${token}" is an invalid header value`;
    const failures = [
      () => new HttpError('unreachable', `${origin}/?t=${token}`, said, { cause: new TypeError(said) }),
      () => new TypeError(said, { cause: { headers: { authorization: token } } }),
    ];
    for (const failure of failures) {
      const { remotes, log } = await ready(() => Promise.reject(failure()));
      const error: unknown = await remotes
        .remote(server)
        .request(get)
        .catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(token);
      expect(inspect(log.lines, { depth: 10 })).not.toContain(token);
    }
    const { remotes } = await ready(() => ({ status: 400, body: new TextEncoder().encode(`bad header ${token}!`) }));
    const answer = await remotes.remote(server).request(get);
    expect(new TextDecoder().decode(answer.body)).toBe('bad header [token]!');
  });

  it('that cannot be one is not sent', async () => {
    const { remotes, secrets, sent } = await ready();
    await secrets.set(origin, 'two\nlines');
    const error: unknown = await remotes
      .remote(server)
      .request(get)
      .catch((thrown: unknown) => thrown);
    expect(RemoteError.is(error, 'noToken')).toBe(true);
    expect(inspect(error)).not.toContain('two\nlines');
    expect(sent).toEqual([]);
  });

  it('is tried before it is kept, and leaves no trace when it is not', async () => {
    const { remotes, sent, secrets } = await ready(({ headers }) => ({
      status: headers?.authorization === 'good' ? 200 : 401,
    }));
    expect((await remotes.candidate(server, 'bad').request(get)).status).toBe(401);
    expect((await remotes.candidate(server, 'good').request(get)).status).toBe(200);
    expect(sent.map(({ headers }) => headers?.authorization)).toEqual(['bad', 'good']);
    expect(await secrets.get(origin)).toBe(token);
    expect(remotes.waiting).toEqual([]);
  });

  it('of the environment counts only for the origin named beside it', async () => {
    const environment = { SIGHTGLASS_MY_FLAGS_TOKEN: ` ${token} `, SIGHTGLASS_MY_FLAGS_URL: `${origin}/api` };
    const { remotes, sent } = world(undefined, environmentTokens(environment));
    await remotes.remote({ ...server, id: 'my-flags' }).request(get);
    expect(sent[0]?.headers).toEqual({ authorization: token });
    const evil = { ...server, url: 'https://evil.example' };
    await expect(remotes.remote({ ...evil, id: 'my-flags' }).request(get)).rejects.toMatchObject({
      reason: 'notAllowed',
    });
    await expect(remotes.remote(server).request(get)).rejects.toMatchObject({ reason: 'notAllowed' });
    const alone = world(undefined, environmentTokens({ SIGHTGLASS_FLAGS_TOKEN: token }));
    await alone.origins.allow(origin, 'ana');
    await expect(alone.remotes.remote(server).request(get)).rejects.toMatchObject({ reason: 'noToken' });
    await alone.remotes.remote({ ...server, tokenOptional: true }).request(get);
    expect(alone.sent[0]?.headers).toEqual({});
  });
});

describe('a stream', () => {
  const call = { path: '/flagd.sync.v1.FlagSyncService/SyncFlags', connectMs: 100, maxMessageBytes: 9 };
  const streamed = { ...server, authorization: 'bearer', tokenOptional: true } as const;
  const message = new Uint8Array([1]);

  it('is looked after like a request, and ended when the consent is taken back', async () => {
    const grpc = new MemoryGrpc();
    const { remotes, origins, secrets } = world(undefined, undefined, grpc);
    const remote = remotes.remote(streamed);
    const open = (): AsyncIterator<Uint8Array> => remote.stream!({ ...call, message })[Symbol.asyncIterator]();
    await expect(open().next()).rejects.toMatchObject({ reason: 'notAllowed' });
    expect(grpc.calls).toEqual([]);
    await origins.allow(origin, 'ana');
    await secrets.set(origin, token);
    const messages = open();
    const arrives = messages.next();
    await expect.poll(() => grpc.open).toBe(1);
    grpc.send(message);
    expect(await arrives).toEqual({ done: false, value: message });
    expect(grpc.calls[0]).toMatchObject({
      url: `${origin}/base${call.path}`,
      headers: { authorization: `Bearer ${token}` },
    });
    const after = messages.next();
    await origins.forget([origin]);
    await expect(after).rejects.toMatchObject({ name: 'HttpError', reason: 'aborted' });
    expect(grpc.open).toBe(0);
  });

  it('is ended when its token is wiped, or cannot be looked up any more', async () => {
    const grpc = new MemoryGrpc();
    const { remotes, origins, secrets } = world(undefined, undefined, grpc);
    const remote = remotes.remote(streamed);
    await origins.allow(origin, 'ana');
    for (const end of ['wiped', 'locked']) {
      await secrets.set(origin, token);
      const messages = remote.stream!({ ...call, message })[Symbol.asyncIterator]();
      const next = messages.next();
      await expect.poll(() => grpc.open).toBe(1);
      const looked = vi.spyOn(secrets, 'get');
      if (end === 'locked') looked.mockRejectedValue(new Error('the key ring is locked'));
      await (end === 'wiped' ? secrets.delete(origin) : secrets.set('https://other.test', 'x'));
      await expect(next).rejects.toMatchObject({ name: 'HttpError', reason: 'aborted' });
      looked.mockRestore();
    }
  });

  it('says nothing of the token when it fails', async () => {
    const error = new GrpcError(13, origin, `metadata authorization: Bearer ${token}`);
    const failing: Grpc = {
      stream: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) }),
    };
    const { remotes, origins, secrets } = world(undefined, undefined, failing);
    await origins.allow(origin, 'ana');
    await secrets.set(origin, token);
    const messages = remotes.remote(streamed).stream!({ ...call, message })[Symbol.asyncIterator]();
    const thrown: unknown = await messages.next().catch((failed: unknown) => failed);
    expect(thrown).toMatchObject({ name: 'GrpcError', code: 13 });
    expect(inspect(thrown, { depth: 10 })).not.toContain(token);
  });

  it('that refuses the token says so to the person', async () => {
    const grpc = new MemoryGrpc();
    const { remotes, origins, secrets } = world(undefined, undefined, grpc);
    await origins.allow(origin, 'ana');
    await secrets.set(origin, token);
    const messages = remotes.remote(streamed).stream!({ ...call, message })[Symbol.asyncIterator]();
    const next = messages.next();
    await expect.poll(() => grpc.open).toBe(1);
    grpc.fail(16);
    await expect(next).rejects.toMatchObject({ name: 'GrpcError', code: 16 });
    expect(remotes.waiting).toMatchObject([{ reason: 'refused', origin }]);
  });
});

describe('what is waiting for the person', () => {
  it('follows consent, tokens, answers and trust, and others are told to ask again', async () => {
    let status = 200;
    const { remotes, origins, secrets, trust } = world(() => ({ status }));
    let told = 0;
    remotes.onDidChange(() => told++);
    const reasons = (): unknown[] => remotes.waiting.map(({ reason, reach }) => [reason, reach]);
    const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    const remote = remotes.remote(server);
    trust.is = false;
    await remote.refusal();
    expect(reasons()).toEqual([['untrusted', 'public']]);
    trust.is = true;
    trust.granted.fire();
    await settle();
    expect(reasons()).toEqual([['notAllowed', 'public']]);
    await origins.allow(origin, 'ana');
    await settle();
    expect(reasons()).toEqual([['noToken', 'public']]);
    await secrets.set(origin, token);
    await settle();
    expect(reasons()).toEqual([]);
    expect(told).toBe(3);
    status = 401;
    await remote.request(get);
    await remote.refusal();
    expect(reasons()).toEqual([['refused', 'public']]);
    status = 200;
    await remote.request(get);
    expect(reasons()).toEqual([]);
    await secrets.delete(origin);
    await remote.refusal();
    expect(reasons()).toEqual([['noToken', 'public']]);
  });
});
