// The peer of the receiver: what any receiver in JavaScript has to do at least. An HTTP server in a worker that reads
// the body, decodes it with JSON.parse or @bufbuild/protobuf, and counts spans.
import http from 'node:http';
import { parentPort } from 'node:worker_threads';
import { readProtobuf } from './otlpProtobuf.mjs';

let spans = 0;
const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const isJson = request.headers['content-type'] === 'application/json';
    const { resourceSpans } = isJson ? JSON.parse(body.toString('utf8')) : readProtobuf(body);
    for (const { scopeSpans } of resourceSpans) for (const scoped of scopeSpans) spans += scoped.spans.length;
    response.writeHead(200, { 'x-spans': String(spans), 'content-type': request.headers['content-type'] });
    response.end(isJson ? '{}' : undefined);
  });
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
