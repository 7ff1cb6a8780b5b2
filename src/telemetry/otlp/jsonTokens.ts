import { OtlpError } from './record';
import { hashed, textOfHash } from './sharedTexts';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const lenientUtf8 = new TextDecoder();

/** Characters of RFC 8259. */
export const quote = 0x22;
export const minus = 0x2d;
const backslash = 0x5c;
const [plus, point, zero, nine] = [0x2b, 0x2e, 0x30, 0x39];
const [lowerE, upperE, lowerU] = [0x65, 0x45, 0x75];
const escapes = new Set(Array.from('"\\/bfnrt', (character) => character.charCodeAt(0)));
/** Nought for what stands for itself in a text. */
const special = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte < 0x20 || byte === quote || byte === backslash),
);

/** The tokens of JSON in UTF-8 (RFC 8259), read from its bytes. What is malformed throws {@link OtlpError}. */
export class JsonTokens {
  protected readonly data: Uint8Array;
  protected at = 0;
  /** The text read last: where its bytes are, and whether there are escapes among them. */
  protected start = 0;
  protected textEnd = 0;
  protected isEscaped = false;
  /** All bytes of texts together: below 0x80 as long as all were ASCII. */
  #bits = 0;

  constructor(data: Uint8Array) {
    // Bodies come as Buffers and as plain arrays; code that sees one kind only is compiled for it.
    this.data = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.space();
  }

  /** Nothing may follow, and what is not ASCII has to be UTF-8. */
  end(): void {
    this.space();
    if (this.at < this.data.length) throw this.#malformed();
    if (this.#bits < 0x80) return;
    try {
      strictUtf8.decode(this.data);
    } catch (error) {
      throw new OtlpError('The body is not JSON in UTF-8', { cause: error });
    }
  }

  /** Steps over a text and notes where it is. */
  protected stepOverText(): void {
    const data = this.data;
    this.expect(quote);
    let at = this.at;
    let bits = 0;
    this.start = at;
    this.isEscaped = false;
    for (;;) {
      let byte = data[at] ?? 0;
      while (special[byte] === 0) {
        bits |= byte;
        byte = data[++at] ?? 0;
      }
      if (byte === quote) break;
      if (byte < 0x20) throw this.#malformed(at);
      this.isEscaped = true;
      const escaped = data[++at] ?? 0;
      if (escaped === lowerU) {
        for (let digit = 0; digit < 4; digit++) if (!isHexDigit(data[++at] ?? 0)) throw this.#malformed(at);
      } else if (!escapes.has(escaped)) throw this.#malformed(at);
      at++;
    }
    this.#bits |= bits;
    this.textEnd = at;
    this.at = at + 1;
  }

  /** Steps over a text and answers it, cut after a kilobyte: with one look at each byte where none is escaped. */
  protected readText(): string {
    const data = this.data;
    const start = this.at + 1;
    let at = start;
    let bits = 0;
    let hash = 0;
    let byte = data[at] ?? 0;
    while (special[byte] === 0) {
      bits |= byte;
      hash = hashed(hash, byte);
      byte = data[++at] ?? 0;
    }
    if (byte !== quote) {
      this.stepOverText();
      return this.unescaped();
    }
    this.#bits |= bits;
    this.at = at + 1;
    return textOfHash(data, start, at - start, hash);
  }

  /** Half characters, which only escapes can write, are replaced as those of broken UTF-8 are. */
  protected unescaped(): string {
    const text = lenientUtf8.decode(this.data.subarray(this.start - 1, this.textEnd + 1));
    return (JSON.parse(text) as string).slice(0, 1024).replace(/\p{Surrogate}/gu, '\u{fffd}');
  }

  protected stepOverNumber(): number {
    const data = this.data;
    const start = this.at;
    if (data[this.at] === minus) this.at++;
    const whole = this.at;
    this.#skipDigits();
    if (data[whole] === zero && this.at - whole > 1) throw this.#malformed(whole);
    const wholeEnd = this.at;
    if (data[this.at] === point) {
      this.at++;
      this.#skipDigits();
    }
    if (data[this.at] === lowerE || data[this.at] === upperE) {
      this.at++;
      if (data[this.at] === plus || data[this.at] === minus) this.at++;
      this.#skipDigits();
    }
    if (this.at === wholeEnd && start === whole && this.at - start <= 15) return this.digits(start, this.at);
    return Number(this.ascii(start, this.at));
  }

  #skipDigits(): void {
    const start = this.at;
    while (isDigit(this.data[this.at] ?? 0)) this.at++;
    if (this.at === start) throw this.#malformed();
  }

  /** The number of these digits; negative when there are others among them or there are none at all. */
  protected digits(start: number, end: number): number {
    let value = 0;
    for (let at = start; at < end; at++) {
      const digit = (this.data[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  protected ascii(start: number, end: number): string {
    return lenientUtf8.decode(this.data.subarray(start, end));
  }

  protected word(word: string): void {
    for (let at = 0; at < word.length; at++) this.expect(word.charCodeAt(at));
  }

  protected space(): void {
    const data = this.data;
    if ((data[this.at] ?? 0x21) > 0x20) return;
    for (let byte = data[this.at] ?? 0x21; byte <= 0x20; byte = data[++this.at] ?? 0x21)
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) throw this.#malformed();
  }

  protected expect(byte: number): void {
    if (this.data[this.at] !== byte) throw this.#malformed();
    this.at++;
  }

  #malformed(at = this.at): OtlpError {
    return new OtlpError(`The body is not JSON in UTF-8 (at byte ${at})`);
  }
}

export const isDigit = (byte: number): boolean => byte >= zero && byte <= nine;

const isHexDigit = (byte: number): boolean =>
  isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
