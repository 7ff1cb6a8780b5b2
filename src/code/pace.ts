import type { Tools } from './tools';

/** Longer than this no request waits while much is read or linked. */
const mostMs = 8;

/**
 * Lets requests be answered while long work goes on, which calls `step` before each of its parts. Parts that are worked
 * on at the same time take a breath together: each by itself, they would hold the thread for as many times that long.
 */
export class Pace {
  #since: number;
  #breath: Promise<void> | undefined;

  constructor(
    private readonly tools: Pick<Tools, 'now' | 'breathe'>,
    private readonly most = mostMs,
  ) {
    this.#since = tools.now();
  }

  async step(): Promise<void> {
    // Of those that wait for one breath, the last to go on may be late for the next.
    while (this.tools.now() - this.#since >= this.most) await (this.#breath ??= this.#breathe());
  }

  async #breathe(): Promise<void> {
    await this.tools.breathe();
    this.#since = this.tools.now();
    this.#breath = undefined;
  }
}
