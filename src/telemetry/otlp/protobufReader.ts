import { OtlpError } from './record';
import { sharedText } from './sharedTexts';
import type { WantedNames } from './wantedNames';

/**
 * Reads the protobuf wire format (protobuf.dev/programming-guides/encoding) without copying: callers walk fields and
 * skip what they do not want. Nothing is read past the end of the message it stands in; anything malformed throws
 * {@link OtlpError}.
 */
export class ProtobufReader {
  readonly #data: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #end: number;

  constructor(data: Uint8Array) {
    // Bodies come as Buffers and as plain arrays; code that sees one kind only is compiled for it.
    this.#data = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.#end = data.length;
  }

  get position(): number {
    return this.#at;
  }

  /** Goes back to a position of the message being read, to walk its fields again. */
  rewind(position: number): void {
    this.#at = position;
  }

  get data(): Uint8Array {
    return this.#data;
  }

  /** Field number * 8 + wire type of the next field, 0 at the message's end. */
  tag(): number {
    if (this.#at >= this.#end) return 0;
    const tag = this.varint();
    if (tag < 8 || tag > 0xffffffff) throw new OtlpError(`Field number out of range at byte ${this.#at}`);
    return tag;
  }

  /** Unsigned; exact up to 2^53. */
  varint(): number {
    const data = this.#data;
    let value = 0;
    let scale = 1;
    for (let read = 0; read < 10; read++) {
      if (this.#at >= this.#end) throw new OtlpError('A number is cut off');
      const byte = data[this.#at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new OtlpError(`A number is longer than 10 bytes at byte ${this.#at}`);
  }

  /** int64: two's complement in a varint. */
  signed(): number {
    const start = this.#at;
    const value = this.varint();
    if (value < 2 ** 63) return value;
    // Negative: the low bits are what is left, and a double has lost them.
    let exact = 0n;
    for (let at = this.#at - 1; at >= start; at--) exact = (exact << 7n) | BigInt((this.#data[at] ?? 0) & 0x7f);
    return Number(BigInt.asIntN(64, exact));
  }

  fixed32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** Position of a 64-bit field's bytes, which are then stepped over. */
  fixed64(): number {
    return this.#take(8);
  }

  /** Epoch milliseconds of the fixed64 of nanoseconds at a position; right to a few hundred nanoseconds. */
  millisecondsAt(at: number): number {
    return (this.#view.getUint32(at + 4, true) * 2 ** 32 + this.#view.getUint32(at, true)) / 1e6;
  }

  /** Seconds between two fixed64 of nanoseconds: halves are subtracted before they are joined, which loses nothing. */
  secondsBetween(start: number, end: number): number {
    const view = this.#view;
    const high = view.getUint32(end + 4, true) - view.getUint32(start + 4, true);
    const low = view.getUint32(end, true) - view.getUint32(start, true);
    return (high * 2 ** 32 + low) / 1e9;
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true);
  }

  /** Steps over a length-delimited field; returns where its bytes start. `position` is then their end. */
  bytes(): number {
    return this.#take(this.varint());
  }

  /** A text, cut after a kilobyte. */
  text(): string {
    const start = this.bytes();
    return sharedText(this.#data, start, this.#at - start);
  }

  /** The wanted name that a text is; undefined for any other. */
  name(wanted: WantedNames): string | undefined {
    const start = this.bytes();
    return wanted.find(this.#data, start, this.#at - start);
  }

  /** Enters a message field; pass the answer to `leave`. */
  enter(): number {
    const length = this.varint();
    if (this.#at + length > this.#end)
      throw new OtlpError(`A message at byte ${this.#at} is longer than what holds it`);
    const outer = this.#end;
    this.#end = this.#at + length;
    return outer;
  }

  /** Leaves a message whose fields may have been read or not. */
  leave(outer: number): void {
    this.#at = this.#end;
    this.#end = outer;
  }

  skip(tag: number): void {
    switch (tag & 7) {
      case 0:
        this.varint();
        return;
      case 1:
        this.#take(8);
        return;
      case 2:
        this.bytes();
        return;
      case 5:
        this.#take(4);
        return;
      default:
        throw new OtlpError(`Wire type ${tag & 7} at byte ${this.#at} is not allowed`);
    }
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#end) throw new OtlpError(`A field at byte ${at} is longer than what holds it`);
    this.#at = at + length;
    return at;
  }
}
