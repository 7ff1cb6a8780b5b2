/**
 * The two messages of flagd's sync stream, `flagd.sync.v1.FlagSyncService/SyncFlags`
 * (https://buf.build/open-feature/flagd/docs/main:flagd.sync.v1): request `provider_id` = 1, `selector` = 2; response
 * `flag_configuration` = 1 (a whole flag definition as JSON text). Everything else in a response is skipped.
 */
export const SYNC_FLAGS = '/flagd.sync.v1.FlagSyncService/SyncFlags';

const LENGTH_DELIMITED = 2;

export function syncFlagsRequest(providerId: string, selector: string | null): Uint8Array {
  const fields = [...textField(1, providerId), ...(selector === null ? [] : textField(2, selector))];
  return Uint8Array.from(fields);
}

/** The flag definition in a response. Throws Error when the bytes are no such message. */
export function flagConfigurationOf(message: Uint8Array): string {
  let configuration = new Uint8Array();
  for (let at = 0; at < message.byteLength;) {
    const tag = varint(message, at);
    const wire = tag.value & 7;
    const field = tag.value >>> 3;
    const start =
      wire === LENGTH_DELIMITED ? varint(message, tag.end) : { value: lengthOf(wire, message, tag.end), end: tag.end };
    const end = start.end + start.value;
    if (end > message.byteLength) throw new Error('The message ends early.');
    // The last one counts, as protobuf has it.
    if (field === 1 && wire === LENGTH_DELIMITED) configuration = message.slice(start.end, end);
    at = end;
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(configuration);
}

function textField(number: number, text: string): number[] {
  const bytes = new TextEncoder().encode(text);
  return [(number << 3) | LENGTH_DELIMITED, ...varintOf(bytes.byteLength), ...bytes];
}

function varintOf(value: number): number[] {
  const bytes: number[] = [];
  let left = value;
  for (; left > 0x7f; left = Math.floor(left / 128)) bytes.push((left % 128) | 0x80);
  return [...bytes, left];
}

function varint(message: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let at = start, factor = 1; at < message.byteLength && at < start + 10; at++, factor *= 128) {
    const byte = message[at] ?? 0;
    value += (byte & 0x7f) * factor;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  throw new Error('A number does not end.');
}

function lengthOf(wire: number, message: Uint8Array, at: number): number {
  if (wire === 0) return varint(message, at).end - at;
  if (wire === 1) return 8;
  if (wire === 5) return 4;
  throw new Error(`Wire type ${String(wire)} is none.`);
}
