import type * as vscode from 'vscode';
import * as z from 'zod';
import type { Flags } from '../flags/api';
import { personalAttribute, savedContextSchema, type SavedContext } from '../model/evaluationContext';

const storageKey = 'sightglass.contexts';
const most = 50;

export interface ListedContext extends SavedContext {
  /** `shared`: of `.sightglass.json`. `own`: kept in VS Code's own state for this workspace, on this machine alone. */
  readonly from: 'shared' | 'own';
}

/**
 * Contexts that flags are evaluated as. What may name a person is never taken from the configuration, which is shared,
 * nor ever written to a file or a setting.
 */
export class SavedContexts {
  constructor(
    private readonly memory: vscode.Memento,
    private readonly flags: Pick<Flags, 'configurationFor'>,
  ) {}

  /** Those of the configurations above these paths, then one's own. */
  list(paths: readonly string[]): readonly ListedContext[] {
    const shared = new Map<string, ListedContext>();
    for (const path of paths)
      for (const context of this.flags.configurationFor(path)?.config.contexts ?? [])
        if (personalAttribute(context.attributes) === null && !shared.has(context.name))
          shared.set(context.name, { ...context, from: 'shared' });
    return [...shared.values(), ...this.#own().map((context): ListedContext => ({ ...context, from: 'own' }))];
  }

  /** In place of one of its name. */
  async keep(context: SavedContext): Promise<void> {
    const others = this.#own().filter(({ name }) => name !== context.name);
    await this.memory.update(storageKey, [context, ...others].slice(0, most));
  }

  async forget(name: string): Promise<void> {
    await this.memory.update(
      storageKey,
      this.#own().filter((context) => context.name !== name),
    );
  }

  /** Read back as carefully as anything else from outside: one that is damaged leaves the others. */
  #own(): readonly SavedContext[] {
    const kept = z.array(z.unknown()).catch([]).parse(this.memory.get<unknown>(storageKey));
    return kept.flatMap((context) => savedContextSchema.safeParse(context).data ?? []);
  }
}
