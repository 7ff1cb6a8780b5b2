import { Emitter, type Event } from '../emitter';
import type { Settings } from '../settings';

/** Settings held in memory; a listener that throws is rethrown, since only tests and the browser use them. */
export class MemorySettings implements Settings {
  readonly #values: Map<string, unknown>;
  readonly #changed = new Emitter<void>((error) => {
    throw error;
  });
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(values: Readonly<Record<string, unknown>> = {}) {
    this.#values = new Map(Object.entries(values));
  }

  get<T>(name: string, fallback: T): T {
    return this.#values.has(name) ? (this.#values.get(name) as T) : fallback;
  }

  set(name: string, value: unknown): void {
    this.#values.set(name, value);
    this.#changed.fire();
  }
}
