import type { Environment, FlagSnapshot, Writable } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import type { Problem } from '../../model/problem';
import * as z from 'zod';
import type { L10n } from '../../platform/l10n';
import type { SystemDeps, SystemOptions } from '../deps';
import type { ApiClient } from '../rest/apiClient';
import { ApiError } from '../rest/apiErrors';
import type { RestProject } from '../rest/restParts';
import { Rounds } from '../rest/rounds';
import type { Turns } from '../turns';
import { apiPaths } from './apiPaths';
import { EnvironmentState, MOST_FLAGS } from './environmentState';
import { flagSnapshot, type FlagAt } from './serverSnapshot';

/** Which environments there are changes rarely. */
const FACTS_TRUSTED_MS = 5 * 60_000;
/** Everything is asked for now and then, whatever ETags say. */
const ALL_MS = 15 * 60_000;

const environmentsSchema = z.looseObject({
  environments: z
    .array(z.looseObject({ key: z.string() }))
    .nullish()
    .transform((value) => value ?? []),
});

const flagsSchema = z.looseObject({ flags: z.array(z.unknown()).nullish() });

export const versionWords = ({ t }: L10n): string =>
  t('Flipt 1 takes whatever is sent last, so that a change of somebody else could be lost. Change the flag there.');

/** What is known of one namespace of a Flipt, in its environments, kept from round to round. */
export class FliptProject implements RestProject {
  readonly isUnderWay = false;
  readonly client: ApiClient;
  readonly #options: SystemOptions;
  readonly #deps: SystemDeps;
  readonly #rounds: Rounds;
  readonly #states: ReadonlyMap<string, EnvironmentState>;
  readonly #snapshots = new Map<string, { readonly of: readonly unknown[]; readonly flag: FlagSnapshot }>();
  /** Environments that a write was refused in: the token may only look there. */
  readonly #refused = new Set<string>();
  #known: readonly string[] | null = null;
  #version: 1 | 2 = 2;
  #factsAt = Number.NEGATIVE_INFINITY;
  #allAt = Number.NEGATIVE_INFINITY;
  #environments: readonly Environment[];
  #askedMs: number;

  constructor(client: ApiClient, options: SystemOptions, deps: SystemDeps, pollMs: number) {
    this.client = client;
    this.#options = options;
    this.#deps = deps;
    this.#rounds = new Rounds(deps.clock, pollMs);
    this.#states = new Map(
      options.environments.map(({ ref }) => {
        const place = { environment: ref.name, namespace: options.project.name };
        return [ref.name, new EnvironmentState(place, options.project.name, client, deps.clock)];
      }),
    );
    this.#askedMs = this.#rounds.intervalMs;
    this.#environments = this.#asConfigured();
  }

  /** The namespace. */
  get id(): string {
    return this.#options.project.name;
  }

  get environments(): readonly Environment[] {
    if (this.#rounds.intervalMs !== this.#askedMs) {
      this.#askedMs = this.#rounds.intervalMs;
      this.#environments = this.#asConfigured();
    }
    return this.#environments;
  }

  get isPartial(): boolean {
    return [...this.#states.values()].some(({ isRead, tooMany }) => !isRead || tooMany > 0);
  }

  /** Version 1 has no environments, and nothing that keeps two changes apart: it is shown, not changed. */
  get version(): 1 | 2 {
    return this.#version;
  }

  state(environment: string): EnvironmentState | undefined {
    return this.#states.get(environment);
  }

  offVariant(environment: string, key: string): string | undefined {
    return this.#options.project.environments.find(({ name }) => name === environment)?.offVariants?.[key];
  }

  /** Rejects only where no environment answers; one that does not keeps what was known of it, and says why. */
  async refresh(signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#deps;
    const whole = clock.monotonic() - this.#allAt >= ALL_MS;
    if (!whole && !this.#rounds.isDue(this.client.restMs)) return false;
    await this.refreshFacts(signal);
    const asked = await Promise.allSettled(
      this.#asked().map((state) =>
        this.#version === 1 ? state.refreshV1({ signal }) : state.refresh({ signal }, whole),
      ),
    );
    signal.throwIfAborted();
    rejectWhereNone(asked);
    if (whole) this.#allAt = clock.monotonic();
    this.#rounds.done(asked.some((each) => each.status === 'fulfilled' && each.value));
    return true;
  }

  async refreshFacts(signal: AbortSignal, urgent = false): Promise<void> {
    const { clock, l10n } = this.#deps;
    if (clock.monotonic() - this.#factsAt < FACTS_TRUSTED_MS) return;
    const about = { project: this.id };
    try {
      const { environments } = await this.client.get(apiPaths.environments, environmentsSchema, {
        about,
        signal,
        urgent,
      });
      this.#known = environments.map(({ key }) => key);
      this.#version = 2;
    } catch (error) {
      if (!ApiError.is(error, 'notFound')) throw error;
      if (!(await this.#isOfVersion1(signal, urgent)))
        throw new ApiError(
          'notFound',
          l10n.t(
            'Flipt at {0} has neither environments nor a namespace "{1}", or does not show them to this token. Is this its address?',
            this.client.url,
            this.id,
          ),
        );
      this.#known = null;
      this.#version = 1;
    }
    this.#factsAt = clock.monotonic();
    if (this.#refused.size === 0) return;
    // Rights change, and one refusal may have been a gateway's: the next write tells anew.
    this.#refused.clear();
    this.#snapshots.clear();
  }

  async look(key: string, signal: AbortSignal): Promise<void> {
    const asked = { signal, urgent: true };
    const read = await Promise.allSettled(
      this.#asked().map((state) => (this.#version === 1 ? state.readV1(key, asked) : state.read(key, asked))),
    );
    signal.throwIfAborted();
    rejectWhereNone(read);
  }

  /** Something was written: who looks next is to see it. */
  hurry(): void {
    this.#rounds.hurry();
  }

  /** A write was told that the token may not. */
  noteRefusal(environment: string): void {
    this.#refused.add(environment);
    this.#snapshots.clear();
  }

  async flags(turns: Turns, signal: AbortSignal): Promise<FlagSnapshot[]> {
    const keys = new Set([...this.#states.values()].flatMap(({ flags }) => [...flags.keys()]));
    for (const key of this.#snapshots.keys()) if (!keys.has(key)) this.#snapshots.delete(key);
    const flags: FlagSnapshot[] = [];
    for (const key of keys) {
      flags.push(this.#snapshot(key));
      if (turns.over) await turns.rest(signal);
    }
    return flags;
  }

  flag(key: string): FlagSnapshot | null {
    return [...this.#states.values()].some(({ flags }) => flags.has(key)) ? this.#snapshot(key) : null;
  }

  problems(): readonly Problem[] {
    const { t } = this.#deps.l10n;
    const known = this.#known ?? [];
    const more = this.#states.size - this.#asked().length;
    const alone: Problem[] =
      more > 0
        ? [
            {
              severity: 'warning',
              code: 'flipt.version',
              message: t('Flipt 1 has no environments. Shown is the first; name the others as systems of their own.'),
            },
          ]
        : [];
    const told = [...this.#states.values()].flatMap(({ place, problem, tooMany }): Problem[] => {
      if (this.#known && !known.includes(place.environment)) {
        const message = t(
          'Flipt has no environment "{0}", or does not show it to this token. It has: {1}.',
          place.environment,
          known.join(', '),
        );
        return [{ severity: 'error', code: 'flipt.environment', message }];
      }
      if (tooMany > 0) {
        const message = t('"{0}" has {1} flags. Shown are the first {2}.', place.environment, tooMany, MOST_FLAGS);
        return [{ severity: 'warning', code: 'flipt.many', message }];
      }
      return problem ? [problem] : [];
    });
    return [...alone, ...told];
  }

  pageOf(key: string): string {
    const part = encodeURIComponent;
    return `${this.client.url}/#/namespaces/${part(this.id)}/flags/${part(key)}`;
  }

  forget(): void {
    this.#rounds.forget();
    this.#refused.clear();
    this.#snapshots.clear();
    this.#factsAt = this.#allAt = Number.NEGATIVE_INFINITY;
    for (const state of this.#states.values()) state.forget();
  }

  /** Of a server of version 1 the first alone: it has one set of flags. */
  #asked(): readonly EnvironmentState[] {
    const states = [...this.#states.values()];
    return this.#version === 1 ? states.slice(0, 1) : states;
  }

  async #isOfVersion1(signal: AbortSignal, urgent: boolean): Promise<boolean> {
    try {
      const path = apiPaths.flagsV1(this.id, 1, '');
      await this.client.get(path, flagsSchema, { about: { project: this.id }, signal, urgent });
      return true;
    } catch (error) {
      if (!ApiError.is(error, 'notFound', 'unreadable')) throw error;
      return false;
    }
  }

  #snapshot(key: string): FlagSnapshot {
    const read = this.#environments.flatMap((environment): FlagAt[] => {
      const state = this.#states.get(environment.ref.name);
      // Of what was never read nobody knows whether it has the flag.
      if (!state?.isRead && !state?.flags.has(key)) return [];
      const offVariant = this.offVariant(environment.ref.name, key);
      const known = state.flags.get(key) ?? null;
      return [{ environment, known, segments: state.segments, writable: this.#writable(environment), offVariant }];
    });
    const reason = this.#deps.readOnlyReason();
    const of = [reason, this.#environments, ...read.flatMap(({ known, segments }) => [known, segments])];
    const before = this.#snapshots.get(key);
    if (before?.of.length === of.length && before.of.every((part, at) => part === of[at])) return before.flag;
    const ref: FlagRef = { system: this.#options.system, project: this.id, key };
    const flag = flagSnapshot(ref, read, this.#deps.hash, this.#deps.l10n);
    this.#snapshots.set(key, { of, flag });
    return flag;
  }

  #writable({ ref, readOnly }: Environment): Writable {
    const { l10n } = this.#deps;
    const reason = this.#deps.readOnlyReason();
    if (reason !== null) return { kind: 'no', reason };
    if (readOnly) return { kind: 'no', reason: l10n.t('.sightglass.json says it is read-only.') };
    if (this.#version === 1) return { kind: 'no', reason: versionWords(l10n) };
    // Whether a policy allows it is found out by the first change: Flipt tells rights in no other way.
    return this.#refused.has(ref.name)
      ? { kind: 'no', reason: l10n.t('The token may not change flags here (403).') }
      : { kind: 'unknown' };
  }

  #asConfigured(): readonly Environment[] {
    const { t, locale } = this.#deps.l10n;
    const seconds = new Intl.NumberFormat(locale).format(this.#askedMs / 1000);
    return this.#options.environments.map((environment) => ({
      ...environment,
      askedMs: this.#askedMs,
      sourceName: t('Flipt, asked every {0} s', seconds),
    }));
  }
}

/** Throws where no environment answered, or something else went wrong than an answer. */
function rejectWhereNone(asked: readonly PromiseSettledResult<unknown>[]): void {
  const failed = asked.flatMap((each): Error[] => (each.status === 'rejected' ? [asError(each.reason)] : []));
  const worst = failed.find((error) => !ApiError.is(error)) ?? (failed.length === asked.length ? failed[0] : undefined);
  if (worst) throw worst;
}

const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
