// Memory of the receiver worker after a million spans over 2,000 operations, and what is then on disk. The sender is a
// process of its own; the worker is asked from inside, after a full collection of its heap.
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSender } from './otlpSender.mjs';
import { startWorker } from './workerRpc.mjs';

const spans = 500;
const total = 1_000_000;
const operations = 2_000;

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

const bytesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    return sum + (entry.isDirectory() ? bytesBelow(path) : statSync(path).size);
  }, 0);

export async function run({ root, figure }) {
  const home = mkdtempSync(join(tmpdir(), 'sightglass-memory-'));
  const sender = startSender();
  const telemetry = startWorker(root, 'telemetry', {}, { probe: true });
  try {
    const { port } = await telemetry.call('start', { home, address: '127.0.0.1', port: 0, token: null });
    await sender.prepare({ encoding: 'protobuf', count: 64, spans, operations });
    const before = await telemetry.heap();
    const load = { port, requests: total / spans, lanes: 4 };
    const { seconds, statuses } = await sender.send(load);
    figure(
      'answers',
      Object.entries(statuses)
        .map(([code, count]) => `${count} x ${code}`)
        .join(', '),
    );
    const after = await telemetry.heap();
    figure('spans counted', `${(await telemetry.call('status', {})).spansReceived} in ${seconds.toFixed(0)} s`);
    figure('heap of the worker before', megabytes(before));
    figure('  growth, with the traces that are held for a minute', megabytes(after - before));
    await sleep(70_000);
    figure('  growth a minute later, with the rollups alone', megabytes((await telemetry.heap()) - before));
    figure('store on disk', megabytes(bytesBelow(home)));
    await telemetry.call('stop', {});
  } finally {
    sender.stop();
    await telemetry.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
