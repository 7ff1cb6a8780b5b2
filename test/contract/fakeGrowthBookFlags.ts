/** GrowthBook's flags and their revisions, by what its specification says of drafts, merges and reviews. */
export type Json = Record<string, unknown>;
export interface FakeRule extends Json {
  id: string;
  type: string;
  enabled: boolean;
  allEnvironments: boolean;
  environments?: string[];
}
interface Content {
  defaultValue: string;
  rules: FakeRule[];
  environmentsEnabled: Record<string, boolean>;
  archived: boolean;
}
export interface FakeRevision extends Content {
  version: number;
  baseVersion: number;
  status: string;
  comment: string;
  date: string;
  createdBy: Json;
  publishedBy?: Json;
}
export interface Conflict extends Json {
  key: string;
}

export class FakeFeature {
  readonly revisions: FakeRevision[];
  live = 1;

  constructor(
    readonly id: string,
    content: Partial<Content>,
    environments: readonly string[],
    readonly more: Json = {},
  ) {
    this.revisions = [
      {
        defaultValue: 'false',
        rules: [],
        environmentsEnabled: Object.fromEntries(environments.map((name) => [name, true])),
        archived: false,
        ...content,
        version: 1,
        baseVersion: 0,
        status: 'published',
        comment: 'created',
        date: '2026-01-01T10:00:00.000Z',
        createdBy: person('Ana Ruiz'),
        publishedBy: person('Ana Ruiz'),
      },
    ];
  }

  get now(): FakeRevision {
    return this.revision(this.live);
  }

  revision(version: number): FakeRevision {
    const found = this.revisions.find((each) => each.version === version);
    if (!found) throw new Error('Could not find feature revision');
    return found;
  }

  draft(who: string, comment: string): FakeRevision {
    const version = Math.max(...this.revisions.map((each) => each.version)) + 1;
    const { defaultValue, rules, environmentsEnabled, archived } = structuredClone(this.now);
    const made: FakeRevision = {
      ...{ defaultValue, rules, environmentsEnabled, archived, version, comment },
      baseVersion: this.live,
      status: 'draft',
      date: new Date().toISOString(),
      createdBy: person(who),
    };
    this.revisions.push(made);
    return made;
  }

  /** Environments that a draft changes, and what it and the live revision changed both. */
  merged(draft: FakeRevision): { result: Content; conflicts: Conflict[]; environments: string[] } {
    const base = this.revision(draft.baseVersion);
    const live = this.now;
    const conflicts: Conflict[] = [];
    const pick = <T>(key: string, was: T, theirs: T, ours: T): T => {
      const [moved, changed] = [!same(was, theirs), !same(was, ours)];
      if (moved && changed && !same(theirs, ours))
        conflicts.push({
          ...{ name: key, key, resolved: false },
          ...{ base: text(was), live: text(theirs), revision: text(ours) },
        });
      return changed ? ours : theirs;
    };
    const names = [...new Set([...live.rules, ...draft.rules].map(({ id }) => id))];
    const rules = names.flatMap((id) => {
      const of = (revision: FakeRevision) => revision.rules.find((rule) => rule.id === id);
      return pick(`rules.${id}`, of(base), of(live), of(draft)) ?? [];
    });
    const environmentsEnabled = Object.fromEntries(
      Object.keys(live.environmentsEnabled).map((name) => [
        name,
        pick(
          `environmentsEnabled.${name}`,
          base.environmentsEnabled[name] === true,
          live.environmentsEnabled[name] === true,
          draft.environmentsEnabled[name] === true,
        ),
      ]),
    );
    const result = {
      rules,
      environmentsEnabled,
      defaultValue: pick('defaultValue', base.defaultValue, live.defaultValue, draft.defaultValue),
      archived: pick('archived', base.archived, live.archived, draft.archived),
    };
    const all = Object.keys(live.environmentsEnabled);
    const seen = (content: Content, name: string) => [
      ...[content.defaultValue, content.archived, content.environmentsEnabled[name]],
      ...content.rules.filter((rule) => rule.allEnvironments || rule.environments?.includes(name)),
    ];
    return { result, conflicts, environments: all.filter((name) => !same(seen(result, name), seen(live, name))) };
  }

  publish(draft: FakeRevision, who: string, comment: string, result: Content): void {
    this.now.status = 'published';
    const at = new Date().toISOString();
    Object.assign(draft, result, { status: 'published', publishedBy: person(who), date: at });
    if (comment !== '') draft.comment = comment;
    this.live = draft.version;
  }

  /** As lists have it; `planted` is what no reader needs. */
  shown(planted: string): Json {
    const { defaultValue, rules, environmentsEnabled, archived, version, comment, date, createdBy, publishedBy } =
      this.now;
    return {
      id: this.id,
      ...{ description: '', owner: 'ana@example.com', project: 'prj_shop', valueType: 'boolean', tags: [] },
      ...{ dateCreated: '2026-01-01T10:00:00.000Z', dateUpdated: date, customFields: { planted } },
      ...this.more,
      ...{ defaultValue, archived, rules },
      environments: Object.fromEntries(
        Object.entries(environmentsEnabled).map(([name, enabled]) => [
          name,
          { enabled, defaultValue, definition: JSON.stringify({ planted }) },
        ]),
      ),
      revision: { version, comment, date, createdBy, publishedBy },
    };
  }

  shownRevision(revision: FakeRevision): Json {
    return { ...revision, archived: undefined, featureId: this.id, id: `${this.id}-${String(revision.version)}` };
  }
}

export const person = (name: string): Json => ({ type: 'dashboard', id: `u_${name}`, name, email: 'x@example.com' });
const text = (value: unknown): string => JSON.stringify(value ?? null);
const same = (a: unknown, b: unknown): boolean => text(a) === text(b);
