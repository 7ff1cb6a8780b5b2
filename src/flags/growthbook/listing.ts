import type { Clock } from '../../platform/clock';
import type { Hash } from '../../platform/hash';
import type { L10n } from '../../platform/l10n';
import type { ApiClient } from '../rest/apiClient';
import { ApiError } from '../rest/apiErrors';
import { PAGE, Pages, type Page } from '../rest/pages';
import { apiPaths } from './paths';
import { featureSchema, featuresSchema, type GbFeature } from './schema';

const AT_ONCE = 3;
/** Code names flags by the thousand; a project with more than this is not listed whole. */
export const MOST_FLAGS = 20_000;
/** A round ends so that what came is shown; the rest is asked for in the next one. */
const ROUND_MS = 8_000;

/** A flag as it was last listed or read. Replaced when it changes, so that readers can tell at a glance. */
export type Listed = { readonly feature: GbFeature } | { readonly key: string; readonly reason: string };

interface Sweep {
  readonly seen: Set<string>;
  readonly pages: Pages;
}

/** All flags of a project, page by page, archived ones among them. A bad flag hides no good one. */
export class Listing {
  readonly #client: ApiClient;
  readonly #project: string;
  readonly #clock: Clock;
  readonly #hash: Hash;
  readonly #l10n: L10n;
  readonly #flags = new Map<string, Listed>();
  /** Hash of what was last read of a flag in a page. */
  readonly #stamps = new Map<string, string>();
  #sweep: Sweep | null = null;
  #whole = false;
  #tooMany = 0;

  constructor(client: ApiClient, project: string, deps: { clock: Clock; hash: Hash; l10n: L10n }) {
    this.#client = client;
    this.#project = project;
    this.#clock = deps.clock;
    this.#hash = deps.hash;
    this.#l10n = deps.l10n;
  }

  get flags(): ReadonlyMap<string, Listed> {
    return this.#flags;
  }

  /** Every page was read once. */
  get isWhole(): boolean {
    return this.#whole;
  }

  /** A sweep was begun and is to be gone on with. */
  get isUnderWay(): boolean {
    return this.#sweep !== null;
  }

  /** How many there are where that is more than are listed, else 0. */
  get tooMany(): number {
    return this.#tooMany;
  }

  /** Requests that a sweep takes, as far as known. */
  get pages(): number {
    return Math.max(1, Math.ceil(this.#flags.size / PAGE));
  }

  /**
   * Asks for all pages, or goes on where the last round stopped. Rejects with why it cannot; what came is kept. Gives the
   * flags that no page had: deleted, moved to another project, or slipped from one page to another meanwhile.
   */
  async sweep(signal: AbortSignal): Promise<readonly string[]> {
    const sweep = (this.#sweep ??= { seen: new Set(), pages: new Pages(MOST_FLAGS, AT_ONCE) });
    const until = this.#clock.monotonic() + ROUND_MS;
    while (!sweep.pages.isDone) {
      if (this.#clock.monotonic() >= until) return [];
      const take = (item: unknown): void => this.#merge(item, sweep);
      await sweep.pages.next((at) => this.#page(at, signal), take, this.#clock, signal);
    }
    this.#tooMany = sweep.pages.tooMany;
    this.#whole = true;
    this.#sweep = null;
    return [...this.#flags.keys()].filter((key) => !sweep.seen.has(key));
  }

  /** What a single question answered; null: there is no such flag. Gives what is kept of it now. */
  take(key: string, item: unknown): Listed | null {
    this.#stamps.delete(key);
    if (item === null) {
      this.#flags.delete(key);
      return null;
    }
    return this.#keep(key, this.#read(item, key));
  }

  forget(): void {
    this.#flags.clear();
    this.#stamps.clear();
    this.#sweep = null;
    this.#whole = false;
  }

  async #page(offset: number, signal: AbortSignal): Promise<Page> {
    try {
      const asked = { about: { project: this.#project }, signal };
      const path = apiPaths.features(this.#project, PAGE, offset);
      const { features, total = null } = await this.#client.getKept(path, featuresSchema, asked);
      return { items: features, total };
    } catch (error) {
      if (!ApiError.is(error, 'notFound')) throw error;
      // Environments were answered: it is GrowthBook, but one of before.
      throw new ApiError(
        'notFound',
        this.#l10n.t(
          'GrowthBook at {0} does not have the project "{1}", or is too old to say what its flags do (404): its API v2 is needed, which v1 is not asked instead of. Check the project in .sightglass.json, or update GrowthBook.',
          this.#client.url,
          this.#project,
        ),
      );
    }
  }

  #merge(item: unknown, sweep: Sweep): void {
    const key = keyOf(item) ?? this.#l10n.t('flag {0} of the list', this.#flags.size + 1);
    sweep.seen.add(key);
    const stamp = this.#hash.sha256(JSON.stringify(item)).slice(0, 20);
    const known = this.#flags.get(key);
    if (known && this.#stamps.get(key) === stamp) return;
    const read = this.#read(item, key);
    // A page that was on its way while something newer was read of it.
    if (known && 'feature' in known && 'feature' in read && isOlder(read.feature, known.feature)) return;
    this.#stamps.set(key, stamp);
    this.#keep(key, read);
  }

  /** The object that is there stays where nothing changed. */
  #keep(key: string, read: Listed): Listed {
    const known = this.#flags.get(key);
    if (known && JSON.stringify(known) === JSON.stringify(read)) return known;
    this.#flags.set(key, read);
    return read;
  }

  #read(item: unknown, key: string): Listed {
    const read = featureSchema.safeParse(item);
    if (read.success) return { feature: read.data };
    const issue = read.error.issues[0];
    const where = issue?.path.join('.') ?? '';
    const reason = this.#l10n.t(
      'GrowthBook describes "{0}" in a way that cannot be read ({1}: {2}).',
      key,
      where,
      issue?.message ?? '',
    );
    return { key, reason };
  }
}

const isOlder = (read: GbFeature, known: GbFeature): boolean =>
  read.dateCreated === known.dateCreated && read.revision.version < known.revision.version;

function keyOf(item: unknown): string | null {
  return typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string' && item.id !== ''
    ? item.id
    : null;
}
