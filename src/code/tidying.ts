import { compact } from './compact';
import { Pace } from './pace';
import type { FileSummary } from './summary';
import type { Tools } from './tools';

/** So much later what was read for an index just made is shown already. */
const afterMs = 1_000;
/** More than these are not held as they were read, each with the text it was cut out of. */
const mostLoose = 512;

/** Makes summaries small when nobody waits for what they say. */
export class Tidying {
  readonly #loose: FileSummary[] = [];
  #isWaiting = false;

  constructor(private readonly tools: Pick<Tools, 'later' | 'now' | 'breathe'>) {}

  /** The summary is made small, in place, some time from now. */
  add(summary: FileSummary): void {
    this.#loose.push(summary);
    if (this.#loose.length > mostLoose) this.#next();
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.tools.later(afterMs, () => void this.#rest());
  }

  async #rest(): Promise<void> {
    const pace = new Pace(this.tools);
    while (this.#loose.length > 0) {
      this.#next();
      await pace.step();
    }
    this.#isWaiting = false;
  }

  #next(): void {
    const summary = this.#loose.shift();
    if (summary) compact(summary);
  }
}
