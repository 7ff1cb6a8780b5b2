// Sends trace exports from a process of its own, as the exporters of a service do, so that what the receiver's process
// burns is the receiver's. Commands come over the channel of `startSender`; every request's ids are its own, since a
// receiver leaves out spans it has seen.
import { fork } from 'node:child_process';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { encoded, traceExport } from './otlpLoad.mjs';
import { protobufOf } from './otlpProtobuf.mjs';

const contentTypes = { json: 'application/json', protobuf: 'application/x-protobuf' };
const marker = 'a5c39e71';

/** `prepare`, then `send` as often as wanted; both answer when it is done. */
export function startSender() {
  const child = fork(fileURLToPath(import.meta.url), { stdio: 'inherit' });
  const ask = (command) =>
    new Promise((resolve, reject) => {
      const gone = () => reject(new Error('The sender is gone'));
      child.once('exit', gone);
      child.once('message', (answer) => {
        child.off('exit', gone);
        resolve(answer);
      });
      child.send(command);
    });
  return {
    /** Makes `bodies` different requests of `spans` spans over `operations` operations. */
    prepare: (load) => ask({ prepare: load }),
    /** Sends `requests` of them over `lanes` connections, as fast as they are answered or `perSecond` at most. */
    send: (load) => ask({ send: load }),
    stop: () => child.disconnect(),
  };
}

let bodies = [];
let round = 0;

function prepare({ encoding, count, spans, operations }) {
  bodies = Array.from({ length: count }, (_, index) => {
    const traces = traceExport({ spans, operations, offset: (index * spans) / 4, now: Date.now(), marker });
    const body = encoding === 'json' ? encoded(traces, false) : protobufOf(traces);
    const wanted = encoding === 'json' ? Buffer.from(marker) : Buffer.from(marker, 'hex');
    const places = [];
    for (let at = body.indexOf(wanted); at >= 0; at = body.indexOf(wanted, at + wanted.length)) places.push(at);
    return { body, places, contentType: contentTypes[encoding] };
  });
  return { bytesPerSpan: bodies.reduce((sum, { body }) => sum + body.length, 0) / (count * spans) };
}

function next(at) {
  const { body, places, contentType } = bodies[at % bodies.length];
  const own = Buffer.from((round++).toString(16).padStart(8, '0'), contentType === contentTypes.json ? 'ascii' : 'hex');
  const copy = Buffer.from(body);
  for (const place of places) own.copy(copy, place);
  return { body: copy, contentType };
}

async function send({ port, requests, lanes, perSecond = Number.POSITIVE_INFINITY }) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: lanes });
  const statuses = {};
  const one = ({ body, contentType }) =>
    new Promise((resolve, reject) => {
      const request = http.request(
        {
          host: '127.0.0.1',
          port,
          path: '/v1/traces',
          method: 'POST',
          agent,
          headers: { 'content-type': contentType, 'content-length': body.length },
        },
        (response) => {
          statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1;
          response.resume().on('end', resolve);
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  let sent = 0;
  const begin = performance.now();
  const lane = async () => {
    for (let at = sent++; at < requests; at = sent++) {
      const wait = (at / perSecond) * 1000 - (performance.now() - begin);
      if (wait > 0) await sleep(wait);
      await one(next(at));
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  agent.destroy();
  return { seconds: (performance.now() - begin) / 1000, statuses };
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.on('message', async (command) => {
    process.send(command.prepare ? prepare(command.prepare) : await send(command.send));
  });
