import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonReader } from '../../../../src/telemetry/otlp/jsonReader';
import { OtlpError } from '../../../../src/telemetry/otlp/record';
import { WantedNames } from '../../../../src/telemetry/otlp/wantedNames';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Whether a reader takes it as one whole value. */
function takes(data: Uint8Array): boolean {
  try {
    const reader = new JsonReader(data);
    reader.skip();
    reader.end();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(OtlpError);
    return false;
  }
}

function parses(data: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data));
    return true;
  } catch {
    return false;
  }
}

/** Reads a flat object of texts and numbers. */
function membersOf(text: string, names: readonly string[]): Record<string, unknown> {
  const wanted = new WantedNames(names);
  const reader = new JsonReader(bytes(text));
  const read: Record<string, unknown> = {};
  if (!reader.enterObject()) return read;
  for (let name = reader.member(wanted); name !== undefined; name = reader.member(wanted))
    if (name === '') reader.skip();
    else read[name] = name.startsWith('n') ? reader.number() : reader.text();
  reader.end();
  return read;
}

describe('reading JSON from bytes', () => {
  it('takes what JSON.parse takes and refuses what it refuses', () => {
    const pieces = [
      ...['{', '}', '[', ']', ',', ':', ' ', '\n', '"', '"a"', '"\\u00e9"', '"\\x"', '"\\u12g4"', '\\', '\u0001', 'é'],
      ...['0', '01', '-', '-0', '1.5', '1.', '.5', '1e5', '1E+2', '1e', 'true', 'false', 'null', 'nul', '\ufeff'],
      ...['"k":1', '"k":{"l":[1,{"m":null}]}', '[1,2]'],
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 7 }), (parts) => {
        const data = bytes(parts.join(''));
        expect(takes(data)).toBe(parses(data));
      }),
      { numRuns: 3_000 },
    );
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.nat(255), (text, place, byte) => {
        const data = bytes(text);
        expect(takes(data)).toBe(true);
        data[place % data.length] = byte;
        expect(takes(data)).toBe(parses(data));
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads the values JSON.parse reads, names and texts with escapes too', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(text, text, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), (a, b, n1, n2) => {
        const value = { a, x: { a: [b] }, n1, n2, n3: String(n2), b };
        const read = membersOf(JSON.stringify(value, null, 1), ['a', 'b', 'n1', 'n2', 'n3']);
        const expected = JSON.parse(JSON.stringify(value)) as typeof value;
        expect(read).toEqual({ a: expected.a, b: expected.b, n1: expected.n1, n2: expected.n2, n3: n2 });
      }),
    );
    expect(membersOf('{"\\u0061":"\\ud83d\\ude00\\n"}', ['a'])).toEqual({ a: '😀\n' });
  });

  it('is not undone by depth', () => {
    expect(takes(bytes('['.repeat(400) + ']'.repeat(400)))).toBe(true);
    expect(takes(bytes('['.repeat(100_000) + ']'.repeat(100_000)))).toBe(false);
  });
});
