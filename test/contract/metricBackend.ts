import { describe, it } from 'vitest';
import { backendConfigSchema, type BackendConfig } from '../../src/model/config';
import type { CodePath } from '../../src/model/reference';
import type { Clock } from '../../src/platform/clock';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { systemClock } from '../../src/platform/node/clock';
import { PrometheusBackend } from '../../src/telemetry/prometheus/prometheusBackend';

/** A suite over a real server: skipped, saying what it needs, where that is not there. */
export function describeServer(name: string, isThere: boolean, needs: string, how: string, suite: () => void): void {
  if (isThere) describe(name, suite);
  else it.skip(`${name} - skipped: needs ${needs} (${how})`);
}

/** The product's own backend over a server at `url`, its clock standing at `now` when given. */
export function backendAt(url: string, now?: number, more: Partial<BackendConfig> = {}): PrometheusBackend {
  const config = backendConfigSchema.parse({ id: 'metrics', type: 'prometheus', url, ...more });
  const clock: Clock = now === undefined ? systemClock : { ...systemClock, now: () => now };
  return new PrometheusBackend(config, { remotes: memoryRemotes(loopbackHttp), clock, l10n: memoryL10n });
}

export function route(method: string, template: string, name = `${method} ${template}`): CodePath {
  return {
    path: 'src/app.ts',
    name,
    kind: 'route',
    startLine: name.length + template.length,
    startColumn: 1,
    endLine: 100,
    lensLine: 1,
    routes: [{ method, template, framework: 'express', line: 1 }],
    spans: [],
    calls: [],
  };
}
