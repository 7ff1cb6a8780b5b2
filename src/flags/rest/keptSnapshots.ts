import type { FlagSnapshot } from '../../model/flag';
import type { Turns } from '../turns';

/** Snapshots of flags: the same objects as long as nothing changed of what they are made of. */
export class KeptSnapshots {
  readonly #kept = new Map<string, { readonly of: readonly unknown[]; readonly flag: FlagSnapshot }>();

  /** `of`: everything that it is made of, which is replaced where it changes. */
  get(key: string, of: readonly unknown[], make: () => FlagSnapshot): FlagSnapshot {
    const known = this.#kept.get(key);
    if (known?.of.length === of.length && known.of.every((part, at) => part === of[at])) return known.flag;
    const flag = make();
    this.#kept.set(key, { of, flag });
    return flag;
  }

  /** One a flag that is listed, by key, archived ones last. */
  async all<Listed>(
    listed: ReadonlyMap<string, Listed>,
    snapshot: (key: string, listed: Listed) => FlagSnapshot,
    turns: Turns,
    signal: AbortSignal,
  ): Promise<FlagSnapshot[]> {
    for (const key of this.#kept.keys()) if (!listed.has(key)) this.#kept.delete(key);
    const flags: FlagSnapshot[] = [];
    for (const [key, each] of listed) {
      flags.push(snapshot(key, each));
      if (turns.over) await turns.rest(signal);
    }
    return flags.sort((a, b) => Number(a.archived) - Number(b.archived) || (a.ref.key < b.ref.key ? -1 : 1));
  }

  clear(): void {
    this.#kept.clear();
  }
}
