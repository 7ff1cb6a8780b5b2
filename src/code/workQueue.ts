/** Does work for items as they come, some at once, in their order. Work that fails ends all that has not begun. */
export class WorkQueue<Item> {
  readonly #items: Item[] = [];
  #next = 0;
  #running = 0;
  #failure: { readonly error: unknown } | undefined;
  #rested: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly work: (item: Item) => Promise<void>,
  ) {}

  /** How many of what was added have not begun. */
  get waiting(): number {
    return this.#items.length - this.#next;
  }

  add(item: Item): void {
    this.#items.push(item);
    this.#start();
  }

  /** Resolves when nothing is left of what was added; rejects with what failed first. */
  async rest(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => void this.#rested.push(resolve));
    if (this.#failure) throw this.#failure.error;
  }

  #start(): void {
    while (this.#running < this.atOnce && this.#next < this.#items.length && !this.#failure) {
      const item = this.#items[this.#next++] as Item;
      this.#running++;
      void this.#run(item);
    }
  }

  async #run(item: Item): Promise<void> {
    try {
      await this.work(item);
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#running--;
    this.#start();
    if (this.#running > 0) return;
    for (const resolve of this.#rested) resolve();
    this.#rested = [];
  }
}
