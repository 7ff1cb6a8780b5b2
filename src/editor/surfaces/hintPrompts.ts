import type { Clock } from '../../platform/clock';
import type { Disposable } from '../../platform/disposable';

/** Told and not asked for after this long: told again, later each time. */
const UNHEARD_MS = 1_000;
const MOST_REPEATS = 5;
/** VS Code that takes longer to ask than this waits by answers of its own start. */
const SLOW_MS = 100;
const SETTLING_MS = 400;
const MOST_SETTLING = 12;

/**
 * Tells VS Code that the facts of documents changed, until it has asked for them. Two things it does make that necessary:
 * - It does not listen from when it asks until all providers have answered: what changes just then would stay unseen.
 * - Once told, it waits as long as its last six answers took, up to 625 ms. Those of a window or a file that is just
 *   opening are slow, and the first changes of a flag would show late by that. So where it was slow to ask, it is told a few
 *   more times, which replaces those six.
 * Bounded a change and a document: where it never asks (hints are off), nothing goes on.
 */
export class HintPrompts implements Disposable {
  readonly #clock: Clock;
  readonly #tell: () => void;
  /** When each document was told of that was not asked for yet. */
  readonly #untaken = new Map<string, number>();
  readonly #settling = new Map<string, { left: number; timer?: Disposable }>();
  #repeat: Disposable | undefined;

  constructor(clock: Clock, tell: () => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** The facts of these documents differ from those that VS Code has. */
  changed(documents: readonly string[]): void {
    const now = this.#clock.monotonic();
    for (const document of documents) if (!this.#untaken.has(document)) this.#untaken.set(document, now);
    this.#repeat?.dispose();
    this.#repeatAfter(UNHEARD_MS, MOST_REPEATS);
    this.#tell();
  }

  /** VS Code asked for the facts of a document, and is given those of now. */
  asked(document: string): void {
    const told = this.#untaken.get(document);
    if (told === undefined) return;
    this.#untaken.delete(document);
    if (this.#clock.monotonic() - told > SLOW_MS) this.#settle(document);
  }

  closed(document: string): void {
    this.#untaken.delete(document);
    this.#settling.get(document)?.timer?.dispose();
    this.#settling.delete(document);
  }

  dispose(): void {
    this.#repeat?.dispose();
    for (const { timer } of this.#settling.values()) timer?.dispose();
    this.#settling.clear();
    this.#untaken.clear();
  }

  #repeatAfter(ms: number, left: number): void {
    this.#repeat = this.#clock.after(ms, () => {
      this.#repeat = undefined;
      if (this.#untaken.size === 0) return;
      if (left === 0) this.#untaken.clear();
      else {
        this.#repeatAfter(ms * 2, left - 1);
        this.#tell();
      }
    });
  }

  #settle(document: string): void {
    const settling = this.#settling.get(document) ?? { left: MOST_SETTLING };
    this.#settling.set(document, settling);
    if (settling.left === 0) return;
    settling.left--;
    settling.timer?.dispose();
    settling.timer = this.#clock.after(SETTLING_MS, () => this.changed([document]));
  }
}
