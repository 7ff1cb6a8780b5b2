import { isDigit, JsonTokens, minus, quote } from './jsonTokens';
import { OtlpError } from './record';
import { areBytes } from './sharedTexts';
import { packHex, packHexBytes } from './traceIds';
import type { WantedNames } from './wantedNames';

const deepest = 500;
const [openObject, closeObject, openArray, closeArray] = [0x7b, 0x7d, 0x5b, 0x5d];
const [comma, colon] = [0x2c, 0x3a];

/**
 * Reads JSON in UTF-8 (RFC 8259) from its bytes, one value after the other: callers walk objects and arrays and skip
 * what they do not want, which is then checked and never decoded. Of an export of spans a tenth is wanted; to build
 * all of it as objects takes longer than everything done with them. What is malformed throws {@link OtlpError}.
 *
 * Every method but `member` and `item` stands in front of a value and takes all of it, whatever it is.
 */
export class JsonReader extends JsonTokens {
  #depth = 0;
  /** In front of the first member or item of what was entered last. */
  #isFirst = false;

  /** Where the value stands that is read next; `goTo` comes back to it. */
  get position(): number {
    return this.at;
  }

  goTo(position: number): void {
    this.at = position;
    this.#isFirst = false;
  }

  /** Steps over these bytes where they come next. */
  takes(bytes: Uint8Array): boolean {
    if (!areBytes(this.data, this.at, bytes)) return false;
    this.at += bytes.length;
    return true;
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
    const isFirst = this.#isFirst;
    if (!this.#isNext(closeObject)) return undefined;
    const foretold = wanted.foretold(this.data, this.at, isFirst);
    if (foretold) {
      this.at += foretold.token.length;
      this.space();
      return foretold.name;
    }
    this.stepOverText();
    const name = this.isEscaped
      ? wanted.findText(this.unescaped())
      : wanted.member(this.data, this.start, this.textEnd - this.start);
    this.space();
    this.expect(colon);
    this.space();
    return name ?? '';
  }

  /** Whether there is one more item, which comes next. */
  item(): boolean {
    return this.#isNext(closeArray);
  }

  /** A text, cut after a kilobyte; undefined for any other value. */
  text(): string | undefined {
    if (this.data[this.at] === quote) return this.readText();
    this.skip();
    return undefined;
  }

  /** The wanted name that a text is; undefined for other texts and other values. */
  name(wanted: WantedNames): string | undefined {
    if (!this.#isText()) return undefined;
    return this.isEscaped
      ? wanted.findText(this.unescaped())
      : wanted.find(this.data, this.start, this.textEnd - this.start);
  }

  /** A number, or a text of one (64-bit numbers are texts in OTLP); undefined for anything else. */
  number(): number | undefined {
    const byte = this.data[this.at] ?? 0;
    if (byte === quote) {
      this.stepOverText();
      const { start, textEnd } = this;
      const whole = textEnd - start <= 15 ? this.digits(start, textEnd) : -1;
      if (whole >= 0 && textEnd > start) return whole;
      const text = this.isEscaped ? this.unescaped() : textEnd - start > 32 ? '' : this.ascii(start, textEnd);
      const value = text === '' || text.length > 32 ? Number.NaN : Number(text);
      return Number.isFinite(value) ? value : undefined;
    }
    if (byte !== minus && !isDigit(byte)) {
      this.skip();
      return undefined;
    }
    const value = this.stepOverNumber();
    return Number.isFinite(value) ? value : undefined;
  }

  boolean(): boolean | undefined {
    const byte = this.data[this.at];
    this.skip();
    return byte === 0x74 ? true : byte === 0x66 ? false : undefined;
  }

  /** An id in hex, packed; '' for an empty text or null, undefined when it is none. */
  id(bytes: 8 | 16): string | undefined {
    const data = this.data;
    const end = this.at + bytes * 2 + 1;
    if (data[this.at] === quote && data[end] === quote) {
      // Nothing but digits: no end of the text can be among them.
      const packed = packHexBytes(data, this.at + 1, bytes);
      if (packed !== undefined) {
        this.at = end + 1;
        return packed;
      }
    }
    const isNull = data[this.at] === 0x6e;
    if (!this.#isText()) return isNull ? '' : undefined;
    if (this.isEscaped) return packHex(this.unescaped(), bytes);
    const length = this.textEnd - this.start;
    if (length === 0) return '';
    return length === bytes * 2 ? packHexBytes(this.data, this.start, bytes) : undefined;
  }

  /** A fixed64 of nanoseconds, as text or number, goes into `time`; nought when it is none. */
  time(time: { seconds: number; nanos: number }): void {
    const first = this.at + 1;
    if (this.data[this.at] === quote && this.data[first + 19] === quote) {
      // Nineteen digits are all times from 2001 to 2286.
      const seconds = this.digits(first, first + 10);
      const nanos = this.digits(first + 10, first + 19);
      if (seconds >= 0 && nanos >= 0) {
        time.seconds = seconds;
        time.nanos = nanos;
        this.at = first + 20;
        return;
      }
    }
    time.seconds = time.nanos = 0;
    if (this.data[this.at] !== quote) {
      const value = this.number() ?? 0;
      if (value <= 0) return;
      time.seconds = Math.floor(value / 1e9);
      time.nanos = value - time.seconds * 1e9;
      return;
    }
    const text = this.text() ?? '';
    if (!/^\d{1,20}$/.test(text)) return;
    time.seconds = Number(text.slice(0, -9));
    time.nanos = Number(text.slice(-9));
  }

  /** Steps over one value of any kind. */
  skip(): void {
    const byte = this.data[this.at];
    if (byte === quote) this.stepOverText();
    else if (byte === openObject) {
      this.#enter(openObject);
      while (this.#isNext(closeObject)) {
        this.stepOverText();
        this.space();
        this.expect(colon);
        this.space();
        this.skip();
      }
    } else if (byte === openArray) {
      this.#enter(openArray);
      while (this.#isNext(closeArray)) this.skip();
    } else if (byte === 0x74) this.word('true');
    else if (byte === 0x66) this.word('false');
    else if (byte === 0x6e) this.word('null');
    else this.stepOverNumber();
  }

  #enter(open: number): boolean {
    if (this.data[this.at] !== open) {
      this.skip();
      return false;
    }
    if (++this.#depth > deepest) throw new OtlpError(`The body is nested more than ${deepest} deep`);
    this.at++;
    this.#isFirst = true;
    return true;
  }

  /** Goes to the next member or item; false, and behind what is left, at its end. */
  #isNext(close: number): boolean {
    this.space();
    if (this.data[this.at] === close) {
      this.at++;
      this.#depth--;
      this.#isFirst = false;
      return false;
    }
    if (this.#isFirst) this.#isFirst = false;
    else {
      this.expect(comma);
      this.space();
    }
    return true;
  }

  #isText(): boolean {
    if (this.data[this.at] === quote) {
      this.stepOverText();
      return true;
    }
    this.skip();
    return false;
  }
}
