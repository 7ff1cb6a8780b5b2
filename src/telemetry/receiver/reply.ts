import type { OutgoingResponse } from '../../platform/listen';

export type Encoding = 'json' | 'protobuf';

export const contentTypes: Readonly<Record<Encoding, string>> = {
  json: 'application/json',
  protobuf: 'application/x-protobuf',
};

const utf8 = new TextEncoder();

/** A request that is refused, with the status to say so. `retryAfter` in seconds. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

export function jsonReply(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): OutgoingResponse {
  return reply(status, contentTypes.json, utf8.encode(JSON.stringify(value)), headers);
}

export function reply(
  status: number,
  contentType: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): OutgoingResponse {
  return {
    status,
    headers: {
      'content-type': contentType,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    body,
  };
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  while (left >= 0x80) {
    bytes.push((left % 0x80) | 0x80);
    left = Math.floor(left / 0x80);
  }
  bytes.push(left);
  return bytes;
}

function textField(field: number, text: string): number[] {
  const bytes = utf8.encode(text);
  return bytes.length === 0 ? [] : [field * 8 + 2, ...varint(bytes.length), ...bytes];
}

/**
 * An OTLP error: google.rpc.Status { code = 1, message = 2 } in the request's encoding, as the OTLP specification asks.
 */
export function statusReply(encoding: Encoding, refused: RefusedError): OutgoingResponse {
  const { status, message, headers } = refused;
  return encoding === 'json'
    ? jsonReply(status, { message }, headers)
    : reply(status, contentTypes.protobuf, Uint8Array.from(textField(2, message)), headers);
}

export type Signal = 'traces' | 'logs' | 'metrics';

const rejectedName: Readonly<Record<Signal, string>> = {
  traces: 'rejectedSpans',
  logs: 'rejectedLogRecords',
  metrics: 'rejectedDataPoints',
};

/**
 * Export*ServiceResponse { partial_success = 1 { rejected_* = 1, error_message = 2 } }; empty when all was taken.
 * The three signals have the same shape.
 */
export function exportReply(encoding: Encoding, signal: Signal, rejected: number, message: string): OutgoingResponse {
  if (encoding === 'json') {
    const partialSuccess = { [rejectedName[signal]]: String(rejected), errorMessage: message };
    return jsonReply(200, rejected > 0 ? { partialSuccess } : {});
  }
  if (rejected === 0) return reply(200, contentTypes.protobuf, new Uint8Array());
  const partial = [0x08, ...varint(rejected), ...textField(2, message)];
  return reply(200, contentTypes.protobuf, Uint8Array.from([0x0a, ...varint(partial.length), ...partial]));
}
