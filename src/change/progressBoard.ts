import type { JournalEntry } from '../model/change';
import type { Clock } from '../platform/clock';
import type { Disposable } from '../platform/disposable';
import type { Progress } from './api';
import { placeOf } from './entry';

/** How long a flag goes on saying how its change ended. */
const lingerMs = 30_000;

/** What each flag says of the change that is under way at it. One change a flag and environment: the newest. */
export class ProgressBoard implements Disposable {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #timers = new Map<string, Disposable>();
  #disposed = false;
  readonly #by = new Map<string, Progress & { readonly until: number | null }>();

  constructor(clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
  }

  say(entry: JournalEntry, words: string, ended: boolean): void {
    // A verification may end after who looked is gone: a timer would keep the command line alive for nobody.
    if (this.#disposed) return;
    const { ref, environment } = entry.plan;
    const place = placeOf(ref, environment);
    const known = this.#by.get(place);
    // A change that was overtaken says no more.
    if (known && known.changeId > entry.id) return;
    if (known?.words === words && known.ended === ended) return;
    const until = ended ? this.#clock.now() + lingerMs : null;
    this.#by.set(place, { changeId: entry.id, ref, environment, words, ended, until });
    this.#timers.get(place)?.dispose();
    if (ended) this.#timers.set(place, this.#clock.after(lingerMs + 1, this.#changed));
    this.#changed();
  }

  /** Nothing more to say: it was not made. */
  drop(entry: JournalEntry): void {
    const place = placeOf(entry.plan.ref, entry.plan.environment);
    if (this.#by.get(place)?.changeId === entry.id && this.#by.delete(place)) this.#changed();
  }

  all(): readonly Progress[] {
    const now = this.#clock.now();
    for (const [place, { until }] of this.#by) if (until !== null && until < now) this.#by.delete(place);
    return [...this.#by.values()].map(({ changeId, ref, environment, words, ended }) => ({
      changeId,
      ref,
      environment,
      words,
      ended,
    }));
  }

  dispose(): void {
    this.#disposed = true;
    for (const timer of this.#timers.values()) timer.dispose();
    this.#timers.clear();
  }
}
