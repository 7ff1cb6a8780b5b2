import { areBytes, isAsciiText, sharedText } from './sharedTexts';

const slots = 256;
const nothing = new Uint8Array(0);

/** One of the names that are looked for. */
export interface Wanted {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** As a member of a JSON object begins: `"name":`. */
  readonly token: Uint8Array;
  /** The one that came after it the last time. */
  next: Wanted | undefined;
}

/**
 * Names that are looked for among many others, told by their bytes: what is not wanted is never decoded. Names are
 * ASCII; `prefix` wants all that start with it.
 */
export class WantedNames {
  readonly #slots: (Wanted[] | undefined)[] = new Array<Wanted[] | undefined>(slots);
  readonly #prefix: string | undefined;
  readonly #names: ReadonlyMap<string, string>;
  /** Before the first of an object. */
  readonly #start: Wanted = { name: '', bytes: nothing, token: nothing, next: undefined };
  #last = this.#start;

  constructor(names: Iterable<string>, prefix?: string) {
    this.#names = new Map([...names].map((name) => [name, name] as const));
    this.#prefix = prefix;
    const bytes = new TextEncoder();
    for (const name of this.#names.keys()) {
      const data = bytes.encode(name);
      const wanted = { name, bytes: data, token: bytes.encode(`"${name}":`), next: undefined };
      (this.#slots[slotOf(data, 0, data.length)] ??= []).push(wanted);
    }
  }

  /**
   * The name that came next the last time, when it begins the member at `at` once more: senders write their members in
   * one order, so that most names need not be found. Undefined says nothing.
   */
  foretold(data: Uint8Array, at: number, isFirst: boolean): Wanted | undefined {
    if (isFirst) this.#last = this.#start;
    const { next } = this.#last;
    if (next === undefined || !areBytes(data, at, next.token)) return undefined;
    this.#last = next;
    return next;
  }

  /** The wanted name of a member that was not foretold. */
  member(data: Uint8Array, start: number, length: number): string | undefined {
    const found = this.#find(data, start, length);
    if (found === undefined) return undefined;
    this.#last.next = found;
    this.#last = found;
    return found.name;
  }

  /** The wanted name that these bytes are, undefined for any other. */
  find(data: Uint8Array, start: number, length: number): string | undefined {
    const found = this.#find(data, start, length);
    if (found !== undefined) return found.name;
    const prefix = this.#prefix;
    return prefix !== undefined && length > prefix.length && isAsciiText(data, start, prefix)
      ? sharedText(data, start, length)
      : undefined;
  }

  #find(data: Uint8Array, start: number, length: number): Wanted | undefined {
    if (length === 0) return undefined;
    const candidates = this.#slots[slotOf(data, start, length)];
    if (candidates)
      for (const candidate of candidates)
        if (candidate.bytes.length === length && areBytes(data, start, candidate.bytes)) return candidate;
    return undefined;
  }

  /** As `find`, of a name that had to be decoded. */
  findText(text: string): string | undefined {
    return this.#names.get(text) ?? (this.#prefix !== undefined && text.startsWith(this.#prefix) ? text : undefined);
  }
}

/** Length, first, middle and last byte: enough to leave nearly every other name out unread. */
function slotOf(data: Uint8Array, start: number, length: number): number {
  const first = data[start] ?? 0;
  const middle = data[start + (length >> 1)] ?? 0;
  const last = data[start + length - 1] ?? 0;
  return (length * 37 + first * 5 + middle * 3 + last * 11) & (slots - 1);
}
