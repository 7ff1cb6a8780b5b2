/** Anything that must be let go. Structurally equal to VS Code's, so both fit each other. */
export interface Disposable {
  dispose(): void;
}

export function disposable(dispose: () => void): Disposable {
  return { dispose };
}

/** Holds disposables and lets them go in reverse order; one that throws does not keep the others. */
export class DisposableStack implements Disposable {
  readonly #held: Disposable[] = [];
  #disposed = false;

  add<T extends Disposable>(held: T): T {
    if (this.#disposed) held.dispose();
    else this.#held.push(held);
    return held;
  }

  dispose(): void {
    this.#disposed = true;
    const errors: unknown[] = [];
    for (let held = this.#held.pop(); held; held = this.#held.pop()) {
      try {
        held.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, 'Errors while disposing');
  }
}
