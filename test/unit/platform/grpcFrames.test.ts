import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameReader, FrameTooLarge, frameOf } from '../../../src/platform/grpcFrames';

const cut = (bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const pieces: Uint8Array[] = [];
  for (let at = 0, index = 0; at < bytes.byteLength; index++) {
    const size = sizes[index % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
};

describe('gRPC frames', () => {
  it('come back whole and in order, however they are cut', () => {
    const messages = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
    const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(messages, sizes, (sent, cuts) => {
        const reader = new FrameReader(40);
        const whole = Uint8Array.from(sent.flatMap((message) => [...frameOf(message)]));
        const got = cut(whole, cuts).flatMap((piece) => reader.push(piece));
        expect(got.map((each) => [...each])).toEqual(sent.map((each) => [...each]));
        expect(reader.atEnd).toBe(true);
      }),
    );
  });

  it('that are too long are refused before they are held, compressed ones at once', () => {
    const reader = new FrameReader(10);
    expect(() => reader.push(frameOf(new Uint8Array(11)).subarray(0, 5))).toThrow(FrameTooLarge);
    expect(() => new FrameReader(10).push(Uint8Array.from([1, 0, 0, 0, 0]))).toThrow('compressed');
  });

  it('cut short are no end', () => {
    const reader = new FrameReader(10);
    expect(reader.push(frameOf(new Uint8Array(4)).subarray(0, 7))).toEqual([]);
    expect(reader.atEnd).toBe(false);
  });
});
