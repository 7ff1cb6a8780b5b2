import type { Problem } from '../../model/problem';
import type { Clock } from '../../platform/clock';
import type { ApiClient, Asked } from '../rest/apiClient';
import { ApiError } from '../rest/apiErrors';
import * as z from 'zod';
import { isObject } from '../issue';
import { Turns } from '../turns';
import { apiPaths, FLAG, SEGMENT, type Place } from './apiPaths';
import type { FliptSegment, Segments } from './flagModel';
import { payloadText, readSegmentPayload, type Payload } from './payload';

/** More are not shown: an answer of one piece has them all. */
export const MOST_FLAGS = 20_000;

const pageSchema = z.looseObject({
  flags: z
    .array(z.unknown())
    .nullish()
    .transform((value) => value ?? []),
  nextPageToken: z.string().nullish().catch(null),
  totalCount: z.number().nullish().catch(null),
});
const PAGE = 500;
const flagSchema = z.looseObject({ key: z.string() });

const resourcesSchema = z.looseObject({
  resources: z
    .array(z.unknown())
    .nullish()
    .transform((value) => value ?? []),
});
/** Of this very flag: what tells no flag of that key tells neither that it is gone nor that it was changed. */
const resourceOf = (key: string) =>
  z.looseObject({
    resource: z.looseObject({ payload: z.looseObject({ key: z.literal(key) }) }),
    revision: z
      .string()
      .nullish()
      .transform((value) => value ?? ''),
  });

/** One flag as a server gives it. `text` is the same exactly as long as it says the same. */
export interface Known {
  readonly payload: Payload;
  readonly text: string;
  /** Rules and rollouts are in it: lists of version 1 leave them out. */
  readonly isWhole: boolean;
}

/** A flag that was just read, and the revision of its environment then. */
export interface Fresh {
  readonly known: Known | null;
  readonly revision: string;
}

/** What is known of one environment of a server of version 2. */
export class EnvironmentState {
  readonly place: Place;
  readonly #client: ApiClient;
  readonly #project: string;
  readonly #clock: Clock;
  #flags = new Map<string, Known>();
  /** What was read or written by itself since the lists were last asked for, which is newer than they; null: gone. */
  readonly #apart = new Map<string, Known | null>();
  #segments: Segments = new Map();
  #segmentsText = '';
  /** The ETag of the snapshot that the flags were read after; null: none, or not read yet. */
  #snapshot: string | null = null;
  #isRead = false;
  #problem: Problem | null = null;
  #isSnapshotGiven = true;
  #tooMany = 0;

  constructor(place: Place, project: string, client: ApiClient, clock: Clock) {
    this.place = place;
    this.#project = project;
    this.#client = client;
    this.#clock = clock;
  }

  /** Nothing is known of it while this is false. */
  get isRead(): boolean {
    return this.#isRead;
  }

  get flags(): ReadonlyMap<string, Known> {
    return this.#flags;
  }

  /** The same object as long as they are the same. */
  get segments(): Segments {
    return this.#segments;
  }

  /** Why it could not be asked the last time. */
  get problem(): Problem | null {
    return this.#problem;
  }

  get tooMany(): number {
    return this.#tooMany;
  }

  /**
   * Asks whether anything changed, by the ETag of what evaluators are given, and then for all flags and segments: they come
   * in one piece each. True where something is new. Rejects with words for people; what was known is kept.
   */
  async refresh(asked: Omit<Asked, 'about'>, whole: boolean): Promise<boolean> {
    const about = { project: this.#project, environment: this.place.environment };
    // One answer of a gateway is not the server's for good.
    if (whole) this.#isSnapshotGiven = true;
    try {
      const snapshot = await this.#snapshotNow({ ...asked, about });
      if (!whole && this.#isRead && snapshot !== null && snapshot === this.#snapshot) {
        this.#problem = null;
        return false;
      }
      this.#apart.clear();
      const before = this.#segments;
      const [flags, segments] = await Promise.all([
        this.#client.getKept(apiPaths.list(this.place, FLAG), resourcesSchema, { ...asked, about }),
        this.#client.getKept(apiPaths.list(this.place, SEGMENT), resourcesSchema, { ...asked, about }),
      ]);
      await this.#takeAll(flags.resources, segments.resources, before, asked.signal);
      // Read before them: what changed in between is another snapshot the next time.
      this.#snapshot = snapshot;
      this.#problem = null;
      return true;
    } catch (error) {
      if (!ApiError.is(error)) throw error;
      this.#problem = { severity: 'error', code: 'flipt.environment', message: error.message };
      throw error;
    }
  }

  /** All flags of a server of version 1, page by page; it has no environments, and tells no revision. */
  async refreshV1(asked: Omit<Asked, 'about'>): Promise<boolean> {
    const about = { project: this.#project, environment: this.place.environment };
    const found: unknown[] = [];
    let count = 0;
    const seen = new Set<string>();
    this.#apart.clear();
    try {
      for (let token = ''; found.length <= MOST_FLAGS;) {
        const path = apiPaths.flagsV1(this.place.namespace, PAGE, token);
        const page = await this.#client.getKept(path, pageSchema, { ...asked, about });
        found.push(...page.flags);
        count = Math.max(found.length, page.totalCount ?? 0);
        token = page.nextPageToken ?? '';
        if (token === '' || seen.has(token) || page.flags.length === 0) break;
        seen.add(token);
      }
    } catch (error) {
      if (!ApiError.is(error)) throw error;
      this.#problem = { severity: 'error', code: 'flipt.environment', message: error.message };
      throw error;
    }
    const before = this.#flags;
    const resources = found.map((payload) => ({ key: isObject(payload) ? payload.key : undefined, payload }));
    await this.#takeAll(resources, [], this.#segments, asked.signal, false);
    if (count > MOST_FLAGS) this.#tooMany = count;
    this.#problem = null;
    return before.size !== this.#flags.size || [...this.#flags].some(([key, known]) => before.get(key) !== known);
  }

  /**
   * Reads one flag now, and then its segments: they are no older than the revision that a write is to go against, so that
   * one that is edited meanwhile is seen, or makes the write be refused.
   */
  async read(key: string, asked: Omit<Asked, 'about'>): Promise<Fresh> {
    const about = { project: this.#project, environment: this.place.environment, key };
    const fresh = await this.#readAlone(key, about, asked);
    const segments = await this.#client.getKept(apiPaths.list(this.place, SEGMENT), resourcesSchema, {
      ...asked,
      about,
    });
    this.#takeSegments(segments.resources);
    return fresh;
  }

  /** The same of a server of version 1, which tells no rules. */
  async readV1(key: string, asked: Omit<Asked, 'about'>): Promise<void> {
    const about = { project: this.#project, environment: this.place.environment, key };
    try {
      const payload = await this.#client.get(apiPaths.flagV1(this.place.namespace, key), flagSchema, {
        ...asked,
        about,
      });
      this.take(key, payload, false);
    } catch (error) {
      if (!ApiError.is(error, 'notFound')) throw error;
      this.gone(key);
    }
  }

  /** What a write answered, or was read; null for what is no flag. */
  take(key: string, payload: unknown, isWhole = true): Known | null {
    if (!isObject(payload)) return null;
    const known = this.#knownOf(key, payload, isWhole);
    this.#flags.set(key, known);
    this.#apart.set(key, known);
    return known;
  }

  gone(key: string): void {
    this.#flags.delete(key);
    this.#apart.set(key, null);
  }

  forget(): void {
    this.#snapshot = null;
    this.#isSnapshotGiven = true;
  }

  /** Its ETag; null where the server has no such thing, does not give it to this token, or has more than can be sent. */
  async #snapshotNow(asked: Asked): Promise<string | null> {
    if (!this.#isSnapshotGiven) return null;
    try {
      const etag = await this.#client.etagOf(apiPaths.snapshot(this.place), this.#snapshot, asked);
      this.#isSnapshotGiven = etag !== null;
      return etag;
    } catch (error) {
      if (!ApiError.is(error, 'notFound', 'forbidden', 'invalid', 'unreadable')) throw error;
      this.#isSnapshotGiven = false;
      return null;
    }
  }

  async #readAlone(key: string, about: Asked['about'], asked: Omit<Asked, 'about'>, isAgain = false): Promise<Fresh> {
    try {
      const { resource, revision } = await this.#client.get(apiPaths.flag(this.place, key), resourceOf(key), {
        ...asked,
        about,
      });
      return { known: this.take(key, resource.payload), revision };
    } catch (error) {
      if (!ApiError.is(error, 'notFound')) throw error;
      // Of a flag that was there a moment ago one such answer may be a gateway's.
      if (!isAgain && this.#flags.has(key)) return this.#readAlone(key, about, asked, true);
      this.gone(key);
      this.#snapshot = null;
      return { known: null, revision: await this.#revision(about, asked) };
    }
  }

  async #revision(about: Asked['about'], asked: Omit<Asked, 'about'>): Promise<string> {
    const schema = z.looseObject({
      revision: z
        .string()
        .nullish()
        .transform((value) => value ?? ''),
    });
    const { revision } = await this.#client.get(apiPaths.namespaces(this.place.environment), schema, {
      ...asked,
      about,
    });
    return revision;
  }

  /** In turns: what was known stays until all are read. */
  async #takeAll(
    resources: readonly unknown[],
    segments: readonly unknown[],
    before: Segments,
    signal: AbortSignal,
    isWhole = true,
  ): Promise<void> {
    const turns = new Turns(this.#clock);
    const flags = new Map<string, Known>();
    for (const resource of resources.slice(0, MOST_FLAGS)) {
      if (!isObject(resource) || typeof resource.key !== 'string' || !isObject(resource.payload)) continue;
      flags.set(resource.key, this.#knownOf(resource.key, resource.payload, isWhole));
      if (turns.over) await turns.rest(signal);
    }
    for (const [key, known] of this.#apart)
      if (known) flags.set(key, known);
      else flags.delete(key);
    this.#flags = flags;
    this.#tooMany = resources.length > MOST_FLAGS ? resources.length : 0;
    // Others than before were read with a flag in between, and are newer.
    if (this.#segments === before) this.#takeSegments(segments);
    this.#isRead = true;
  }

  #knownOf(key: string, payload: Payload, isWhole = true): Known {
    const text = payloadText(payload);
    const before = this.#flags.get(key);
    // A list of version 1 that has them all the same says so.
    const whole = isWhole || 'rules' in payload || 'rollouts' in payload;
    return before?.text === text ? before : { payload, text, isWhole: whole };
  }

  #takeSegments(resources: readonly unknown[]): void {
    const read = resources.flatMap((resource) => {
      const segment = isObject(resource) ? readSegmentPayload(resource.payload) : null;
      return segment ? [segment] : [];
    });
    const text = JSON.stringify(read);
    if (text === this.#segmentsText) return;
    this.#segmentsText = text;
    this.#segments = new Map(read.map((segment): [string, FliptSegment] => [segment.key, segment]));
  }
}
