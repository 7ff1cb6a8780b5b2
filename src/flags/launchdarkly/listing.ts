import type { Hash } from '../../platform/hash';
import type { L10n } from '../../platform/l10n';
import { PAGE, Pages, type Page } from '../rest/pages';
import { SharedParts } from '../rest/sharedParts';
import type { Clock } from '../../platform/clock';
import type { ApiClient } from '../rest/apiClient';
import { apiPaths } from './paths';
import { configSchema, flagSchema, flagsSchema, type LdConfig, type LdFlag } from './schema';

/** Rules of many environments make answers of many megabytes. */
const ENVIRONMENTS_AT_ONCE = 3;
const AT_ONCE = 4;
/** Code names flags by the thousand; a project with more than this is not listed whole. */
export const MOST_FLAGS = 20_000;
const MOST_ARCHIVED = 1_000;
/** A round ends so that what came is shown; the rest is asked for in the next one. */
const ROUND_MS = 8_000;

/** A flag in one environment, or why its answer cannot be read. */
export type Config = LdConfig | string;

/** A flag as it was last listed or read. Replaced when it changes, so that readers can tell at a glance. */
export type Listed =
  | { readonly flag: LdFlag; readonly configs: ReadonlyMap<string, Config> }
  | { readonly key: string; readonly reason: string };

interface Part {
  readonly environments: readonly string[];
  readonly archived: boolean;
}

interface Sweep {
  /** What is to be asked: batches of environments, archived flags last. */
  readonly parts: readonly Part[];
  readonly seen: Map<string, Set<number>>;
  part: number;
  /** Of the part under way. */
  pages: Pages;
}

/** All flags of a project, page by page and some environments at a time. A bad flag hides no good one. */
export class Listing {
  readonly #client: ApiClient;
  readonly #project: string;
  readonly #clock: Clock;
  readonly #hash: Hash;
  readonly #l10n: L10n;
  readonly #flags = new Map<string, Listed>();
  /** Hash of what was last read of a flag in a part, by key and part. */
  readonly #stamps = new Map<string, string>();
  readonly #shared = new SharedParts<Omit<LdConfig, 'version' | 'lastModified' | '_site'>>();
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
  pages(environments: number): number {
    return Math.ceil(this.#flags.size / PAGE) * Math.ceil(Math.max(1, environments) / ENVIRONMENTS_AT_ONCE);
  }

  /**
   * Asks for all pages, or goes on where the last round stopped. Rejects with why it cannot; what came is kept. Gives the
   * flags that no page had: deleted, or slipped from one page to another meanwhile.
   */
  async sweep(environments: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const sweep = (this.#sweep ??= newSweep(environments));
    const until = this.#clock.monotonic() + ROUND_MS;
    for (let part = sweep.parts[sweep.part]; part; part = sweep.parts[sweep.part]) {
      while (!sweep.pages.isDone) {
        if (this.#clock.monotonic() >= until) return [];
        const take = (item: unknown): void => this.#merge(item, sweep, part);
        await sweep.pages.next((at) => this.#page(part, at, signal), take, this.#clock, signal);
      }
      if (!part.archived && sweep.part === 0) this.#tooMany = sweep.pages.tooMany;
      sweep.part += 1;
      sweep.pages = pagesOf(sweep.parts[sweep.part]);
    }
    this.#whole = true;
    this.#sweep = null;
    return [...this.#flags.keys()].filter((key) => !sweep.seen.has(key));
  }

  /** What a single question or a write answered; null: there is no such flag. Gives what is kept of it now. */
  take(key: string, item: unknown): Listed | null {
    if (item === null) {
      this.#flags.delete(key);
      return null;
    }
    const read = this.#readFlag(item, key);
    if ('flag' in read)
      for (const stamp of this.#stamps.keys()) if (stamp.endsWith(`:${key}`)) this.#stamps.delete(stamp);
    const known = this.#flags.get(key);
    // The object that is there stays where nothing changed.
    if (known && textOf(known) === textOf(read)) return known;
    this.#flags.set(key, read);
    return read;
  }

  forget(): void {
    this.#flags.clear();
    this.#stamps.clear();
    this.#sweep = null;
    this.#whole = false;
  }

  async #page(part: Part, offset: number, signal: AbortSignal): Promise<Page> {
    const path = part.archived
      ? apiPaths.archived(this.#project, PAGE, offset)
      : apiPaths.flags(this.#project, part.environments, PAGE, offset);
    const { items, totalCount = null } = await this.#client.getKept(path, flagsSchema, {
      about: { project: this.#project },
      signal,
    });
    return { items, total: totalCount };
  }

  /** A flag of a page: its environments beside those that other parts brought. */
  #merge(item: unknown, sweep: Sweep, part: Part): void {
    const key = keyOf(item) ?? this.#l10n.t('flag {0} of the list', this.#flags.size + 1);
    const parts = sweep.seen.get(key);
    // In the archive and among the living at once: it is what the living say.
    if (part.archived && parts) return;
    sweep.seen.set(key, (parts ?? new Set<number>()).add(sweep.part));
    const id = `${String(sweep.part)}:${key}`;
    const stamp = this.#hash.sha256(JSON.stringify(item)).slice(0, 20);
    const known = this.#flags.get(key);
    if (known && this.#stamps.get(id) === stamp && 'flag' in known) return;
    this.#stamps.set(id, stamp);
    const read = this.#readFlag(item, key);
    if (!('flag' in read) || !known || !('flag' in known)) {
      this.#flags.set(key, read);
      return;
    }
    const same = read.flag.creationDate === known.flag.creationDate;
    const configs = new Map(part.archived || !same ? [] : known.configs);
    for (const name of part.environments) if (!read.configs.has(name)) configs.delete(name);
    for (const [name, config] of read.configs) if (!isOlder(config, configs.get(name))) configs.set(name, config);
    const older = same && (read.flag._version ?? 0) < (known.flag._version ?? 0);
    this.#flags.set(key, { flag: older ? known.flag : read.flag, configs });
  }

  /** Rules, targets and roll-outs that are the same everywhere are kept once: most configurations are one of a few. */
  #withShared({ version, lastModified, _site, ...does }: LdConfig): LdConfig {
    const text = JSON.stringify(does);
    return { ...this.#shared.get(text, () => does), version, lastModified, _site };
  }

  #readFlag(item: unknown, key: string): Listed {
    const { t } = this.#l10n;
    const read = flagSchema.safeParse(item);
    if (!read.success) {
      const issue = read.error.issues[0];
      const where = issue?.path.join('.') ?? '';
      const reason = t(
        'LaunchDarkly describes "{0}" in a way that cannot be read ({1}: {2}).',
        key,
        where,
        issue?.message ?? '',
      );
      return { key, reason };
    }
    const configs = new Map<string, Config>();
    for (const [name, value] of Object.entries(read.data.environments ?? {})) {
      const config = configSchema.safeParse(value);
      const issue = config.error?.issues[0];
      const words = t(
        'LaunchDarkly describes "{0}" in {1} in a way that cannot be read ({2}: {3}).',
        key,
        name,
        issue?.path.join('.') ?? '',
        issue?.message ?? '',
      );
      configs.set(name, config.success ? this.#withShared(config.data) : words);
    }
    // What was taken apart is not kept twice.
    return { flag: { ...read.data, environments: null }, configs };
  }
}

/** A page that was on its way while something newer was read of a flag. */
const isOlder = (config: Config, known: Config | undefined): boolean =>
  typeof config === 'object' && typeof known === 'object' && config.version < known.version;

const textOf = (listed: Listed): string =>
  JSON.stringify('flag' in listed ? [listed.flag, [...listed.configs].sort(([a], [b]) => (a < b ? -1 : 1))] : listed);

function newSweep(environments: readonly string[]): Sweep {
  const parts: Part[] = [];
  for (let at = 0; at < environments.length; at += ENVIRONMENTS_AT_ONCE)
    parts.push({ environments: environments.slice(at, at + ENVIRONMENTS_AT_ONCE), archived: false });
  parts.push({ environments: [], archived: true });
  return { parts, seen: new Map(), part: 0, pages: pagesOf(parts[0]) };
}

const pagesOf = (part: Part | undefined): Pages =>
  new Pages(part?.archived === true ? MOST_ARCHIVED : MOST_FLAGS, AT_ONCE);

function keyOf(item: unknown): string | null {
  return typeof item === 'object' && item !== null && 'key' in item && typeof item.key === 'string' && item.key !== ''
    ? item.key
    : null;
}
