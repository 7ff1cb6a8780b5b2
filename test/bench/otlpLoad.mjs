// Export requests as OpenTelemetry SDKs send them: traces of one SERVER span and three children, an evaluation a trace.
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';

const attribute = (key, value) => ({
  key,
  value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
});

/**
 * A trace export of `spans` spans over `operations` operations of one service, as an object of OTLP/JSON's shape. Trace
 * ids start with `marker` (8 hex digits).
 */
export function traceExport({ spans, operations, offset, now, marker = randomBytes(4).toString('hex') }) {
  const list = [];
  for (let index = 0; index < spans; index += 4) {
    const traceId = marker + randomBytes(12).toString('hex');
    const entry = randomBytes(8).toString('hex');
    const operation = (offset + index / 4) % operations;
    const start = BigInt(now) * 1_000_000n;
    const end = start + BigInt(5_000_000 + ((operation * 7919 + index) % 400) * 1_000_000);
    const failed = index % 52 === 0;
    list.push({
      traceId,
      spanId: entry,
      name: `GET /api/v1/thing${operation}/:id`,
      kind: 2,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(end),
      attributes: [
        attribute('http.request.method', 'GET'),
        attribute('http.route', `/api/v1/thing${operation}/:id`),
        attribute('http.response.status_code', failed ? 500 : 200),
        attribute('url.path', `/api/v1/thing${operation}/${index}`),
        attribute('user_agent.original', 'bench'),
      ],
      events: [
        {
          name: 'feature_flag.evaluation',
          timeUnixNano: String(start),
          attributes: [
            attribute('feature_flag.key', `release-${operation % 10}`),
            attribute('feature_flag.result.variant', index % 8 === 0 ? 'on' : 'off'),
          ],
        },
      ],
      status: failed ? { code: 2 } : {},
      flags: 257,
    });
    for (let child = 0; child < 3; child++) {
      list.push({
        traceId,
        spanId: randomBytes(8).toString('hex'),
        parentSpanId: entry,
        name: `middleware - step${child}`,
        kind: 1,
        startTimeUnixNano: String(start),
        endTimeUnixNano: String(end),
        attributes: [attribute('express.name', `step${child}`), attribute('express.type', 'middleware')],
        status: {},
        flags: 257,
      });
    }
  }
  return {
    resourceSpans: [
      {
        resource: {
          attributes: [
            attribute('service.name', 'bench'),
            attribute('service.instance.id', 'bench-1'),
            attribute('deployment.environment.name', 'production'),
          ],
        },
        scopeSpans: [{ scope: { name: '@opentelemetry/instrumentation-http', version: '0.223.0' }, spans: list }],
      },
    ],
  };
}

export const encoded = (request, gzip) => {
  const bytes = Buffer.from(JSON.stringify(request));
  return gzip ? gzipSync(bytes, { level: 1 }) : bytes;
};
