import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { backendConfigSchema } from '../../src/model/config';
import type { ServiceEdge } from '../../src/model/serviceGraph';
import { memoryL10n } from '../../src/platform/memory/l10n';
import { memoryRemotes } from '../../src/platform/memory/remotes';
import { systemClock } from '../../src/platform/node/clock';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { JaegerGraph } from '../../src/telemetry/jaeger/jaegerGraph';
import { decodeJsonTraces } from '../../src/telemetry/otlp/jsonTraces';
import { SignalStore } from '../../src/telemetry/store/signalStore';
import { storeGraph } from '../../src/telemetry/store/storeGraph';
import { hasJaeger, jaegerHow, jaegerNeeds, startJaeger, type RunningJaeger } from '../servers/jaeger.mjs';
import { hasPrometheus, prometheusHow, prometheusNeeds, startPrometheus } from '../servers/prometheus.mjs';
import { demoSpans, otlpOf } from '../unit/telemetry/ingest/otelDemoEdges';
import { backendAt, describeServer } from './metricBackend';

const minute = 60_000;
const { signal } = new AbortController();
const linesOf = (edges: readonly ServiceEdge[]): string[] =>
  edges.map(({ client, server, requests }) => `${client ?? '?'} ${server} ${requests}`).sort();

describeServer('Jaeger itself', hasJaeger(), jaegerNeeds, jaegerHow, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sightglass-jaeger-'));
  let jaeger: RunningJaeger | undefined;

  beforeAll(async () => {
    jaeger = await startJaeger({ folder });
  }, 60_000);
  afterAll(async () => {
    await jaeger?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('sees the edges that the built-in store sees, of one stream of spans', async () => {
    const now = Date.now();
    // Jaeger follows parents and no links: https://github.com/jaegertracing/jaeger, its memory storage.
    const spans = demoSpans().filter(({ link }) => link === undefined);
    const body = JSON.stringify(otlpOf(spans, now));
    const sent = await fetch(jaeger!.otlp, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(sent.status).toBe(200);
    const store = new SignalStore(systemClock);
    store.ingest(decodeJsonTraces(new TextEncoder().encode(body)));
    const window = { from: now - 10 * minute, to: now + minute };
    const ours = storeGraph(store, '', window).edges.filter(({ client }) => client !== null);

    const config = backendConfigSchema.parse({ id: 'j', type: 'jaeger', url: jaeger!.url });
    const graph = new JaegerGraph(config, { remotes: memoryRemotes(loopbackHttp), l10n: memoryL10n });
    let theirs = await graph.serviceGraph('', window, signal);
    for (let tries = 0; tries < 50 && (theirs?.edges.length ?? 0) < ours.length; tries++) {
      await new Promise((done) => setTimeout(done, 100));
      theirs = await graph.serviceGraph('', window, signal);
    }
    expect(linesOf(theirs?.edges ?? [])).toEqual(linesOf(ours));
    expect(ours.length).toBeGreaterThan(20);
    expect(theirs?.partial).toBe(false);
  }, 30_000);
});

describeServer('Prometheus itself: who calls whom', hasPrometheus(), prometheusNeeds, prometheusHow, () => {
  const folder = mkdtempSync(join(tmpdir(), 'sightglass-graph-'));
  const until = Math.floor(Date.now() / minute) * minute;
  let url: string;
  let stop: (() => Promise<void>) | undefined;

  beforeAll(async () => {
    const lines = ['# TYPE traces_service_graph_request counter'];
    const add = (labels: string, countAt: (step: number) => number): void => {
      for (let step = 0; step <= 40; step++)
        lines.push(
          `traces_service_graph_request_total{${labels}} ${countAt(step)} ${(until - (40 - step) * minute) / 1_000}`,
        );
    };
    add('client="web",server="shop",connection_type=""', (step) => 100 + step * 7);
    add('client="shop",server="mail",connection_type="messaging_system"', (step) => 5 + Math.floor(step / 10));
    add('client="user",server="web",connection_type="virtual_node"', (step) => 1 + step);
    add('client="shop",server="orders",connection_type="database"', (step) => step * 3);
    add('client="old",server="shop",connection_type=""', () => 12);
    const history = `${lines.join('\n')}\n# EOF\n`;
    ({ url, stop } = await startPrometheus({ folder, history }));
  }, 60_000);
  afterAll(async () => {
    await stop?.();
    rmSync(folder, { recursive: true, force: true });
  });

  it('counts what each edge grew by in the window, to the request', async () => {
    const backend = backendAt(url, until);
    const graph = await backend.serviceGraph('production', { from: until - 30 * minute, to: until }, signal);
    expect(linesOf(graph?.edges ?? [])).toEqual(['? web 30', 'shop mail 3', 'web shop 210']);
    expect(graph?.services).toEqual(['mail', 'old', 'shop', 'web']);
    // Nothing of it names an environment.
    expect(graph?.environment).toBe('');
  }, 30_000);
});
