import type * as vscode from 'vscode';
import * as z from 'zod';
import { environmentRefSchema, type EnvironmentRef } from '../model/identity';
import type { Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';

/** Windows of time offered, in minutes. */
export const windowsOffered = [5, 15, 60, 360, 1_440] as const;
const defaultWindow = 15;

/** What is remembered for a workspace in VS Code's own state. Read back as carefully as anything else from outside. */
const schema = z.object({
  environment: environmentRefSchema.nullable().catch(null),
  windowMinutes: z.number().int().min(1).max(10_080).catch(defaultWindow),
  dimmed: z.boolean().catch(false),
});
type Chosen = z.infer<typeof schema>;

const storageKey = 'sightglass.choices';

/** Environment, window and dimming chosen for this workspace. `null` environment: nobody chose, the first fits. */
export class Choices implements Disposable {
  readonly #memory: vscode.Memento;
  readonly #changed: Emitter<void>;
  #chosen: Chosen;
  readonly onDidChange: Event<void>;

  constructor(memory: vscode.Memento, onError: (error: unknown) => void) {
    this.#memory = memory;
    this.#changed = new Emitter(onError);
    this.onDidChange = this.#changed.event;
    this.#chosen = schema
      .catch({ environment: null, windowMinutes: defaultWindow, dimmed: false })
      .parse(memory.get<unknown>(storageKey) ?? {});
  }

  get environment(): EnvironmentRef | null {
    return this.#chosen.environment;
  }

  get windowMinutes(): number {
    return this.#chosen.windowMinutes;
  }

  get dimmed(): boolean {
    return this.#chosen.dimmed;
  }

  async choose(chosen: Partial<Chosen>): Promise<void> {
    this.#chosen = { ...this.#chosen, ...chosen };
    this.#changed.fire();
    await this.#memory.update(storageKey, this.#chosen);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
