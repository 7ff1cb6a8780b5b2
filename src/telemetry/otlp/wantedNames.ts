import { isAsciiText, sharedText } from './sharedTexts';

const slots = 256;

/**
 * Names that are looked for among many others, told by their bytes: what is not wanted is never decoded. Names are
 * ASCII; `prefix` wants all that start with it.
 */
export class WantedNames {
  readonly #slots: (string[] | undefined)[] = new Array<string[] | undefined>(slots);
  readonly #prefix: string | undefined;
  readonly #names: ReadonlyMap<string, string>;

  constructor(names: Iterable<string>, prefix?: string) {
    this.#names = new Map([...names].map((name) => [name, name] as const));
    this.#prefix = prefix;
    const bytes = new TextEncoder();
    for (const name of this.#names.keys()) {
      const data = bytes.encode(name);
      (this.#slots[slotOf(data, 0, data.length)] ??= []).push(name);
    }
  }

  /** The wanted name that these bytes are, undefined for any other. */
  find(data: Uint8Array, start: number, length: number): string | undefined {
    if (length === 0) return undefined;
    const candidates = this.#slots[slotOf(data, start, length)];
    if (candidates)
      for (const name of candidates) if (name.length === length && isAsciiText(data, start, name)) return name;
    const prefix = this.#prefix;
    return prefix !== undefined && length > prefix.length && isAsciiText(data, start, prefix)
      ? sharedText(data, start, length)
      : undefined;
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
