// A process of its own that sends spans at a steady pace: `spanSender.mjs PORT SPANS_PER_SECOND`. Told `stop`, it
// answers the spans a second it really sent.
import http from 'node:http';
import { encoded, traceExport } from './otlpLoad.mjs';

const [port, perSecond] = process.argv.slice(2).map(Number);
const spans = 1000;
const body = Array.from({ length: 20 }, (_, index) =>
  traceExport({ spans, operations: 200, offset: index * 250, now: Date.now() }),
).map((request) => encoded(request, false));
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
const begin = performance.now();
let sent = 0;
const timer = setInterval(() => {
  const due = ((performance.now() - begin) / 1000) * perSecond;
  if (sent + spans > due) return;
  const bytes = body[(sent / spans) % body.length];
  const request = http.request(
    {
      host: '127.0.0.1',
      port,
      path: '/v1/traces',
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json', 'content-length': bytes.length },
    },
    (response) => response.resume(),
  );
  request.on('error', () => {});
  request.end(bytes);
  sent += spans;
}, 10);
process.on('message', () => {
  clearInterval(timer);
  process.send(sent / ((performance.now() - begin) / 1000), () => process.exit(0));
});
