import type { Span } from '../summary';

/** A condition that markup puts on part of a file: `v-if`, `{#if}`, HAML's nested lines. Offsets of the file. */
export interface MarkupGuard {
  /** Where the condition stands, as an expression that is a statement of its own. */
  readonly cond: Span;
  /** What is there when it holds, and when it does not. */
  readonly then: Span | null;
  readonly other: Span | null;
}

/**
 * What a file of another language holds of one that the finder reads, in the places where it stands: as long as the
 * file, with the same lines, all else blank. Offsets need no mapping, and an edit of the file is the same edit here.
 */
export interface Inner {
  readonly text: string;
  readonly guards: readonly MarkupGuard[];
}

/** Gathers the regions of a file, which are told in the order of the text. */
export class InnerText {
  readonly #parts: string[] = [];
  #at = 0;

  constructor(private readonly source: string) {}

  /** Leaves these offsets as they are. What was told already is left out. */
  keep(from: number, to: number): void {
    const start = Math.max(from, this.#at);
    if (to <= start) return;
    this.#blank(start);
    this.#parts.push(this.source.slice(start, to));
    this.#at = to;
  }

  /** Puts a mark of the inner language in the place of a character. Line ends stay. */
  put(at: number, mark: string): void {
    if (at < this.#at || at >= this.source.length) return;
    this.#blank(at);
    this.#parts.push(/[\r\n]/.test(this.source.charAt(at)) ? this.source.charAt(at) : mark);
    this.#at = at + 1;
  }

  /** The gathered text; blank to its end. */
  finish(): string {
    this.#blank(this.source.length);
    return this.#parts.join('');
  }

  #blank(to: number): void {
    if (to <= this.#at) return;
    const lines = this.source.slice(this.#at, to).split('\n');
    this.#parts.push(lines.map(blankLine).join('\n'));
    this.#at = to;
  }
}

function blankLine(line: string): string {
  return line.endsWith('\r') ? `${' '.repeat(line.length - 1)}\r` : ' '.repeat(line.length);
}
