import type { Disposable } from '../../platform/disposable';
import { Emitter, type Event } from '../../platform/emitter';

const none: ReadonlySet<string> = new Set();

/** Flags that no code of the window names, by `flagId`, as {@link FlagDiagnostics} found last; none while nobody knows. */
export class UnreferencedFlags implements Disposable {
  readonly #changed: Emitter<void>;
  readonly onDidChange: Event<void>;
  #ids = none;

  constructor(report: (error: unknown) => void) {
    this.#changed = new Emitter(report);
    this.onDidChange = this.#changed.event;
  }

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  set(ids: ReadonlySet<string>): void {
    if (ids.size === this.#ids.size && [...ids].every((id) => this.#ids.has(id))) return;
    this.#ids = ids;
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
