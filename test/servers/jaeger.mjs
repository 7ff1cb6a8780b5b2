// Jaeger 2 itself, built by Go from the versions and checksums in test/servers/jaeger: of v1.62.0, which holds it beside
// Jaeger 1, as the module path has no v2. `node test/servers/jaeger.mjs` builds it into .cache/servers/jaeger, once a
// version: some ten minutes on two cores, and 70 MB.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { goRecipe, installByGo } from './shared/goBuild.mjs';
import { freePort, runServer } from './shared/runServer.mjs';

const recipe = goRecipe({ name: 'jaeger', module: 'github.com/jaegertracing/jaeger/cmd/jaeger', executable: 'jaeger' });

export const jaegerNeeds = 'Jaeger';
export const jaegerHow = 'node test/servers/jaeger.mjs, which needs Go 1.25';

/** One that is built already may be named by SIGHTGLASS_JAEGER. */
const jaegerBinary = () => process.env.SIGHTGLASS_JAEGER || recipe.binary;

export const hasJaeger = () => existsSync(jaegerBinary());

/** Starts it with traces in memory. `folder` (the caller's to remove) takes its configuration. */
export async function startJaeger({ folder }) {
  const [query, grpc, otlp] = [await freePort(), await freePort(), await freePort()];
  const at = (port) => ({ endpoint: `127.0.0.1:${port}` });
  const configuration = join(folder, 'jaeger.json');
  // JSON is YAML.
  const settings = {
    service: {
      extensions: ['jaeger_storage', 'jaeger_query'],
      pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
      telemetry: { metrics: { level: 'none' }, logs: { level: 'warn' } },
    },
    extensions: {
      jaeger_storage: { backends: { held: { memory: { max_traces: 10_000 } } } },
      jaeger_query: { storage: { traces: 'held' }, http: at(query), grpc: at(grpc) },
    },
    receivers: { otlp: { protocols: { http: at(otlp) } } },
    exporters: { jaeger_storage_exporter: { trace_storage: 'held' } },
  };
  writeFileSync(configuration, JSON.stringify(settings));
  const url = `http://127.0.0.1:${query}`;
  const server = await runServer({
    command: jaegerBinary(),
    args: ['--config', configuration],
    url,
    ready: '/api/services',
  });
  return { url, otlp: `http://127.0.0.1:${otlp}/v1/traces`, stop: server.stop };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) installByGo(recipe, jaegerNeeds);
