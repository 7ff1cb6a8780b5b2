import { disposable, type Disposable } from './disposable';

/** A listener that throws is reported to `onError` and does not keep the others from hearing. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  readonly event = (listener: (value: T) => void): Disposable => {
    this.#listeners.add(listener);
    return disposable(() => this.#listeners.delete(listener));
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** What {@link Emitter.event} is to those who listen. */
export type Event<T> = (listener: (value: T) => void) => Disposable;
