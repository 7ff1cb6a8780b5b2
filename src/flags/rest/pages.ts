import type { Clock } from '../../platform/clock';
import { Turns } from '../turns';

/** The most that a page has. */
export const PAGE = 100;

export interface Page {
  readonly items: readonly unknown[];
  /** Of all pages; null where that is not told. */
  readonly total: number | null;
}

/** A list that is asked for by offset, page by page, or several at once when it is known how many there are. */
export class Pages {
  readonly #most: number;
  readonly #atOnce: number;
  #offset = 0;
  #total: number | null = null;

  /** `most`: items that are asked for at all. */
  constructor(most: number, atOnce: number) {
    this.#most = most;
    this.#atOnce = atOnce;
  }

  /** How many there are where that is more than are asked for, else 0. */
  get tooMany(): number {
    return this.#total !== null && this.#total > this.#most ? this.#total : 0;
  }

  get isDone(): boolean {
    return this.#total !== null && this.#offset >= Math.min(this.#total, this.#most);
  }

  /** The next ones. Rejects with why one of them cannot be asked for: all of them are asked for again then. */
  async next(
    ask: (offset: number) => Promise<Page>,
    take: (item: unknown) => void,
    clock: Clock,
    signal: AbortSignal,
  ): Promise<void> {
    const left = this.#total === null ? 1 : Math.ceil((Math.min(this.#total, this.#most) - this.#offset) / PAGE);
    const offsets = Array.from({ length: Math.min(left, this.#atOnce) }, (_, at) => this.#offset + at * PAGE);
    const answers = await Promise.all(offsets.map(ask));
    const turns = new Turns(clock);
    for (const { items, total } of answers) {
      // Without a count the end is where a page is not full.
      this.#total = total ?? this.#offset + (items.length >= PAGE ? PAGE + 1 : items.length);
      for (const item of items) {
        take(item);
        if (turns.over) await turns.rest(signal);
      }
      this.#offset += PAGE;
      if (items.length === 0) this.#total = Math.min(this.#total, this.#offset);
    }
  }
}
