import type { IncomingRequest, OutgoingResponse } from '../../platform/listen';
import type { Log } from '../../platform/log';
import { decodeJsonLogs } from '../otlp/jsonLogs';
import { decodeJsonTraces } from '../otlp/jsonTraces';
import { decodeJsonMetrics, decodeProtobufMetrics } from '../otlp/metrics';
import { decodeProtobufLogs } from '../otlp/protobufLogs';
import { decodeProtobufTraces } from '../otlp/protobufTraces';
import { OtlpError, type DecodedSignals } from '../otlp/record';
import type { BodyReader } from './body';
import { checkMethod, checkOrigin, checkToken } from './guard';
import { exportReply, RefusedError, statusReply, type Encoding, type Signal } from './reply';

type Decode = (data: Uint8Array) => DecodedSignals;

const decoders: Readonly<Record<Signal, Readonly<Record<Encoding, Decode>>>> = {
  traces: { json: decodeJsonTraces, protobuf: decodeProtobufTraces },
  logs: { json: decodeJsonLogs, protobuf: decodeProtobufLogs },
  metrics: { json: decodeJsonMetrics, protobuf: decodeProtobufMetrics },
};

export interface OtlpHandlerOptions {
  /** What we listen on, for the Host check. */
  readonly address: string;
  /** Asked of exporters; null for none (loopback only). */
  readonly token: string | null;
  readonly bodies: BodyReader;
  readonly log: Log;
  /** False while the store is still being read from disk: exporters are asked to come back. */
  readonly isReady: () => boolean;
  readonly take: (decoded: DecodedSignals) => { readonly rejected: number; readonly reasons: readonly string[] };
  readonly refused: () => void;
}

/** The signal a path is for, as OTLP/HTTP fixes them. */
export function signalOf(path: string): Signal | undefined {
  return path === '/v1/traces' || path === '/v1/logs' || path === '/v1/metrics'
    ? (path.slice('/v1/'.length) as Signal)
    : undefined;
}

function encodingOf(request: IncomingRequest): Encoding | undefined {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  return type === 'application/json' ? 'json' : type === 'application/x-protobuf' ? 'protobuf' : undefined;
}

/**
 * Answers OTLP/HTTP exports (opentelemetry-proto docs/specification.md): 200, with partialSuccess where single items
 * were bad; 400 for what is not OTLP; 401, 403, 405, 413, 415; 503 with Retry-After when too much waits.
 */
export function otlpHandler(
  options: OtlpHandlerOptions,
): (request: IncomingRequest, signal: Signal) => Promise<OutgoingResponse> {
  return async (request, signal) => {
    const encoding = encodingOf(request);
    try {
      checkOrigin(request, options.address);
      checkMethod(request, 'POST');
      if (options.token !== null) checkToken(request, options.token);
      if (!encoding)
        throw new RefusedError(415, 'Content-Type is not taken; use application/x-protobuf or application/json');
      if (!options.isReady())
        throw new RefusedError(503, 'What was stored is still being read; send again in a second', {
          'retry-after': '1',
        });
      return await options.bodies.read(request, (body) => {
        const { rejected, reasons } = options.take(decode(signal, encoding, body));
        return exportReply(encoding, signal, rejected, reasons.join('; '));
      });
    } catch (error) {
      options.refused();
      const refused =
        error instanceof RefusedError ? error : new RefusedError(500, 'The request could not be answered; see the log');
      if (refused !== error) options.log.error(`OTLP ${signal} could not be taken`, error);
      else options.log.debug(`OTLP ${signal} refused with ${refused.status}: ${refused.message}`);
      return statusReply(encoding ?? 'json', refused);
    }
  };
}

function decode(signal: Signal, encoding: Encoding, body: Uint8Array): DecodedSignals {
  // An empty protobuf message has no bytes, and an exporter with nothing to say may send none in JSON either.
  if (body.length === 0) return { spans: [], evaluations: [], received: 0, rejected: 0, reasons: [] };
  try {
    return decoders[signal][encoding](body);
  } catch (error) {
    if (error instanceof OtlpError) throw new RefusedError(400, error.message);
    throw error;
  }
}
