import type { ConfiguredServer } from '../../../src/flags/configuredServers';
import { AllowedOrigins } from '../../../src/platform/allowedOrigins';
import { Emitter } from '../../../src/platform/emitter';
import { GuardedRemotes } from '../../../src/platform/guardedRemotes';
import type { HttpRequest, HttpResponse } from '../../../src/platform/http';
import { MemoryClock } from '../../../src/platform/memory/clock';
import { MemoryFiles } from '../../../src/platform/memory/files';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { MemoryLog } from '../../../src/platform/memory/log';
import { memoryPaths } from '../../../src/platform/memory/paths';
import { MemorySecrets } from '../../../src/platform/memory/secrets';
import { secretTokens } from '../../../src/platform/tokens';
import type { ServerAccess } from '../../../src/platform/vscode/serverAccess';
import { host } from './fakeHost';

/** Servers behind the real guard, answered in memory. */
export interface GuardedWorld {
  readonly access: ServerAccess;
  readonly sent: HttpRequest[];
  readonly files: MemoryFiles;
  readonly configured: ConfiguredServer[];
  readonly flagsChanged: Emitter<void>;
}

export function guardedWorld(answer: (asked: HttpRequest) => Partial<HttpResponse>): GuardedWorld {
  const files = new MemoryFiles();
  const log = new MemoryLog();
  const secrets = new MemorySecrets();
  const sent: HttpRequest[] = [];
  const quiet = (): Emitter<void> => new Emitter<void>(() => undefined);
  const origins = new AllowedOrigins({ files, paths: memoryPaths, clock: new MemoryClock(), log, home: '/home/me/sg' });
  const remotes = new GuardedRemotes({
    http: {
      request: async (asked) => {
        sent.push(asked);
        return { status: 200, headers: {}, body: new Uint8Array(), ...answer(asked) };
      },
    },
    origins,
    tokens: secretTokens(secrets),
    trusted: () => host.trusted,
    onDidTrust: quiet().event,
    advice: (reason) => `(${reason})`,
    l10n: memoryL10n,
    log,
  });
  return {
    access: { remotes, origins, secrets, dispose: () => undefined },
    sent,
    files,
    configured: [],
    flagsChanged: quiet(),
  };
}

const json = (value: unknown, status = 200): Partial<HttpResponse> => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: new TextEncoder().encode(JSON.stringify(value)),
});

export const good = 'user:3f2c9d8e7a6b5c4d3e2f1a0b';
export const sdkToken = 'default:development.3f2c9d8e7a6b5c4d3e2f';

/** Answers as Unleash 8.2 does (bodies as a real one gave them). */
export function unleash({ url, headers }: HttpRequest): Partial<HttpResponse> {
  const { pathname } = new URL(url);
  if (!pathname.startsWith('/api/admin/'))
    return { status: 200, headers: { 'content-type': 'text/html' }, body: new TextEncoder().encode('<!doctype html>') };
  if (headers?.authorization === sdkToken)
    return json({ message: 'invalid token: expected a different token type for this endpoint' }, 403);
  if (headers?.authorization !== good)
    return json({ name: 'UnauthorizedError', message: 'You must log in to use Unleash.', details: [] }, 401);
  switch (pathname) {
    case '/api/admin/user':
      return json({ user: { id: 1 }, permissions: [{ permission: 'UPDATE_FEATURE_ENVIRONMENT', project: 'default' }] });
    case '/api/admin/projects':
      return json({
        version: 1,
        projects: [
          { id: 'default', name: 'Default' },
          { id: 'shop', name: 'The shop' },
        ],
      });
    case '/api/admin/environments/project/shop':
      return json({
        environments: [
          { name: 'development', type: 'development', enabled: true },
          { name: 'production', type: 'production', enabled: true },
          { name: 'old', type: 'test', enabled: false },
        ],
      });
    default:
      return json({ name: 'NotFoundError', message: 'not there' }, 404);
  }
}
