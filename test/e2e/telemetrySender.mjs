import { randomBytes } from 'node:crypto';

/**
 * @typedef {{ service?: string, environment?: string, route: string, method?: string, flag: string, variant: string,
 *   calls: number, errors?: number, milliseconds?: number, at?: number }} Orders `at`: epoch ms at which the calls ended
 */

/**
 * Sends what a service instrumented with OpenTelemetry would: entry spans, and the flag evaluations inside them as log
 * events. OTLP/HTTP as JSON.
 * @param {number} port of the receiver @param {Orders} orders
 */
export async function sendOrders(
  port,
  {
    service = 'checkout',
    environment = 'production',
    route,
    method = 'POST',
    flag,
    variant,
    calls,
    errors = 0,
    milliseconds = 100,
    at = Date.now(),
  },
) {
  const resource = {
    attributes: attributes({
      'service.name': service,
      'service.instance.id': `${service}-1`,
      'deployment.environment.name': environment,
    }),
  };
  const spans = [];
  const logRecords = [];
  for (let index = 0; index < calls; index++) {
    const ids = { traceId: randomBytes(16).toString('hex'), spanId: randomBytes(8).toString('hex') };
    const failed = index < errors;
    const start = at - milliseconds;
    spans.push({
      ...ids,
      name: `${method} ${route}`,
      kind: 2,
      startTimeUnixNano: nanos(start),
      endTimeUnixNano: nanos(at),
      attributes: attributes({
        'http.request.method': method,
        'http.route': route,
        'http.response.status_code': failed ? 502 : 201,
      }),
      status: failed ? { code: 2 } : {},
    });
    logRecords.push({
      ...ids,
      timeUnixNano: nanos(start + 1),
      eventName: 'feature_flag.evaluation',
      attributes: attributes({ 'feature_flag.key': flag, 'feature_flag.result.variant': variant }),
    });
  }
  await post(port, 'logs', { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: 'test' }, logRecords }] }] });
  await post(port, 'traces', { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans }] }] });
}

/** @param {number} port @param {string} signal @param {unknown} body */
async function post(port, signal, body) {
  const response = await fetch(`http://127.0.0.1:${port}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the receiver answered ${response.status} to ${signal}: ${await response.text()}`);
}

/** @param {number} milliseconds epoch */
function nanos(milliseconds) {
  return `${Math.round(milliseconds)}000000`;
}

/** @param {Record<string, string | number>} values */
function attributes(values) {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}

/**
 * Twelve minutes in which the treatment fails and is slow and the control is neither: enough for a verdict.
 * @param {number} port @param {{ route: string, flag: string }} orders
 */
export async function sendRegression(port, orders) {
  for (let minutes = 12; minutes >= 0; minutes--) {
    const at = Date.now() - minutes * 60_000;
    await sendOrders(port, { ...orders, variant: 'on', calls: 100, errors: 12, milliseconds: 400, at });
    await sendOrders(port, { ...orders, variant: 'off', calls: 300, errors: 2, milliseconds: 180, at });
  }
}
