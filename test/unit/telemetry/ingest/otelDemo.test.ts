import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeJsonTraces } from '../../../../src/telemetry/otlp/jsonTraces';
import { SignalStore } from '../../../../src/telemetry/store/signalStore';
import { storeGraph } from '../../../../src/telemetry/store/storeGraph';
import { demoCalls, demoMessages, demoSpans, otlpOf } from './otelDemoEdges';
import { clockAt, start } from './signals';

it('the OpenTelemetry demo’s edges, of spans made from its documented names, are those it documents', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...demoSpans()], { minLength: demoSpans().length }), (spans) => {
      const store = new SignalStore(clockAt());
      for (let at = 0; at < spans.length; at += 7) {
        const request = otlpOf(spans.slice(at, at + 7), start);
        store.ingest(decodeJsonTraces(new TextEncoder().encode(JSON.stringify(request))));
      }
      const { edges } = storeGraph(store, '', { from: start - 60_000, to: start + 60_000 });
      const of = (kind: string) =>
        edges
          .filter((edge) => edge.kind === kind)
          .map(({ client, server, requests }) => `${client ?? '?'} ${server} ${requests}`)
          .sort();
      expect(of('call')).toEqual(demoCalls.map(([client, server]) => `${client} ${server} 1`).sort());
      expect(of('messaging')).toEqual(demoMessages.map(([client, server]) => `${client} ${server} 1`).sort());
    }),
    { numRuns: 30 },
  );
});
