import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeJsonLogs } from '../../../../src/telemetry/otlp/jsonLogs';
import { decodeJsonTraces } from '../../../../src/telemetry/otlp/jsonTraces';
import { OtlpError, type DecodedSignals } from '../../../../src/telemetry/otlp/record';
import { logs, traces } from './arbitraryRequests';
import { toOtlpJson } from './otlpMessages';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Nothing but draws of fast-check, so that a failure shrinks. */
type Draw = (below: number) => number;

/**
 * JSON of the same value as no SDK writes it: with space around everything, members in any order, characters escaped
 * that need not be, members that nobody knows in between.
 */
function writtenOtherwise(value: unknown, draw: Draw): string {
  const space = (): string => [' ', '\n', '\t ', '\r\n'][draw(4)] ?? ' ';
  const text = (of: string): string =>
    `"${Array.from(of.split(''), (unit) => {
      const code = unit.charCodeAt(0);
      const mustEscape = code < 0x20 || unit === '"' || unit === '\\' || (code >= 0xd800 && code < 0xe000);
      return mustEscape || draw(5) === 0 ? `\\u${code.toString(16).padStart(4, '0')}` : unit;
    }).join('')}"`;
  const write = (of: unknown): string => {
    if (typeof of === 'string') return text(of);
    if (Array.isArray(of)) return `[${space()}${of.map(write).join(`${space()},${space()}`)}${space()}]`;
    if (typeof of !== 'object' || of === null) return JSON.stringify(of);
    const members = Object.entries(of).map(([name, member]) => `${text(name)}${space()}:${space()}${write(member)}`);
    if (draw(4) === 0) members.push(`"notKnown"${space()}:${space()}[{"key":"http.route"},-1.5e3,null,"]}\\""]`);
    const shuffled = members
      .map((member) => ({ member, rank: draw(100) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ member }) => member);
    return `{${space()}${shuffled.join(`${space()},${space()}`)}${space()}}`;
  };
  return write(value);
}

type Decode = (data: Uint8Array) => DecodedSignals;

function expectSame(one: DecodedSignals, other: DecodedSignals): void {
  const said = ({ spans, evaluations, received, rejected, reasons }: DecodedSignals): unknown => ({
    ...{ spans, evaluations, received, rejected },
    reasons: [...reasons].sort(),
  });
  expect(said(one)).toEqual(said(other));
}

const draws = fc.infiniteStream(fc.nat(999));
const drawFrom =
  (stream: Stream<number>): Draw =>
  (below) =>
    (stream.next().value as number) % below;
type Stream<T> = Iterator<T>;

const signals = [
  ['traces', traces, decodeJsonTraces],
  ['logs', logs, decodeJsonLogs],
] as readonly [string, fc.Arbitrary<object>, Decode][];

describe.each(signals)('OTLP/JSON of %s', (_, requests, decode) => {
  it('is read the same however it is written', () => {
    fc.assert(
      fc.property(requests, draws, (request, stream) => {
        const value = toOtlpJson(request);
        const usual = decode(bytes(JSON.stringify(value)));
        expectSame(decode(bytes(writtenOtherwise(value, drawFrom(stream)))), usual);
        // What was read first must not decide how the next is read.
        expectSame(decode(bytes(JSON.stringify(value))), usual);
      }),
      { numRuns: 150 },
    );
  });

  it('is refused where it is cut off or altered to what is no JSON, and read as what it then says else', () => {
    fc.assert(
      fc.property(requests, fc.nat(), fc.integer({ min: 0x20, max: 0x7e }), fc.boolean(), draws, (...drawn) => {
        const [request, place, byte, isCut, stream] = drawn;
        const written = bytes(JSON.stringify(toOtlpJson(request)));
        const at = place % written.length;
        if (!isCut) written[at] = byte;
        const data = isCut ? written.subarray(0, at) : written;
        let value: unknown;
        try {
          value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
        } catch {
          expect(() => decode(data)).toThrow(OtlpError);
          return;
        }
        let read: DecodedSignals;
        try {
          read = decode(data);
        } catch (error) {
          expect(error).toBeInstanceOf(OtlpError);
          expect(() => decode(bytes(writtenOtherwise(value, drawFrom(stream))))).toThrow(OtlpError);
          return;
        }
        expectSame(decode(bytes(writtenOtherwise(value, drawFrom(stream)))), read);
      }),
      { numRuns: 500 },
    );
  });
});
