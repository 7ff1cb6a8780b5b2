import type { FlagSnapshot } from '../../model/flag';
import type { UnleashClient } from './client';
import { UnleashError } from './client';
import { adminPaths } from './paths';
import { eventsSchema, type UnleashEvent } from './schema';

const PAGE = 100;
const MOST_PAGES = 5;
const MOST_WORDS = 200;

/** What happened since the last look. `complete` false: more than was read, or the log cannot be read. */
export interface News {
  readonly features: ReadonlySet<string>;
  readonly complete: boolean;
}

/** The project's events, newest first, followed from look to look: which flags changed, when, and by whom. */
export class EventLog {
  readonly #client: UnleashClient;
  readonly #project: string;
  /** Ids of the newest page: an event of a slow transaction appears below newer ones. */
  #seen: ReadonlySet<number> | null = null;
  #last = new Map<string, UnleashEvent>();

  constructor(client: UnleashClient, project: string) {
    this.#client = client;
    this.#project = project;
  }

  /** Rejects only when Unleash cannot be asked at all; a log that may not be read is no news. */
  async look(signal: AbortSignal): Promise<News> {
    const features = new Set<string>();
    const ids = new Set<number>();
    const before = this.#seen;
    let complete = false;
    try {
      for (let page = 0; page < MOST_PAGES && !complete; page++) {
        const path = adminPaths.projectEvents(this.#project, PAGE, page * PAGE);
        const { events } = await this.#client.get(path, eventsSchema, signal);
        for (const event of events) {
          if (page === 0) ids.add(event.id);
          if (event.featureName === null) continue;
          this.#keep(event);
          if (before && !before.has(event.id)) features.add(event.featureName);
        }
        complete = !before || events.length < PAGE || events.some(({ id }) => before.has(id));
      }
    } catch (error) {
      if (!UnleashError.is(error, 'forbidden', 'notFound', 'unreadable', 'invalid')) throw error;
      this.#seen = null;
      return { features, complete: false };
    }
    this.#seen = ids;
    // The first look knows nothing of what changed before it.
    return { features, complete: complete && before !== null };
  }

  /** The newest change of a flag that was seen. */
  changed(feature: string): FlagSnapshot['changed'] {
    const event = this.#last.get(feature);
    return event ? { at: timeOf(event), by: event.createdBy, words: eventWords(event) } : null;
  }

  #keep(event: UnleashEvent): void {
    const feature = event.featureName ?? '';
    const known = this.#last.get(feature);
    if (known && known.id >= event.id) return;
    // What is shown of it, not the whole states before and after.
    this.#last.set(feature, { ...event, data: null, preData: null });
  }
}

/** Epoch ms; 0 where it cannot be read. */
export function timeOf({ createdAt }: UnleashEvent): number {
  const at = Date.parse(createdAt);
  return Number.isFinite(at) ? at : 0;
}

/** Unleash's own sentence about an event, its Markdown taken off: `admin updated x in production by …`. */
export function eventWords({ summary, label, type }: UnleashEvent): string {
  const plain = (summary ?? label ?? type)
    .slice(0, 2_000)
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll('**', '')
    .replaceAll('`', '');
  return plain.length > MOST_WORDS ? `${plain.slice(0, MOST_WORDS - 1)}…` : plain;
}
