// Loaded before anything else (`node --require`), so that http and express are instrumented when they are imported.
import { logs, SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { detectResources, envDetector } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

/** The service's name, instance and environment, and where to send: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_EXPORTER_OTLP_ENDPOINT. */
const resource = detectResources({ detectors: [envDetector] });

// Short delays: whoever watches a roll-out wants to see it now.
const batches = { scheduledDelayMillis: 1000, maxQueueSize: 8192, maxExportBatchSize: 2048 };

const traces = new NodeTracerProvider({
  resource,
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter(), batches)],
});
traces.register();

const events = new LoggerProvider({
  resource,
  // What is not traced is not reported either: an evaluation without its request says little.
  loggerConfigurator: () => ({ disabled: false, minimumSeverity: SeverityNumber.UNSPECIFIED, traceBased: true }),
  processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter(), ...batches })],
});
logs.setGlobalLoggerProvider(events);

registerInstrumentations({
  instrumentations: [
    new HttpInstrumentation(),
    new ExpressInstrumentation({ ignoreLayersType: [ExpressLayerType.MIDDLEWARE] }),
    new UndiciInstrumentation(),
  ],
});

/** Sends what has not been sent yet. */
export async function flushTelemetry(): Promise<void> {
  await Promise.allSettled([traces.shutdown(), events.shutdown()]);
}
