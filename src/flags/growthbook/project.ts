import type { Environment, FlagSnapshot, Writable } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import type { Problem } from '../../model/problem';
import { unreadableFlag } from '../bareFlag';
import type { SystemDeps, SystemOptions } from '../deps';
import type { ApiClient } from '../rest/apiClient';
import { ApiError, deniesToken } from '../rest/apiErrors';
import { KeptSnapshots } from '../rest/keptSnapshots';
import type { RestProject } from '../rest/restParts';
import { Rounds } from '../rest/rounds';
import { SharedParts } from '../rest/sharedParts';
import type { Turns } from '../turns';
import { appAddress } from './appAddress';
import { askFacts, Facts } from './facts';
import { Lifecycle } from './lifecycle';
import { Listing, MOST_FLAGS, type Listed } from './listing';
import { apiPaths } from './paths';
import { growthBookProfile } from './profile';
import { Rights } from './rights';
import { featureAnswerSchema } from './schema';
import { flagSnapshot, turnsOf, type SnapshotDeps } from './snapshot';

/** Environments change rarely. */
const FACTS_TRUSTED_MS = 5 * 60_000;
/** More flags than this that a sweep missed are gone rather than slipped. */
const MOST_SINGLE = 10;

/** What is known of one GrowthBook project, kept from round to round. */
export class GbProject implements RestProject {
  readonly client: ApiClient;
  readonly rights: Rights;
  readonly #options: SystemOptions;
  readonly #deps: SystemDeps;
  readonly #listing: Listing;
  readonly #lifecycle: Lifecycle;
  readonly #rounds: Rounds;
  readonly #snapshots = new KeptSnapshots();
  readonly #shared: SnapshotDeps['shared'] = new SharedParts();
  #facts: Facts;
  #factsAt = Number.NEGATIVE_INFINITY;
  #factsMs: number;

  constructor(client: ApiClient, options: SystemOptions, deps: SystemDeps, pollMs: number) {
    this.client = client;
    this.rights = new Rights(client, options.project.name, deps.clock);
    this.#options = options;
    this.#deps = deps;
    this.#listing = new Listing(client, this.id, deps);
    this.#lifecycle = new Lifecycle(client, this.id, deps.clock);
    this.#rounds = new Rounds(deps.clock, pollMs);
    this.#factsMs = this.#rounds.intervalMs;
    this.#facts = new Facts(options, null, deps.l10n, this.#factsMs);
  }

  get id(): string {
    return this.#options.project.name;
  }

  get facts(): Facts {
    return this.#facts;
  }

  get isUnderWay(): boolean {
    return this.#listing.isUnderWay;
  }

  /**
   * All pages, as often as the limits of a key allow with half of them left for others: GrowthBook has nothing that says
   * what changed.
   */
  async refresh(signal: AbortSignal): Promise<boolean> {
    const sweeps = !this.#listing.isWhole || this.#listing.isUnderWay;
    if (!sweeps && !this.#rounds.isDue(this.client.restMs)) return false;
    if (!sweeps && !this.#rounds.wantsAll(true, false, this.#listing.pages)) return false;
    await this.refreshFacts(signal);
    const before = new Map(this.#listing.flags);
    const missed = await this.#listing.sweep(signal);
    if (!this.#listing.isUnderWay) {
      for (const key of missed.slice(0, MOST_SINGLE)) await this.read(key, signal);
      for (const key of missed.slice(MOST_SINGLE)) this.#listing.take(key, null);
      await this.#askLives(signal);
      this.#rounds.readAll();
    }
    const { flags } = this.#listing;
    this.#rounds.done(flags.size !== before.size || [...flags].some(([key, listed]) => before.get(key) !== listed));
    return true;
  }

  async refreshFacts(signal: AbortSignal, urgent = false): Promise<void> {
    const { clock, l10n } = this.#deps;
    if (clock.now() - this.#factsAt < FACTS_TRUSTED_MS) return;
    this.#factsMs = this.#rounds.intervalMs;
    this.#facts = await askFacts(this.client, this.#options, l10n, this.#factsMs, { signal, urgent });
    this.#factsAt = clock.now();
    this.rights.doubt();
  }

  get environments(): readonly Environment[] {
    const askedMs = this.#rounds.intervalMs;
    if (askedMs === this.#factsMs) return this.#facts.environments;
    this.#factsMs = askedMs;
    this.#facts = this.#facts.withInterval(this.#options, this.#deps.l10n, askedMs);
    return this.#facts.environments;
  }

  async look(key: string, signal: AbortSignal): Promise<void> {
    if (await this.read(key, signal, true)) await this.#lifecycle.look(key, signal);
  }

  /** Reads one flag now. Null: there is none, or it is in another project. */
  async read(key: string, signal: AbortSignal, urgent = false): Promise<Listed | null> {
    const about = { project: this.id, key };
    for (let again = true; ; again = false)
      try {
        const { feature } = await this.client.get(apiPaths.feature(key), featureAnswerSchema, {
          about,
          signal,
          urgent,
        });
        return this.take(key, feature);
      } catch (error) {
        if (!ApiError.is(error, 'notFound')) throw error;
        // A single 404 may be a gateway's.
        if (!again) return this.#listing.take(key, null);
      }
  }

  take(key: string, item: unknown): Listed | null {
    const listed = this.#listing.take(key, item);
    const elsewhere = listed !== null && 'feature' in listed && !this.#isOurs(listed.feature.project);
    return elsewhere ? this.#listing.take(key, null) : listed;
  }

  listed(key: string): Listed | undefined {
    return this.#listing.flags.get(key);
  }

  /** Somebody changed something: it is looked at more often for a while. */
  hurry(): void {
    this.#rounds.hurry();
  }

  async flags(turns: Turns, signal: AbortSignal): Promise<FlagSnapshot[]> {
    const deps = this.#snapshotDeps();
    return this.#snapshots.all(this.#listing.flags, (key, each) => this.#snapshot(key, each, deps), turns, signal);
  }

  flag(key: string): FlagSnapshot | null {
    const listed = this.#listing.flags.get(key);
    return listed ? this.#snapshot(key, listed, this.#snapshotDeps()) : null;
  }

  get isPartial(): boolean {
    return this.#listing.tooMany > 0 || !this.#listing.isWhole;
  }

  problems(): readonly Problem[] {
    const { t } = this.#deps.l10n;
    const { missing, known } = this.#facts;
    const { tooMany, isWhole, flags } = this.#listing;
    const found: Problem[] = missing.map((name) => ({
      severity: 'error',
      code: 'growthbook.environment',
      message: t(
        'The GrowthBook project "{0}" has no environment "{1}". It has: {2}.',
        this.id,
        name,
        known.join(', '),
      ),
    }));
    if (tooMany > 0)
      found.push({
        severity: 'warning',
        code: 'growthbook.many',
        message: t(
          'The GrowthBook project "{0}" has {1} flags. Shown are the first {2}.',
          this.id,
          tooMany,
          MOST_FLAGS,
        ),
      });
    if (!isWhole)
      found.push({
        severity: 'info',
        code: 'growthbook.partly',
        message: t('Flags of "{0}" are still being read: {1} so far.', this.id, flags.size),
      });
    return found;
  }

  /** The flag's own page; `revision`: at that draft. */
  pageOf(key: string, revision?: number): string {
    const at = revision === undefined ? '' : `?v=${String(revision)}`;
    return `${appAddress(this.client.url)}/features/${encodeURIComponent(key)}${at}`;
  }

  /** The off variant that the configuration names for a flag. */
  configuredOff(environment: string, key: string): string | undefined {
    const found = this.#options.project.environments.find(({ name }) => name === environment)?.offVariants;
    return found && Object.hasOwn(found, key) ? found[key] : undefined;
  }

  /** Why a write, or its rehearsal, was not made: it may be that the token may not. */
  noteRefusal(environment: string, error: ApiError): void {
    if (!deniesToken(error)) return;
    this.rights.refuse(environment);
    this.#snapshots.clear();
  }

  forget(): void {
    this.#listing.forget();
    this.#lifecycle.forget();
    this.#rounds.forget();
    this.rights.forget();
    this.#snapshots.clear();
    this.#factsAt = Number.NEGATIVE_INFINITY;
  }

  /** Flags without ramps are not asked about, and of the others' lives a part each round. */
  async #askLives(signal: AbortSignal): Promise<void> {
    if (this.client.restMs > 0) return;
    const { flags } = this.#listing;
    const ramps = [...flags.values()].some(
      (listed) => 'feature' in listed && listed.feature.rules.some(({ rampScheduleId }) => rampScheduleId !== null),
    );
    if (ramps) await this.#lifecycle.askRamps(signal);
    await this.#lifecycle.askStale(flags.keys(), signal);
  }

  #isOurs(project: string | null): boolean {
    return this.id === '*' || project === this.id;
  }

  #snapshot(key: string, listed: Listed, deps: SnapshotDeps): FlagSnapshot {
    const ramps = this.#lifecycle.ramps(key);
    const stale = this.#lifecycle.stale(key);
    const turns = 'feature' in listed ? turnsOf(listed.feature, deps.now) : '';
    const of = [listed, ramps, stale, turns, this.#facts, this.#deps.readOnlyReason()];
    const ref: FlagRef = { system: this.#options.system, project: this.id, key };
    return this.#snapshots.get(key, of, () =>
      'feature' in listed
        ? flagSnapshot({ ref, feature: listed.feature, ramps, stale }, deps)
        : unreadableFlag(ref, 'growthbook.unreadable', listed.reason),
    );
  }

  #snapshotDeps(): SnapshotDeps {
    const { l10n, hash, clock } = this.#deps;
    const { t } = l10n;
    const reason = this.#deps.readOnlyReason();
    return {
      shared: this.#shared,
      l10n,
      hash,
      now: clock.now(),
      environments: this.#facts.environments,
      configuredOff: (environment, key) => this.configuredOff(environment, key),
      writable: ({ readOnly, ref }): Writable => {
        if (readOnly) return { kind: 'no', reason: t('.sightglass.json says it is read-only.') };
        if (reason !== null) return { kind: 'no', reason };
        if (!this.rights.isRefused(ref.name)) return { kind: 'unknown' };
        return { kind: 'no', reason: t('The token may only look. {0}', growthBookProfile.askFor(l10n)) };
      },
    };
  }
}
