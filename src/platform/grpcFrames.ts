/** A message was announced that is longer than allowed. */
export class FrameTooLarge extends Error {
  override readonly name = 'FrameTooLarge';
  constructor(readonly bytes: number) {
    super(`A message of ${String(bytes)} bytes`);
  }
}

const HEADER = 5;

/**
 * gRPC's length-prefixed message: one byte whether it is compressed, four of its length (big endian), the message
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). Ours are never compressed.
 */
export function frameOf(message: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER + message.byteLength);
  new DataView(frame.buffer).setUint32(1, message.byteLength);
  frame.set(message, HEADER);
  return frame;
}

/** Puts messages together from the pieces they arrive in. Holds at most one message and what arrived with it. */
export class FrameReader {
  readonly #maxBytes: number;
  readonly #header = new Uint8Array(HEADER);
  #headerFilled = 0;
  #message: Uint8Array | null = null;
  #filled = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** True between two messages: where a stream may end. */
  get atEnd(): boolean {
    return this.#headerFilled === 0;
  }

  /** The messages that are whole with this piece. Throws {@link FrameTooLarge}, or Error for a compressed message. */
  push(piece: Uint8Array): Uint8Array[] {
    const whole: Uint8Array[] = [];
    for (let at = 0; at < piece.byteLength || this.#isWhole();) {
      if (this.#message === null) {
        const taken = piece.subarray(at, at + HEADER - this.#headerFilled);
        this.#header.set(taken, this.#headerFilled);
        this.#headerFilled += taken.byteLength;
        at += taken.byteLength;
        if (this.#headerFilled === HEADER) this.#begin();
        else break;
      } else {
        const taken = piece.subarray(at, at + this.#message.byteLength - this.#filled);
        this.#message.set(taken, this.#filled);
        this.#filled += taken.byteLength;
        at += taken.byteLength;
      }
      if (!this.#isWhole() || this.#message === null) continue;
      whole.push(this.#message);
      this.#message = null;
      this.#headerFilled = 0;
    }
    return whole;
  }

  #isWhole(): boolean {
    return this.#message !== null && this.#filled === this.#message.byteLength;
  }

  #begin(): void {
    // We say that we take no compression: a server that compresses all the same breaks the protocol.
    if (this.#header[0] !== 0) throw new Error('A compressed message');
    const length = new DataView(this.#header.buffer).getUint32(1);
    if (length > this.#maxBytes) throw new FrameTooLarge(length);
    this.#message = new Uint8Array(length);
    this.#filled = 0;
  }
}
