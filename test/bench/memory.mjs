// Memory of the receiver worker after a million spans over 2,000 operations, and what is then on disk.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encoded, traceExport } from './otlpLoad.mjs';
import { startWorker } from './workerRpc.mjs';

const post = (port, body) =>
  new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: '127.0.0.1',
        port,
        path: '/v1/traces',
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': body.length },
      },
      (response) => response.resume().on('end', () => resolve(response.statusCode)),
    );
    request.on('error', reject);
    request.end(body);
  });

const bytesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesBelow(path) : statSync(path).size);
  }, 0);

export async function run({ root, figure }) {
  const home = mkdtempSync(join(tmpdir(), 'sightglass-memory-'));
  try {
    const telemetry = startWorker(root, 'telemetry', {});
    const status = await telemetry.call('start', { home, address: '127.0.0.1', port: 0, token: null });
    const port = status.port ?? (await telemetry.call('status', {})).port;
    const heap = async () => (await telemetry.worker.getHeapStatistics?.())?.used_heap_size;
    const before = process.memoryUsage().rss;
    const begin = performance.now();
    const refused = {};
    for (let sent = 0, batch = 0; sent < 1_000_000; sent += 2000, batch++) {
      const code = await post(
        port,
        encoded(traceExport({ spans: 2000, operations: 2000, offset: batch * 500, now: Date.now() }), false),
      );
      if (code !== 200) refused[code] = (refused[code] ?? 0) + 1;
    }
    const seconds = (performance.now() - begin) / 1000;
    await new Promise((resolve) => setTimeout(resolve, 6000));
    const used = await heap();
    figure('spans counted', String((await telemetry.call('status', {})).spansReceived));
    figure('refused requests', JSON.stringify(refused));
    figure(
      'process growth (worker, its buffers, and this sender)',
      `${((process.memoryUsage().rss - before) / 2 ** 20).toFixed(0)} MB after ${seconds.toFixed(0)} s`,
    );
    if (used !== undefined) figure('heap of the worker', `${(used / 2 ** 20).toFixed(0)} MB`);
    figure('store on disk', `${(bytesBelow(home) / 2 ** 20).toFixed(1)} MB`);
    await telemetry.call('stop', {});
    await telemetry.stop();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
