import type { JournalEntry } from '../model/change';
import type { FlagSystems } from './api';
import { isMade, placeOf } from './entry';

const mostAsked = 50;

/** Which changes could be taken back exactly now: the last one made at each flag and environment, if its system agrees. */
export class UndoableChanges {
  readonly #systems: FlagSystems;
  #ids: ReadonlySet<string> = new Set();

  constructor(systems: FlagSystems) {
    this.#systems = systems;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** `entries` newest first. Planning has no effects, so asking is free of consequences. */
  async update(entries: readonly JournalEntry[], signal: AbortSignal): Promise<void> {
    const seen = new Set<string>();
    const candidates = entries.filter((entry) => {
      const place = placeOf(entry.plan.ref, entry.plan.environment);
      if (!isMade(entry) || seen.has(place)) return false;
      seen.add(place);
      return entry.undoneBy === null;
    });
    const ids = new Set<string>();
    for (const { id, plan } of candidates.slice(0, mostAsked)) {
      try {
        const system = this.#systems.systemForPlan(plan);
        if (!system) continue;
        await system.planUndo(plan, signal);
        ids.add(id);
      } catch {
        // Its system says no: not exact any more, or not to be asked now.
      }
    }
    this.#ids = ids;
  }
}
