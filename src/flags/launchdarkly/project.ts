import type { Environment, FlagSnapshot } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import type { Problem } from '../../model/problem';
import type { SystemDeps, SystemOptions } from '../deps';
import { KeptSnapshots } from '../rest/keptSnapshots';
import type { RestProject } from '../rest/restParts';
import { SharedParts } from '../rest/sharedParts';
import type { Turns } from '../turns';
import { AuditLog } from './auditLog';
import type { ApiClient } from '../rest/apiClient';
import { ApiError } from '../rest/apiErrors';
import { askFacts, Facts, readerWords } from './facts';
import { Listing, MOST_FLAGS, type Config, type Listed } from './listing';
import { apiPaths } from './paths';
import { Rounds } from '../rest/rounds';
import { anyObjectSchema } from './schema';
import { unreadableFlag } from '../bareFlag';
import { flagSnapshot, type SnapshotDeps } from './snapshot';

/** Environments and rights change rarely. */
const FACTS_TRUSTED_MS = 5 * 60_000;
/** More changed flags than this are found faster by asking for all. */
const MOST_SINGLE = 40;

/** What is known of one LaunchDarkly project, kept from round to round. */
export class LdProject implements RestProject {
  readonly client: ApiClient;
  readonly log: AuditLog;
  readonly #options: SystemOptions;
  readonly #deps: SystemDeps;
  readonly #listing: Listing;
  readonly #rounds: Rounds;
  readonly #snapshots = new KeptSnapshots();
  readonly #shared: SnapshotDeps['shared'] = new SharedParts();
  /** Environments that a rehearsal or a write was refused in, by name: the token may only look there. */
  readonly #refused = new Set<string>();
  /** Environments that said 405 without being marked so: flags by environment. */
  readonly #approvals = new Set<string>();
  /** Flags that changed and were not read since: a round may fail on its way. */
  readonly #changed = new Set<string>();
  /** Listed flags of which the last answer was that there is none: asked once more before they are taken to be gone. */
  readonly #doubted = new Set<string>();
  #facts: Facts;
  #factsAt = Number.NEGATIVE_INFINITY;
  #factsMs = 0;

  constructor(client: ApiClient, options: SystemOptions, deps: SystemDeps, pollMs: number) {
    this.client = client;
    this.#options = options;
    this.#deps = deps;
    this.log = new AuditLog(client, this.id, deps.clock, deps.l10n);
    this.#listing = new Listing(client, this.id, deps);
    this.#rounds = new Rounds(deps.clock, pollMs);
    this.#factsMs = this.#rounds.intervalMs;
    this.#facts = new Facts(options, null, null, deps.l10n, this.#factsMs);
  }

  /** The project's key. */
  get id(): string {
    return this.#options.project.name;
  }

  get facts(): Facts {
    return this.#facts;
  }

  /** True while pages are still to come: the next round should follow at once. */
  get isUnderWay(): boolean {
    return this.#listing.isUnderWay;
  }

  /**
   * Asks for what changed: the audit log first, then the flags that it names; everything where it says too much or may
   * not be read. Rejects with words for people; what was known is kept. False: nothing had to be asked yet.
   */
  async refresh(signal: AbortSignal): Promise<boolean> {
    const sweeps = !this.#listing.isWhole || this.#listing.isUnderWay;
    if (!sweeps && !this.#rounds.isDue(this.client.restMs)) return false;
    await this.refreshFacts(signal);
    const news = await this.log.look(signal);
    const asked = this.#facts.asked;
    for (const key of news.keys) this.#changed.add(key);
    const again = !news.complete || this.#changed.size > MOST_SINGLE;
    const wantsAll = sweeps || this.#rounds.wantsAll(again, this.log.isReadable, this.#listing.pages(asked.length));
    // Nobody told what changed, and it is not time for all of it.
    if (!news.complete && !wantsAll && this.#changed.size === 0) return false;
    if (wantsAll) {
      const missed = await this.#listing.sweep(asked, signal);
      if (!this.#listing.isUnderWay) this.#rounds.readAll();
      if (!this.#listing.isUnderWay) this.#changed.clear();
      for (const key of missed.slice(0, MOST_SINGLE)) {
        this.#changed.add(key);
        this.#doubted.add(key);
      }
      for (const key of missed.slice(MOST_SINGLE)) this.#listing.take(key, null);
    }
    if (!this.#listing.isUnderWay) for (const key of [...this.#changed]) await this.read(key, signal);
    this.#rounds.done(news.keys.size > 0);
    return true;
  }

  /** Environments as LaunchDarkly marks them, and whose token it is. */
  async refreshFacts(signal: AbortSignal, urgent = false): Promise<void> {
    const { clock, l10n } = this.#deps;
    if (clock.now() - this.#factsAt >= FACTS_TRUSTED_MS) {
      this.#factsMs = this.#rounds.intervalMs;
      this.#facts = await askFacts(this.client, this.#options, l10n, this.#factsMs, { signal, urgent });
      this.#factsAt = clock.now();
      // Rights change, and one refusal may have been a gateway's: the next write tells anew.
      this.#refused.clear();
      this.#approvals.clear();
    }
  }

  get environments(): readonly Environment[] {
    const askedMs = this.#rounds.intervalMs;
    if (askedMs === this.#factsMs) return this.#facts.environments;
    this.#factsMs = askedMs;
    this.#facts = this.#facts.withInterval(this.#options, this.#deps.l10n, askedMs);
    return this.#facts.environments;
  }

  /** One flag and its last changes, now. */
  async look(key: string, signal: AbortSignal): Promise<void> {
    await Promise.all([this.read(key, signal, true), this.log.of(key, undefined, signal)]);
  }

  /** Reads one flag now, in the environments that are configured. Null: there is none. */
  async read(key: string, signal: AbortSignal, urgent = false): Promise<Listed | null> {
    const about = { project: this.id, key };
    try {
      const path = apiPaths.flag(this.id, key, this.#facts.asked);
      return this.#take(key, await this.client.get(path, anyObjectSchema, { about, signal, urgent }));
    } catch (error) {
      if (!ApiError.is(error, 'notFound')) throw error;
      if (!this.#listing.flags.has(key) || this.#doubted.delete(key)) return this.#take(key, null);
      this.#doubted.add(key);
      this.#changed.add(key);
      return null;
    }
  }

  /** What a write answered. */
  take(key: string, item: unknown): Listed | null {
    this.#rounds.hurry();
    return this.#take(key, item);
  }

  listed(key: string): Listed | undefined {
    return this.#listing.flags.get(key);
  }

  /** Every flag by key, archived ones last. Objects are the same as long as nothing of them changed. */
  async flags(turns: Turns, signal: AbortSignal): Promise<FlagSnapshot[]> {
    const deps = this.#snapshotDeps();
    return this.#snapshots.all(this.#listing.flags, (key, each) => this.#snapshot(key, each, deps), turns, signal);
  }

  flag(key: string): FlagSnapshot | null {
    const listed = this.#listing.flags.get(key);
    return listed ? this.#snapshot(key, listed, this.#snapshotDeps()) : null;
  }

  /** Flags are left out, or not read yet. */
  get isPartial(): boolean {
    return this.#listing.tooMany > 0 || !this.#listing.isWhole;
  }

  problems(): readonly Problem[] {
    const { t } = this.#deps.l10n;
    const { missing, known } = this.#facts;
    const { tooMany, isWhole, flags } = this.#listing;
    return [
      ...missing.map((name): Problem => ({
        severity: 'error',
        code: 'launchdarkly.environment',
        message: t(
          'The LaunchDarkly project "{0}" has no environment "{1}". It has: {2}.',
          this.id,
          name,
          known.join(', '),
        ),
      })),
      ...(tooMany > 0
        ? [
            {
              severity: 'warning' as const,
              code: 'launchdarkly.many',
              message: t(
                'The LaunchDarkly project "{0}" has {1} flags. Shown are the first {2}.',
                this.id,
                tooMany,
                MOST_FLAGS,
              ),
            },
          ]
        : []),
      ...(isWhole
        ? []
        : [
            {
              severity: 'info' as const,
              code: 'launchdarkly.partly',
              message: t('Flags of "{0}" are still being read: {1} so far.', this.id, flags.size),
            },
          ]),
    ];
  }

  /**
   * The flag's own page: where LaunchDarkly says it is, else where its pages are. `href` comes from outside, and leads
   * nowhere but below LaunchDarkly's own address.
   */
  pageOf(key: string, environment?: string, href?: string): string {
    const listed = this.#listing.flags.get(key);
    const configs = listed && 'flag' in listed ? listed.configs : new Map<string, Config>();
    const config = environment === undefined ? [...configs.values()][0] : configs.get(environment);
    const site = href ?? (typeof config === 'object' ? config._site?.href : undefined);
    const { origin } = new URL(this.client.url);
    if (site?.startsWith('/') && URL.canParse(site, origin)) {
      const page = new URL(site, origin);
      if (page.origin === origin) return page.href;
    }
    return `${origin}/projects/${encodeURIComponent(this.id)}/flags/${encodeURIComponent(key)}`;
  }

  asksApproval(environment: string, key: string): boolean {
    if (this.#approvals.has(`${environment}\n${key}`)) return true;
    const listed = this.#listing.flags.get(key);
    return this.#facts.asksApproval(environment, listed && 'flag' in listed ? listed.flag : null);
  }

  /** A write was told that others have to approve it. */
  noteApproval(environment: string, key: string): void {
    this.#approvals.add(`${environment}\n${key}`);
  }

  /** A write, or its rehearsal, was told that the token may not. */
  noteRefusal(environment: string): void {
    this.#refused.add(environment);
    this.#snapshots.clear();
  }

  forget(): void {
    this.log.forget();
    this.#listing.forget();
    this.#rounds.forget();
    this.#refused.clear();
    this.#approvals.clear();
    this.#changed.clear();
    this.#doubted.clear();
    this.#snapshots.clear();
    this.#factsAt = Number.NEGATIVE_INFINITY;
  }

  #take(key: string, item: unknown): Listed | null {
    const listed = this.#listing.take(key, item);
    this.#doubted.delete(key);
    if (listed === null || 'flag' in listed) this.#changed.delete(key);
    return listed;
  }

  #snapshot(key: string, listed: Listed, deps: SnapshotDeps): FlagSnapshot {
    const changed = this.log.changed(key);
    const of = [listed, changed, this.#facts, this.#deps.readOnlyReason()];
    const ref: FlagRef = { system: this.#options.system, project: this.id, key };
    return this.#snapshots.get(key, of, () =>
      'flag' in listed
        ? flagSnapshot({ ref, flag: listed.flag, configs: listed.configs, changed }, deps)
        : unreadableFlag(ref, 'launchdarkly.unreadable', listed.reason),
    );
  }

  #snapshotDeps(): SnapshotDeps {
    const { l10n, hash } = this.#deps;
    const reason = this.#deps.readOnlyReason();
    return {
      shared: this.#shared,
      l10n,
      hash,
      environments: this.#facts.environments,
      writable: (environment, config) => {
        if (reason !== null) return { kind: 'no', reason };
        if (this.#refused.has(environment.ref.name)) return { kind: 'no', reason: readerWords(null, l10n.t) };
        return this.#facts.writable(environment, config, l10n);
      },
    };
  }
}
