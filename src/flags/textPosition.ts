/** Where an offset stands in a text: 1-based line and column (UTF-16 units), as problems have them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds lines by binary search. Lines are counted as far as they are asked for, so that none waits for a long text. */
export class LineIndex {
  readonly #text: string;
  readonly #starts: number[] = [0];
  #counted = 0;

  constructor(text: string) {
    this.#text = text;
  }

  at(offset: number): Position {
    while (this.#counted <= offset) {
      const next = this.#text.indexOf('\n', this.#counted);
      this.#counted = next < 0 ? Number.POSITIVE_INFINITY : next + 1;
      if (next >= 0) this.#starts.push(next + 1);
    }
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 };
  }
}
