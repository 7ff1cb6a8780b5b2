import { OtlpError } from './record';
import { sharedText } from './sharedTexts';
import { packHex, packHexBytes } from './traceIds';
import type { WantedNames } from './wantedNames';

const deepest = 500;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Characters of RFC 8259. */
const quote = 0x22;
const backslash = 0x5c;
const [openObject, closeObject, openArray, closeArray] = [0x7b, 0x7d, 0x5b, 0x5d];
const [comma, colon, minus, plus, point, zero, nine] = [0x2c, 0x3a, 0x2d, 0x2b, 0x2e, 0x30, 0x39];
const [lowerE, upperE, lowerU] = [0x65, 0x45, 0x75];
const escapes = new Set(Array.from('"\\/bfnrt', (character) => character.charCodeAt(0)));

/**
 * Reads JSON in UTF-8 (RFC 8259) from its bytes, one value after the other: callers walk objects and arrays and skip
 * what they do not want, which is then checked and never decoded. Of an export of spans a tenth is wanted; to build
 * all of it as objects takes longer than everything done with them. What is malformed throws {@link OtlpError}.
 *
 * Every method but `member` and `item` stands in front of a value and takes all of it, whatever it is.
 */
export class JsonReader {
  readonly #data: Uint8Array;
  #at = 0;
  #depth = 0;
  /** In front of the first member or item of what was entered last. */
  #isFirst = false;
  /** All bytes of texts together: below 0x80 as long as all were ASCII. */
  #bits = 0;
  /** The text read last: where its bytes are, and whether there are escapes among them. */
  #start = 0;
  #end = 0;
  #isEscaped = false;

  constructor(data: Uint8Array) {
    // Bodies come as Buffers and as plain arrays; code that sees one kind only is compiled for it.
    this.#data = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#space();
  }

  /** Where the value stands that is read next; `goTo` comes back to it. */
  get position(): number {
    return this.#at;
  }

  goTo(position: number): void {
    this.#at = position;
    this.#isFirst = false;
  }

  /** Enters an object; anything else is skipped. `member` then reads on until it answers undefined. */
  enterObject(): boolean {
    return this.#enter(openObject);
  }

  enterArray(): boolean {
    return this.#enter(openArray);
  }

  /** The next member's name, its value comes next; '' for a name that is not wanted; undefined after the last. */
  member(wanted: WantedNames): string | undefined {
    if (!this.#isNext(closeObject)) return undefined;
    this.#text();
    const name = this.#isEscaped
      ? wanted.findText(this.#unescaped())
      : wanted.find(this.#data, this.#start, this.#end - this.#start);
    this.#space();
    this.#expect(colon);
    this.#space();
    return name ?? '';
  }

  /** Whether there is one more item, which comes next. */
  item(): boolean {
    return this.#isNext(closeArray);
  }

  /** A text, cut after a kilobyte; undefined for any other value. */
  text(): string | undefined {
    if (!this.#isText()) return undefined;
    return this.#isEscaped ? this.#unescaped() : sharedText(this.#data, this.#start, this.#end - this.#start);
  }

  /** The wanted name that a text is; undefined for other texts and other values. */
  name(wanted: WantedNames): string | undefined {
    if (!this.#isText()) return undefined;
    return this.#isEscaped
      ? wanted.findText(this.#unescaped())
      : wanted.find(this.#data, this.#start, this.#end - this.#start);
  }

  /** A number, or a text of one (64-bit numbers are texts in OTLP); undefined for anything else. */
  number(): number | undefined {
    const byte = this.#data[this.#at] ?? 0;
    if (byte === quote) {
      this.#text();
      const length = this.#end - this.#start;
      const value = length === 0 || length > 32 ? Number.NaN : Number(this.#ascii(this.#start, this.#end));
      return Number.isFinite(value) ? value : undefined;
    }
    if (byte !== minus && !isDigit(byte)) {
      this.skip();
      return undefined;
    }
    const value = this.#number();
    return Number.isFinite(value) ? value : undefined;
  }

  boolean(): boolean | undefined {
    const byte = this.#data[this.#at];
    this.skip();
    return byte === 0x74 ? true : byte === 0x66 ? false : undefined;
  }

  /** An id in hex, packed; '' for an empty text or null, undefined when it is none. */
  id(bytes: 8 | 16): string | undefined {
    const isNull = this.#data[this.#at] === 0x6e;
    if (!this.#isText()) return isNull ? '' : undefined;
    if (this.#isEscaped) return packHex(this.#unescaped(), bytes);
    const length = this.#end - this.#start;
    if (length === 0) return '';
    return length === bytes * 2 ? packHexBytes(this.#data, this.#start, bytes) : undefined;
  }

  /** A fixed64 of nanoseconds, as text or number, goes into `time`; nought when it is none. */
  time(time: { seconds: number; nanos: number }): void {
    time.seconds = time.nanos = 0;
    if (this.#data[this.#at] !== quote) {
      const value = this.number() ?? 0;
      if (value <= 0) return;
      time.seconds = Math.floor(value / 1e9);
      time.nanos = value - time.seconds * 1e9;
      return;
    }
    this.#text();
    const length = this.#end - this.#start;
    if (length > 20) return;
    const split = this.#start + Math.max(length - 9, 0);
    const seconds = this.#digits(this.#start, split);
    const nanos = this.#digits(split, this.#end);
    if (seconds < 0 || nanos < 0) return;
    time.seconds = seconds;
    time.nanos = nanos;
  }

  /** Steps over one value of any kind. */
  skip(): void {
    const byte = this.#data[this.#at];
    if (byte === quote) this.#text();
    else if (byte === openObject) {
      this.#enter(openObject);
      while (this.#isNext(closeObject)) {
        this.#text();
        this.#space();
        this.#expect(colon);
        this.#space();
        this.skip();
      }
    } else if (byte === openArray) {
      this.#enter(openArray);
      while (this.#isNext(closeArray)) this.skip();
    } else if (byte === 0x74) this.#word('true');
    else if (byte === 0x66) this.#word('false');
    else if (byte === 0x6e) this.#word('null');
    else this.#number();
  }

  /** Nothing may follow, and what is not ASCII has to be UTF-8. */
  end(): void {
    this.#space();
    if (this.#at < this.#data.length) throw this.#malformed();
    if (this.#bits < 0x80) return;
    try {
      strictUtf8.decode(this.#data);
    } catch (error) {
      throw new OtlpError('The body is not JSON in UTF-8', { cause: error });
    }
  }

  #enter(open: number): boolean {
    if (this.#data[this.#at] !== open) {
      this.skip();
      return false;
    }
    if (++this.#depth > deepest) throw new OtlpError(`The body is nested more than ${deepest} deep`);
    this.#at++;
    this.#isFirst = true;
    return true;
  }

  /** Goes to the next member or item; false, and behind what is left, at its end. */
  #isNext(close: number): boolean {
    this.#space();
    if (this.#data[this.#at] === close) {
      this.#at++;
      this.#depth--;
      this.#isFirst = false;
      return false;
    }
    if (this.#isFirst) this.#isFirst = false;
    else {
      this.#expect(comma);
      this.#space();
    }
    return true;
  }

  #isText(): boolean {
    if (this.#data[this.#at] === quote) {
      this.#text();
      return true;
    }
    this.skip();
    return false;
  }

  /** Steps over a text and notes where it is. */
  #text(): void {
    const data = this.#data;
    this.#expect(quote);
    let at = this.#at;
    let bits = 0;
    this.#start = at;
    this.#isEscaped = false;
    for (let byte = data[at] ?? 0; byte !== quote; byte = data[++at] ?? 0) {
      bits |= byte;
      if (byte < 0x20) throw this.#malformed(at);
      if (byte !== backslash) continue;
      this.#isEscaped = true;
      const escaped = data[++at] ?? 0;
      if (escaped === lowerU) {
        for (let digit = 0; digit < 4; digit++) if (!isHexDigit(data[++at] ?? 0)) throw this.#malformed(at);
      } else if (!escapes.has(escaped)) throw this.#malformed(at);
    }
    this.#bits |= bits;
    this.#end = at;
    this.#at = at + 1;
  }

  #unescaped(): string {
    const text = new TextDecoder().decode(this.#data.subarray(this.#start - 1, this.#end + 1));
    return (JSON.parse(text) as string).slice(0, 1024);
  }

  #number(): number {
    const data = this.#data;
    const start = this.#at;
    if (data[this.#at] === minus) this.#at++;
    const whole = this.#at;
    this.#skipDigits();
    if (data[whole] === zero && this.#at - whole > 1) throw this.#malformed(whole);
    const wholeEnd = this.#at;
    if (data[this.#at] === point) {
      this.#at++;
      this.#skipDigits();
    }
    if (data[this.#at] === lowerE || data[this.#at] === upperE) {
      this.#at++;
      if (data[this.#at] === plus || data[this.#at] === minus) this.#at++;
      this.#skipDigits();
    }
    if (this.#at === wholeEnd && start === whole && this.#at - start <= 15) return this.#digits(start, this.#at);
    return Number(this.#ascii(start, this.#at));
  }

  #skipDigits(): void {
    const start = this.#at;
    while (isDigit(this.#data[this.#at] ?? 0)) this.#at++;
    if (this.#at === start) throw this.#malformed();
  }

  /** The number of these digits; negative when there are others among them or there are none at all. */
  #digits(start: number, end: number): number {
    let value = 0;
    for (let at = start; at < end; at++) {
      const digit = (this.#data[at] ?? 0) - zero;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  #ascii(start: number, end: number): string {
    return String.fromCharCode(...this.#data.subarray(start, end));
  }

  #word(word: string): void {
    for (let at = 0; at < word.length; at++) this.#expect(word.charCodeAt(at));
  }

  #space(): void {
    const data = this.#data;
    for (let byte = data[this.#at] ?? 0x21; byte <= 0x20; byte = data[++this.#at] ?? 0x21)
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) throw this.#malformed();
  }

  #expect(byte: number): void {
    if (this.#data[this.#at] !== byte) throw this.#malformed();
    this.#at++;
  }

  #malformed(at = this.#at): OtlpError {
    return new OtlpError(`The body is not JSON in UTF-8 (at byte ${at})`);
  }
}

const isDigit = (byte: number): boolean => byte >= zero && byte <= nine;

const isHexDigit = (byte: number): boolean =>
  isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
