import { Emitter } from '../emitter';
import type { Secrets } from '../secrets';

/** Tokens held in memory, by origin. */
export class MemorySecrets implements Secrets {
  readonly #tokens = new Map<string, string>();
  readonly #changed = new Emitter<void>((error) => {
    throw error;
  });
  readonly onDidChange = this.#changed.event;

  async get(origin: string): Promise<string | undefined> {
    return this.#tokens.get(origin);
  }
  async set(origin: string, token: string): Promise<void> {
    this.#tokens.set(origin, token);
    this.#changed.fire();
  }
  async delete(origin: string): Promise<void> {
    this.#tokens.delete(origin);
    this.#changed.fire();
  }
}
