/**
 * Who calls whom in the OpenTelemetry demo, as its documentation draws it (opentelemetry.io/docs/demo/architecture, read
 * in November 2026), databases and the cache left out, which send no spans. The queue is no service: what is put into it
 * by one and taken out by another is told by the two.
 */
export const demoCalls = [
  ['ad', 'flagd'],
  ['cart', 'flagd'],
  ['checkout', 'cart'],
  ['checkout', 'currency'],
  ['checkout', 'email'],
  ['checkout', 'payment'],
  ['checkout', 'product-catalog'],
  ['checkout', 'shipping'],
  ['fraud-detection', 'flagd'],
  ['frontend', 'ad'],
  ['frontend', 'cart'],
  ['frontend', 'checkout'],
  ['frontend', 'currency'],
  ['frontend', 'product-catalog'],
  ['frontend', 'recommendation'],
  ['frontend', 'shipping'],
  ['frontend-proxy', 'flagd'],
  ['frontend-proxy', 'flagd-ui'],
  ['frontend-proxy', 'frontend'],
  ['frontend-proxy', 'image-provider'],
  ['load-generator', 'frontend-proxy'],
  ['payment', 'flagd'],
  ['recommendation', 'flagd'],
  ['recommendation', 'product-catalog'],
  ['shipping', 'quote'],
] as const;

export const demoMessages = [
  ['checkout', 'accounting'],
  ['checkout', 'fraud-detection'],
] as const;

interface MadeSpan {
  readonly service: string;
  /** Of OTLP: 2 SERVER, 3 CLIENT, 4 PRODUCER, 5 CONSUMER. */
  readonly kind: number;
  readonly name: string;
  readonly trace: number;
  readonly id: number;
  readonly parent: number;
  readonly link?: { readonly trace: number; readonly id: number };
}

/**
 * Spans as instrumented services would send them, made from those names: they are not the demo's own. Each call is a
 * CLIENT and a SERVER span of one trace; a message a PRODUCER span and a CONSUMER span, which is of the same trace for
 * one consumer and of its own, with a link, for the other.
 */
export function demoSpans(): readonly MadeSpan[] {
  const spans: MadeSpan[] = [];
  let id = 0;
  let trace = 0;
  for (const [client, server] of demoCalls) {
    trace += 1;
    const [caller, called] = [++id, ++id];
    spans.push(
      { service: client, kind: 3, name: `call ${server}`, trace, id: caller, parent: 0 },
      { service: server, kind: 2, name: `serve ${client}`, trace, id: called, parent: caller },
    );
  }
  for (const [producer, consumer] of demoMessages) {
    trace += 1;
    const [sent, taken] = [++id, ++id];
    spans.push({ service: producer, kind: 4, name: 'orders publish', trace, id: sent, parent: 0 });
    const message = { service: consumer, kind: 5, name: 'orders process', id: taken };
    if (consumer === 'accounting') spans.push({ ...message, trace, parent: sent });
    else spans.push({ ...message, trace: ++trace, parent: 0, link: { trace: trace - 1, id: sent } });
  }
  return spans;
}

const traceHex = (number: number): string => `0af7651916cd43dd${number.toString(16).padStart(16, '0')}`;
const spanHex = (number: number): string => `b7ad6b71${number.toString(16).padStart(8, '0')}`;

/** An OTLP/JSON request of these spans; they end at `endMs`. */
export function otlpOf(spans: readonly MadeSpan[], endMs: number): object {
  const services = [...new Set(spans.map(({ service }) => service))];
  return {
    resourceSpans: services.map((name) => ({
      resource: { attributes: [{ key: 'service.name', value: { stringValue: name } }] },
      scopeSpans: [
        {
          spans: spans
            .filter(({ service }) => service === name)
            .map(({ kind, name: of, trace, id, parent, link }) => ({
              ...{ traceId: traceHex(trace), spanId: spanHex(id), name: of, kind },
              ...(parent > 0 && { parentSpanId: spanHex(parent) }),
              startTimeUnixNano: `${endMs - 20}000000`,
              endTimeUnixNano: `${endMs}000000`,
              ...(link && { links: [{ traceId: traceHex(link.trace), spanId: spanHex(link.id) }] }),
            })),
        },
      ],
    })),
  };
}
