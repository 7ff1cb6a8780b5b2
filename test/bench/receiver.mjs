// Spans a second into the receiver worker over HTTP on loopback. The peer is what any receiver in JavaScript has to do
// at least: an HTTP server in a worker of its own that reads the same bodies and JSON.parses them.
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { encoded, traceExport } from './otlpLoad.mjs';
import { startWorker } from './workerRpc.mjs';

const spansPerRequest = 512;
const requests = 400;

const bareServer = `
const http = require('node:http');
const { parentPort } = require('node:worker_threads');
let spans = 0;
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    spans += body.resourceSpans[0].scopeSpans[0].spans.length;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{}');
  });
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

async function send(port, bodies) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  const statuses = {};
  let next = 0;
  const one = () =>
    new Promise((resolve, reject) => {
      const body = bodies[next++ % bodies.length];
      const request = http.request(
        {
          host: '127.0.0.1',
          port,
          path: '/v1/traces',
          method: 'POST',
          agent,
          headers: { 'content-type': 'application/json', 'content-length': body.length },
        },
        (response) => {
          statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
          response.resume();
          response.on('end', resolve);
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  const lane = async () => {
    while (next < requests) await one();
  };
  const begin = performance.now();
  await Promise.all([lane(), lane(), lane(), lane()]);
  const seconds = (performance.now() - begin) / 1000;
  agent.destroy();
  return { perSecond: (requests * spansPerRequest) / seconds, statuses };
}

export async function run({ root, figure }) {
  const home = mkdtempSync(join(tmpdir(), 'sightglass-receiver-'));
  const now = Date.now();
  const bodies = Array.from({ length: 100 }, (_, index) =>
    encoded(traceExport({ spans: spansPerRequest, operations: 200, offset: index * 128, now }), false),
  );
  try {
    const telemetry = startWorker(root, 'telemetry', {});
    const status = await telemetry.call('start', { home, address: '127.0.0.1', port: 0, token: null });
    const port = status.port ?? (await telemetry.call('status', {})).port;
    await send(port, bodies); // warm
    const ours = await send(port, bodies);
    const after = await telemetry.call('status', {});

    const bare = new Worker(bareServer, { eval: true });
    const barePort = await new Promise((resolve) => bare.once('message', resolve));
    await send(barePort, bodies);
    const peer = await send(barePort, bodies);
    await bare.terminate();

    figure(
      'answers',
      Object.entries(ours.statuses)
        .map(([code, count]) => `${count} x ${code}`)
        .join(', '),
    );
    figure('spans counted by the receiver / sent', `${after.spansReceived} / ${2 * requests * spansPerRequest}`);
    figure('receiver', `${(ours.perSecond / 1000).toFixed(0)}k spans/s`, '150k spans/s');
    figure('peer: HTTP server that only JSON.parses', `${(peer.perSecond / 1000).toFixed(0)}k spans/s`);
    figure('receiver / peer', `${(ours.perSecond / peer.perSecond).toFixed(2)}x`);
    await telemetry.call('stop', {});
    await telemetry.stop();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
