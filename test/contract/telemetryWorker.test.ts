import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { backendConfigSchema } from '../../src/model/config';
import type { SignalFacts } from '../../src/model/facts';
import { serveRemotes } from '../../src/platform/channelRemotes';
import { DisposableStack } from '../../src/platform/disposable';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { nodeWorkers } from '../../src/platform/node/workerChannel';
import { rpcClient, type RpcClient } from '../../src/platform/rpc';
import type { TelemetryEvents, TelemetryMethods } from '../../src/telemetry/api';
import {
  hasVictoriaMetrics,
  startVictoriaMetrics,
  victoriaMetricsHow,
  victoriaMetricsNeeds,
} from '../servers/victoriametrics.mjs';
import { describeServer } from './metricBackend';
import { labelText } from './metricHistory';

describeServer('the telemetry worker', hasVictoriaMetrics(), victoriaMetricsNeeds, victoriaMetricsHow, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sightglass-worker-'));
  const held = new DisposableStack();
  let url: string;
  let stop: (() => Promise<void>) | undefined;
  let client: RpcClient<TelemetryMethods, TelemetryEvents>;
  let askedOfHost = 0;

  beforeAll(async () => {
    ({ url, stop } = await startVictoriaMetrics({ folder: join(folder, 'vm'), history: history(Date.now()) }));
    await build({
      entryPoints: [resolve(import.meta.dirname, '../../src/workers/telemetry.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      outfile: join(folder, 'worker-telemetry.js'),
      logLevel: 'silent',
    });
    const worker = held.add(nodeWorkers(folder).start('telemetry', null));
    const http = {
      request: (request: Parameters<typeof loopbackHttp.request>[0]) => {
        askedOfHost += 1;
        return loopbackHttp.request(request);
      },
    };
    held.add(serveRemotes(worker.channel, memoryRemotes(http)));
    client = held.add(rpcClient<TelemetryMethods, TelemetryEvents>(worker.channel));
    await client.call('start', { home: join(folder, 'home'), address: '127.0.0.1', port: 0, token: null });
  }, 60_000);
  afterAll(async () => {
    await client.call('stop', {}).catch(() => undefined);
    held.dispose();
    await stop?.();
    rmSync(folder, { recursive: true, force: true });
  });

  it('asks a metrics server through the host, and tells when what it did not wait for has come', async () => {
    const backends = [backendConfigSchema.parse({ id: 'fleet', type: 'prometheus', url })];
    const ask = (): Promise<SignalFacts> =>
      client.call('facts', {
        environment: 'production',
        windowMinutes: 15,
        codePaths: [],
        overrides: {},
        services: {},
        flags: [{ key: 'new-checkout', at: [], effective: null, offVariant: 'off' }],
        backends,
      });
    let changes = 0;
    client.on('changed', () => (changes += 1));
    const began = Date.now();
    const first = await ask();
    const waited = Date.now() - began;
    let last = first;
    for (let turn = 0; turn < 100 && last.flags.length === 0; turn += 1) {
      await new Promise((done) => setTimeout(done, 100));
      if (changes > 0) last = await ask();
    }
    const [builtIn, fleet] = last.sources!;
    expect(builtIn).toMatchObject({ id: 'builtin', state: 'ok', decided: 'notThere' });
    expect(fleet).toMatchObject({ id: 'backend:fleet', state: 'ok', decided: 'found', toldApart: ['new-checkout'] });
    expect(last.flags.map(({ service, source, arms }) => [service, source, arms.length])).toEqual([
      ['shop', 'backend:fleet', 2],
    ]);
    expect(askedOfHost).toBeGreaterThan(3);
    // The first answer did not wait for the server: it came with it, or at once and said that it is being asked.
    if (first.flags.length === 0) {
      expect(first.sources![1]!.state).toBe('asking');
      expect(waited).toBeLessThan(5_000);
    }
    const before = askedOfHost;
    await ask();
    // A moment later all of it is known still, or at most the minute has changed.
    expect(askedOfHost - before).toBeLessThanOrEqual(8);
  }, 30_000);

  it('asks it where nothing is received, and it alone', async () => {
    await client.call('stop', {});
    const facts = await client.call('facts', {
      ...{ environment: 'production', windowMinutes: 15, codePaths: [], overrides: {}, services: {} },
      flags: [{ key: 'new-checkout', at: [], effective: null, offVariant: 'off' }],
      // Another than before, so that the first question is answered by asking.
      backends: [backendConfigSchema.parse({ id: 'other', type: 'prometheus', url })],
    });
    expect(facts.sources!.map(({ id, state }) => [id, state])).toEqual([['backend:other', 'ok']]);
    expect(facts.flags.map(({ arms }) => arms.length)).toEqual([2]);
  }, 30_000);
});

function history(now: number): string {
  const lines: string[] = [];
  for (let at = now - 10 * 60_000; at <= now; at += 15_000) {
    for (const variant of ['on', 'off']) {
      const labels = {
        service_name: 'shop',
        span_name: 'POST /checkout',
        span_kind: 'SPAN_KIND_SERVER',
        status_code: 'STATUS_CODE_OK',
        deployment_environment_name: 'production',
        feature_flag_new_checkout: variant,
      };
      const count = Math.round((at - now) / 15_000) + 100;
      lines.push(`calls_total${labelText(labels)} ${count} ${at}`);
      lines.push(`duration_milliseconds_bucket${labelText({ ...labels, le: '+Inf' })} ${count} ${at}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
