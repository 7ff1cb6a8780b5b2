// Debian's Prometheus, with history written by its own promtool.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { packagedBinary, unpackPackage } from './shared/debianPackage.mjs';
import { freePort, runServer } from './shared/runServer.mjs';

export const prometheusNeeds = 'Prometheus';
export const prometheusHow = 'node test/servers/prometheus.mjs';

export const hasPrometheus = () =>
  ['prometheus', 'promtool'].every((binary) => packagedBinary('prometheus', binary) !== null);

/**
 * Starts it in `folder` (empty, the caller's to remove). `history` is OpenMetrics text with timestamps, `# EOF` included;
 * `prefix` a path it serves below; `scrape` a `host:port` asked for /metrics every second.
 */
export async function startPrometheus({ folder, history, prefix = '', scrape }) {
  const data = join(folder, 'data');
  mkdirSync(data, { recursive: true });
  if (history !== undefined) {
    const file = join(folder, 'history.txt');
    writeFileSync(file, history);
    execFileSync(
      packagedBinary('prometheus', 'promtool'),
      ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', file, data],
      { stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 },
    );
  }
  const configuration = join(folder, 'prometheus.yml');
  const jobs = scrape
    ? [{ job_name: 'live', scrape_interval: '1s', honor_labels: true, static_configs: [{ targets: [scrape] }] }]
    : [];
  // JSON is YAML.
  writeFileSync(configuration, JSON.stringify({ scrape_configs: jobs }));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await runServer({
    command: packagedBinary('prometheus', 'prometheus'),
    args: [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=10y',
      `--web.listen-address=127.0.0.1:${port}`,
      ...(prefix === '' ? [] : [`--web.external-url=${url}${prefix}`]),
      '--enable-feature=exemplar-storage,native-histograms',
      '--web.enable-remote-write-receiver',
      '--web.console.templates=/nonexistent',
      '--web.console.libraries=/nonexistent',
    ],
    url,
    ready: `${prefix}/-/ready`,
  });
  return { url: `${url}${prefix}`, stop: server.stop };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  unpackPackage('prometheus', ['prometheus', 'promtool']);
}
