// Spans a second into the receiver worker over HTTP on loopback, in both encodings, against a worker that only reads and
// decodes the same bodies (bareReceiver.mjs); and what a steady 20,000 spans/s leave of the thread the extension lives on.
// The sender is another process, so the CPU time of this one is the worker's: on a machine that others use as
// well, spans per second of CPU is the figure that holds, and wall time the one that is felt.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { startSender } from './otlpSender.mjs';
import { startWorker } from './workerRpc.mjs';

const spans = 512;
const requests = 400;
const steadySpans = 20_000;
const steadySeconds = 30;
/** Milliseconds; part of what the histogram records. */
const delayResolution = 5;

const thousands = (value) => `${(value / 1000).toFixed(0)}k`;
const answers = (statuses) =>
  Object.entries(statuses)
    .map(([code, count]) => `${count} x ${code}`)
    .join(', ');

async function measure(sender, load) {
  const cpu = process.cpuUsage();
  const sent = await sender.send(load);
  const { user, system } = process.cpuUsage(cpu);
  const total = load.requests * spans;
  return {
    ...sent,
    cpuShare: (user + system) / 1e6 / sent.seconds,
    perSecond: total / sent.seconds,
    perCpu: (total / (user + system)) * 1e6,
  };
}

async function delayOf(work) {
  const histogram = monitorEventLoopDelay({ resolution: delayResolution });
  histogram.enable();
  const result = await work();
  histogram.disable();
  return { result, p99: Math.max(histogram.percentile(99) / 1e6 - delayResolution, 0) };
}

export async function run({ root, figure }) {
  const home = mkdtempSync(join(tmpdir(), 'sightglass-receiver-'));
  const sender = startSender();
  const telemetry = startWorker(root, 'telemetry', {});
  const bare = new Worker(new URL('bareReceiver.mjs', import.meta.url));
  try {
    const barePort = await new Promise((resolve) => bare.once('message', resolve));
    const { port } = await telemetry.call('start', { home, address: '127.0.0.1', port: 0, token: null });
    let sent = 0;
    for (const [encoding, peerName] of [
      ['protobuf', '@bufbuild/protobuf'],
      ['json', 'JSON.parse'],
    ]) {
      const { bytesPerSpan } = await sender.prepare({ encoding, count: 100, spans, operations: 200 });
      const load = { requests, lanes: 4 };
      for (const each of [port, barePort]) await sender.send({ ...load, port: each, requests }); // warm
      const ours = await measure(sender, { ...load, port });
      const peer = await measure(sender, { ...load, port: barePort });
      sent += 2 * requests * spans;
      const said = ({ perSecond, perCpu }) => `${thousands(perSecond)} spans/s, ${thousands(perCpu)} per CPU second`;
      figure(`${encoding}, ${bytesPerSpan.toFixed(0)} bytes a span: receiver`, said(ours), '150k spans/s');
      figure(`  HTTP server that only decodes with ${peerName}`, said(peer));
      figure('  receiver / peer, by CPU', `${(ours.perCpu / peer.perCpu).toFixed(2)}x`);
      figure('  answers', answers(ours.statuses));
    }
    const counted = (await telemetry.call('status', {})).spansReceived;
    figure('spans counted / sent', `${counted} / ${sent}`);

    const idle = await delayOf(() => sleep(5_000));
    figure("host thread's event loop delay without spans, p99", `${idle.p99.toFixed(1)} ms`);
    for (const encoding of ['protobuf', 'json']) {
      await sender.prepare({ encoding, count: 100, spans, operations: 200 });
      const perSecond = steadySpans / spans;
      const load = { port, requests: Math.round(steadySeconds * perSecond), lanes: 4, perSecond };
      const { result, p99 } = await delayOf(() => measure(sender, load));
      figure(
        `  with ${thousands(result.perSecond)} spans/s of ${encoding} for ${steadySeconds} s`,
        `${p99.toFixed(1)} ms`,
      );
      figure('  CPU of the process meanwhile', `${(result.cpuShare * 100).toFixed(0)} % of a core`);
    }
    await telemetry.call('stop', {});
  } finally {
    sender.stop();
    await bare.terminate();
    await telemetry.stop();
    rmSync(home, { recursive: true, force: true });
  }
}
