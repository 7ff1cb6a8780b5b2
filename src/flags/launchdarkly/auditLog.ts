import type { FlagSnapshot } from '../../model/flag';
import type { Clock } from '../../platform/clock';
import type { L10n } from '../../platform/l10n';
import type { Asked, ApiClient } from '../rest/apiClient';
import { ApiError } from '../rest/apiErrors';
import { saidWords } from '../rest/apiErrors';
import { apiPaths, resourceOf } from './paths';
import { auditEntrySchema, auditSchema, type AuditEntry } from './schema';

/** The most that the audit log gives at once. */
const PAGE = 20;
const MOST_KNOWN = 500;
/** One that was refused is asked for again after this: rights change, and a gateway's answer is not the log's. */
const REFUSED_FOR_MS = 5 * 60_000;

/** What changed since the last look. `complete` false: there may be more than what is named. */
export interface News {
  readonly keys: ReadonlySet<string>;
  readonly complete: boolean;
}

/**
 * The audit log of a project's flags: a question of one page that says which flags changed, by whom. Entries may appear
 * late, so that they are told apart by id and not by time. A token that may not read it costs no flag.
 */
export class AuditLog {
  readonly #client: ApiClient;
  readonly #project: string;
  readonly #clock: Clock;
  readonly #l10n: L10n;
  readonly #known = new Set<string>();
  readonly #changed = new Map<string, NonNullable<FlagSnapshot['changed']>>();
  #refusedAt: number | null = null;
  #started = false;

  constructor(client: ApiClient, project: string, clock: Clock, l10n: L10n) {
    this.#client = client;
    this.#project = project;
    this.#clock = clock;
    this.#l10n = l10n;
  }

  /** False while it was refused lately: changes are then found by asking for everything. */
  get isReadable(): boolean {
    return this.#refusedAt === null || this.#clock.monotonic() - this.#refusedAt >= REFUSED_FOR_MS;
  }

  /** The last change of a flag, as far as the log told. */
  changed(key: string): FlagSnapshot['changed'] {
    return this.#changed.get(key) ?? null;
  }

  async look(signal: AbortSignal): Promise<News> {
    if (!this.isReadable) return { keys: new Set(), complete: false };
    let entries: readonly AuditEntry[];
    try {
      entries = await this.#ask(resourceOf(this.#project), PAGE, { about: { project: this.#project }, signal });
    } catch (error) {
      if (!ApiError.is(error, 'forbidden', 'notFound', 'invalid', 'unreadable')) throw error;
      this.#refusedAt = this.#clock.monotonic();
      // What happens until it is read again is not in its newest page then.
      this.#started = false;
      return { keys: new Set(), complete: false };
    }
    this.#refusedAt = null;
    const fresh = entries.filter(({ _id }) => !this.#known.has(_id));
    for (const entry of fresh) this.#take(entry);
    const complete = this.#started && (entries.length < PAGE || fresh.length < entries.length);
    this.#started = true;
    return { keys: new Set(fresh.flatMap(flagKeys)), complete };
  }

  /** The newest entries about one flag; null where they cannot be read. */
  async of(key: string, environment: string | undefined, signal: AbortSignal): Promise<readonly AuditEntry[] | null> {
    if (!this.isReadable) return null;
    try {
      const about = { project: this.#project, ...(environment !== undefined && { environment }), key };
      const resource = resourceOf(this.#project, key, environment ?? '*');
      const entries = await this.#ask(resource, 5, { about, signal, urgent: true });
      if (environment === undefined) for (const entry of entries.toReversed()) this.#note(entry);
      return entries;
    } catch (error) {
      signal.throwIfAborted();
      if (ApiError.is(error)) return null;
      throw error;
    }
  }

  forget(): void {
    this.#known.clear();
    this.#changed.clear();
    this.#refusedAt = null;
    this.#started = false;
  }

  async #ask(resource: string, limit: number, asked: Asked): Promise<AuditEntry[]> {
    const { items } = await this.#client.get(apiPaths.audit(resource, limit), auditSchema, asked);
    return items.flatMap((item) => auditEntrySchema.safeParse(item).data ?? []);
  }

  #take(entry: AuditEntry): void {
    this.#known.add(entry._id);
    const [oldest] = this.#known;
    if (this.#known.size > MOST_KNOWN && oldest !== undefined) this.#known.delete(oldest);
    this.#note(entry);
  }

  #note(entry: AuditEntry): void {
    for (const key of flagKeys(entry)) {
      const known = this.#changed.get(key);
      if (!known || known.at <= entry.date)
        this.#changed.set(key, { at: entry.date, by: authorOf(entry), words: entryWords(entry, this.#l10n) });
    }
  }
}

/** Flags that an entry is about: `proj/shop:env/production:flag/checkout;tag`. */
function flagKeys({ target }: AuditEntry): string[] {
  return (target?.resources ?? []).flatMap((resource) => /:flag\/([^:;]+)/.exec(resource)?.[1] ?? []);
}

export function authorOf({ member, token, app }: AuditEntry): string | null {
  const name = [member?.firstName, member?.lastName].filter(Boolean).join(' ');
  return name === '' ? (member?.email ?? token?.name ?? app?.name ?? null) : name;
}

/** `Ana Ruiz turned on the flag in Production`. From outside, bounded. */
export function entryWords(entry: AuditEntry, { t }: L10n): string {
  const said = saidWords(entry.shortDescription ?? entry.titleVerb ?? entry.description ?? '');
  const by = authorOf(entry);
  const words = said === '' ? t('changed it') : said;
  return by === null ? words : t('{0}: {1}', by, words);
}
