// Debian's VictoriaMetrics, filled through its import API.
import { pathToFileURL } from 'node:url';
import { packagedBinary, unpackPackage } from './shared/debianPackage.mjs';
import { freePort, runServer } from './shared/runServer.mjs';

export const victoriaMetricsNeeds = 'VictoriaMetrics';
export const victoriaMetricsHow = 'node test/servers/victoriametrics.mjs';

export const hasVictoriaMetrics = () => packagedBinary('victoria-metrics', 'victoria-metrics') !== null;

/**
 * Starts it in `folder` (empty, the caller's to remove). `history` is Prometheus text with timestamps in milliseconds.
 * Resolves when what was imported can be queried.
 */
export async function startVictoriaMetrics({ folder, history, prefix = '' }) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await runServer({
    command: packagedBinary('victoria-metrics', 'victoria-metrics'),
    args: [
      `-storageDataPath=${folder}/data`,
      `-httpListenAddr=127.0.0.1:${port}`,
      '-retentionPeriod=10y',
      '-loggerLevel=ERROR',
      ...(prefix === '' ? [] : [`-http.pathPrefix=${prefix}`]),
    ],
    url,
    ready: `${prefix}/health`,
  });
  try {
    if (history !== undefined) {
      const imported = await fetch(`${url}${prefix}/api/v1/import/prometheus`, { method: 'POST', body: history });
      if (!imported.ok) throw new Error(`The import was refused (${imported.status}): ${await imported.text()}`);
      await (await fetch(`${url}${prefix}/internal/force_flush`)).arrayBuffer();
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: `${url}${prefix}`, stop: server.stop };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  unpackPackage('victoria-metrics', ['victoria-metrics']);
}
