// What the C# service reports. .NET cannot be had here, so this is written by hand, not recorded: requests as
// OpenTelemetry's ASP.NET Core instrumentation and OTLP/HTTP exporter describe them (http.route without a leading slash,
// the route in the span's name, `Activity` events), evaluations as OpenFeature.Contrib.Hooks.Otel's TracingHook adds
// them. Its tally is counted from the same requests as any other.
import { randomBytes } from 'node:crypto';
import { Tally } from '../../demo/load/tally.mjs';
import { customers } from './customers.mjs';

const perRequest = 64;
const text = (key, stringValue) => ({ key, value: { stringValue } });
const nanos = (ms) => `${Math.round(ms * 1000)}000`;

/**
 * Reports `count` requests, spread over the minute before now.
 * @param {{ otlp: string, count: number, variantOf: (customer: import('./customers.mjs').Customer) => string }} options
 * @returns {Promise<import('../../demo/load/tally.mjs').Arm[]>} the tally of them
 */
export async function reportReviews({ otlp, count, variantOf }) {
  const tally = new Tally();
  const now = Date.now();
  const spans = Array.from({ length: count }, (_, index) => {
    const customer = customers[(index * 7) % customers.length];
    const variant = variantOf(customer);
    const isOn = variant === 'on';
    // Every ninth of those with the flag fails; times run evenly over a third of the typical one.
    const fails = isOn && index % 9 === 0;
    const milliseconds = (isOn ? 320 : 230) * (0.85 + 0.3 * ((index * 0.618034) % 1));
    const end = now - 60_000 + (60_000 * index) / count;
    const status = fails ? 500 : 200;
    tally.add({ route: 'GET reviews/{product}', variants: { 'new-pricing': variant }, status, milliseconds, at: end });
    return {
      traceId: randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
      // Sampled; and known to have no parent elsewhere.
      flags: 0x101,
      name: 'GET reviews/{product}',
      kind: 2,
      startTimeUnixNano: nanos(end - milliseconds),
      endTimeUnixNano: nanos(end),
      attributes: [
        text('server.address', '127.0.0.1'),
        text('http.request.method', 'GET'),
        text('url.scheme', 'http'),
        text('network.protocol.version', '1.1'),
        text('http.route', 'reviews/{product}'),
        { key: 'http.response.status_code', value: { intValue: String(status) } },
        ...(fails ? [text('error.type', 'System.Collections.Generic.KeyNotFoundException')] : []),
      ],
      events: [
        {
          timeUnixNano: nanos(end - milliseconds + 1),
          name: 'feature_flag',
          attributes: [
            text('feature_flag.key', 'new-pricing'),
            text('feature_flag.provider_name', 'flagd Provider'),
            text('feature_flag.variant', variant),
          ],
        },
      ],
      status: fails ? { code: 2 } : {},
    };
  });
  const resource = {
    attributes: [
      text('service.name', 'reviews'),
      text('service.instance.id', 'reviews-1'),
      text('deployment.environment.name', 'production'),
      text('telemetry.sdk.language', 'dotnet'),
    ],
  };
  for (let from = 0; from < spans.length; from += perRequest) {
    const scope = { name: 'Microsoft.AspNetCore' };
    const body = {
      resourceSpans: [{ resource, scopeSpans: [{ scope, spans: spans.slice(from, from + perRequest) }] }],
    };
    const answer = await fetch(`${otlp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(10_000),
    });
    const said = await answer.text();
    if (!answer.ok || said.includes('partialSuccess')) throw new Error(`${otlp} took ${answer.status}: ${said}`);
  }
  return tally.arms();
}
