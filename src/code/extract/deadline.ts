/** Looking at the clock costs more than visiting a node. */
const every = 64;

/** Until when one file's tree is read. Asked of every node; once over, it stays over. */
export class Deadline {
  #asked = 0;
  #isOver = false;
  readonly #until: number;

  constructor(
    /** Monotonic milliseconds. */
    private readonly now: () => number,
    /** Milliseconds from now on. */
    readonly ms: number,
  ) {
    this.#until = now() + ms;
  }

  get isOver(): boolean {
    if (!this.#isOver && this.#asked++ % every === 0) this.#isOver = this.now() > this.#until;
    return this.#isOver;
  }
}
