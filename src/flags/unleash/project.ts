import type { Environment, FlagSnapshot } from '../../model/flag';
import type { Problem } from '../../model/problem';
import type { SystemDeps, SystemOptions } from '../deps';
import { Turns } from '../turns';
import { UnleashError, type UnleashClient } from './client';
import { Details, type DetailAnswer } from './details';
import { EventLog } from './eventLog';
import { adminPaths } from './paths';
import { askProjectFacts, ProjectFacts } from './projectFacts';
import { listSchema, segmentsSchema, summarySchema, type Detail, type Segment, type Summary } from './schema';
import { Archived } from './archived';
import { unreadableFlag } from '../bareFlag';
import { flagSnapshot, type SnapshotDeps } from './snapshot';

/** Environments, rights and approvals change rarely. */
const FACTS_TRUSTED_MS = 5 * 60_000;
/** Code names flags by the thousand; a project with more than this is not listed whole. */
const MOST_FLAGS = 20_000;

type Listed = { readonly summary: Summary } | { readonly name: string; readonly reason: string };

/** What is known of one Unleash project, kept from round to round. */
export class UnleashProject {
  readonly #client: UnleashClient;
  readonly #options: SystemOptions;
  readonly #deps: SystemDeps;
  readonly #events: EventLog;
  readonly #archived: Archived;
  readonly details: Details;
  #list: { readonly from: unknown; readonly flags: ReadonlyMap<string, Listed> } | null = null;
  #facts: ProjectFacts;
  #factsAt = Number.NEGATIVE_INFINITY;
  #segments: ReadonlyMap<number, Segment> = new Map();
  #problems: readonly Problem[] = [];
  /** Environments that refused a write for want of approval: the open-source server tells it no other way. */
  readonly #refused = new Set<string>();
  readonly #pollMs: number;

  constructor(client: UnleashClient, options: SystemOptions, deps: SystemDeps, pollMs: number) {
    this.#client = client;
    this.#options = options;
    this.#deps = deps;
    this.#pollMs = pollMs;
    this.#events = new EventLog(client, this.id);
    this.#archived = new Archived(client, this.id, deps.clock);
    this.details = new Details(client, this.id, deps.clock);
    this.#facts = new ProjectFacts(options, null, null, new Map(), deps.l10n, pollMs);
  }

  /** Unleash's project id. */
  get id(): string {
    return this.#options.project.name;
  }

  get environments(): readonly Environment[] {
    return this.#facts.environments;
  }

  get facts(): ProjectFacts {
    return this.#facts;
  }

  get segments(): ReadonlyMap<number, Segment> {
    return this.#segments;
  }

  /** Asks for what changed. Rejects with words for people; what was known is kept. */
  async refresh(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#refreshList(signal), this.refreshFacts(signal), this.#refreshSegments(signal)]);
    const news = await this.#events.look(signal);
    if (!news.complete) this.details.doubtAll();
    for (const feature of news.features) this.details.doubt(feature);
    const listed = this.#summaries();
    for (const summary of listed) if (!this.#agrees(summary)) this.details.doubt(summary.name);
    await this.details.fill(
      listed.map(({ name }) => name),
      signal,
    );
    await this.#archived.refresh(news, signal);
  }

  /** Asks for the flags that came into view. */
  async readWanted(signal: AbortSignal): Promise<void> {
    await this.details.fillWanted(
      this.#summaries().map(({ name }) => name),
      signal,
    );
  }

  /** Every flag, in the order of the list, archived ones last. */
  async flags(turns: Turns, signal: AbortSignal): Promise<FlagSnapshot[]> {
    const deps = this.#snapshotDeps();
    const flags: FlagSnapshot[] = [];
    for (const [name, listed] of this.#list?.flags ?? []) {
      const flag = this.#flag(name, listed, deps);
      if (flag) flags.push(flag);
      if (turns.over) await turns.rest(signal);
    }
    for (const summary of this.#archived.flags)
      if (!this.#list?.flags.has(summary.name)) flags.push(this.#snapshot(summary, null, true, deps));
    return flags;
  }

  /** One flag as last read; null when there is none. */
  flag(name: string): FlagSnapshot | null {
    const listed = this.#list?.flags.get(name);
    if (listed) return this.#flag(name, listed, this.#snapshotDeps());
    const archived = this.#archived.flags.find((each) => each.name === name);
    if (archived) return this.#snapshot(archived, null, true, this.#snapshotDeps());
    const answer = this.details.of(name);
    return answer?.kind === 'read'
      ? this.#snapshot(summaryOf(answer.detail), answer.detail, false, this.#snapshotDeps())
      : null;
  }

  problems(): readonly Problem[] {
    const { t } = this.#deps.l10n;
    const { missing } = this.#facts;
    return [
      ...this.#problems,
      ...missing.map((name): Problem => ({
        severity: 'error',
        code: 'unleash.environment',
        message: t(
          'The Unleash project "{0}" has no environment "{1}". It has: {2}.',
          this.id,
          name,
          this.#facts.known.join(', '),
        ),
      })),
    ];
  }

  /** Environments, rights and approvals; `again` asks whatever their age. */
  async refreshFacts(signal: AbortSignal, again = false): Promise<void> {
    const { clock, l10n } = this.#deps;
    if (!again && clock.now() - this.#factsAt < FACTS_TRUSTED_MS) return;
    let facts = await askProjectFacts(this.#client, this.#options, l10n, this.#pollMs, signal);
    for (const name of this.#refused) facts = facts.withApproval(name, this.#options, l10n, this.#pollMs);
    this.#facts = facts;
    this.#factsAt = clock.now();
  }

  forget(): void {
    this.#client.forget();
    this.#list = null;
    this.#refused.clear();
    this.#factsAt = Number.NEGATIVE_INFINITY;
    this.details.doubtAll();
  }

  /** A write went to this environment and was told that others have to approve it. */
  noteApproval(environment: string): void {
    this.#refused.add(environment);
    this.#facts = this.#facts.withApproval(environment, this.#options, this.#deps.l10n, this.#pollMs);
  }

  #snapshotDeps(): SnapshotDeps {
    const { l10n, hash } = this.#deps;
    const reason = this.#deps.readOnlyReason();
    return {
      l10n,
      hash,
      environments: this.#facts.environments,
      segments: this.#segments,
      writable: (environment) => this.#facts.rights.writable(environment, reason, l10n),
    };
  }

  #flag(name: string, listed: Listed, deps: SnapshotDeps): FlagSnapshot | null {
    const ref = { system: this.#options.system, project: this.id, key: name };
    if (!('summary' in listed)) return unreadableFlag(ref, 'unleash.unreadable', listed.reason);
    const answer = this.details.of(name);
    if (answer?.kind === 'unreadable') return unreadableFlag(ref, 'unleash.unreadable', answer.reason);
    // Archived or deleted between the list and the question.
    if (answer?.kind === 'gone') return null;
    return this.#snapshot(listed.summary, detailOf(answer), false, deps);
  }

  #snapshot(summary: Summary, detail: Detail | null, archived: boolean, deps: SnapshotDeps): FlagSnapshot {
    const ref = { system: this.#options.system, project: this.id, key: summary.name };
    const changed = this.#events.changed(summary.name);
    return flagSnapshot({ ref, summary, detail, changed, archived: archived || detail?.archived === true }, deps);
  }

  #summaries(): Summary[] {
    return [...(this.#list?.flags.values() ?? [])].flatMap((listed) => ('summary' in listed ? [listed.summary] : []));
  }

  /** The list says less than the detail, but what it says must be the same: not every write leaves an event. */
  #agrees(summary: Summary): boolean {
    const detail = detailOf(this.details.of(summary.name));
    if (!detail) return true;
    return summary.environments.every((listed) => {
      const state = detail.environments.find(({ name }) => name === listed.name);
      return (
        state?.enabled === listed.enabled && (listed.hasStrategies ?? undefined) !== (state.strategies.length === 0)
      );
    });
  }

  async #refreshList(signal: AbortSignal): Promise<void> {
    const { l10n, clock } = this.#deps;
    const answer = await this.#client.getKept(adminPaths.features(this.id), listSchema, signal);
    if (this.#list?.from === answer) return;
    const turns = new Turns(clock);
    const flags = new Map<string, Listed>();
    for (const [index, item] of answer.features.slice(0, MOST_FLAGS).entries()) {
      const read = summarySchema.safeParse(item);
      const name = read.data?.name ?? nameOf(item) ?? l10n.t('flag {0} of the list', index + 1);
      const issue = read.error?.issues[0];
      const reason = l10n.t(
        'Unleash describes "{0}" in a way that cannot be read ({1}: {2}).',
        name,
        issue?.path.join('.') ?? '',
        issue?.message ?? '',
      );
      flags.set(name, read.success ? { summary: read.data } : { name, reason });
      if (turns.over) await turns.rest(signal);
    }
    this.#problems =
      answer.features.length > MOST_FLAGS
        ? [
            {
              severity: 'warning',
              code: 'unleash.many',
              message: l10n.t(
                'The Unleash project "{0}" has {1} flags. Shown are the first {2}.',
                this.id,
                answer.features.length,
                MOST_FLAGS,
              ),
            },
          ]
        : [];
    this.#list = { from: answer, flags };
  }

  async #refreshSegments(signal: AbortSignal): Promise<void> {
    try {
      const { segments } = await this.#client.getKept(adminPaths.segments, segmentsSchema, signal);
      this.#segments = new Map(segments.map((segment) => [segment.id, segment]));
    } catch (error) {
      // Rules then name a segment without saying what it is.
      if (!UnleashError.is(error, 'forbidden', 'notFound', 'unreadable')) throw error;
    }
  }
}

const detailOf = (answer: DetailAnswer | undefined): Detail | null => (answer?.kind === 'read' ? answer.detail : null);

function nameOf(item: unknown): string | null {
  return typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string'
    ? item.name
    : null;
}

/** A flag that was asked for before the list named it. */
export function summaryOf(detail: Detail): Summary {
  const { name, description, type, stale, impressionData } = detail;
  const environments = detail.environments.map((each) => ({ name: each.name, enabled: each.enabled }));
  return { name, description, type, stale, impressionData, tags: [], environments };
}
