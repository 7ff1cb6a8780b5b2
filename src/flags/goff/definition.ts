import type { FlagType, Rule, Serve, Variant } from '../../model/flag';
import type { Json } from '../../model/json';
import type { Problem } from '../../model/problem';
import type { Hash } from '../../platform/hash';
import type { L10n } from '../../platform/l10n';
import { effectiveOf } from '../effective';
import type { DefinedFlag } from '../files/definedFlag';
import { isObject, type Issue } from '../issue';
import { serveWords } from '../serveWords';
import { readGoffFlag, type GoffFlag, type GoffIssue, type Writing } from './flagSchema';
import { queryWords } from './queryWords';
import { flagAt, isOut, isTimed, serveAt } from './rollout';

/** A flag as one source defines it, at one time. When `unreadable` is set the rest holds what could be read. */
export interface Definition extends DefinedFlag {
  /** By its own `disable`, its schedule counted. */
  readonly disabled: boolean;
  /** Everyone gets the code's default: disabled, or outside the window of its experiment. */
  readonly out: boolean;
  /** What it does by itself later, in words. */
  readonly schedule: readonly string[];
  readonly flag: GoffFlag | null;
  /** Its version stands there as a text, in quotes. */
  readonly versionIsText: boolean;
  /** It shares text with others of its file (anchors of YAML). */
  readonly tied: boolean;
}

/** One flag of a source, taken out of its text. */
export interface Entry {
  readonly key: string;
  readonly value: unknown;
  readonly text: string;
  readonly offset: number;
  readonly tied: boolean;
}

export type UnplacedProblem = Pick<Problem, 'severity' | 'code' | 'message' | 'key'>;

export interface DefinitionContext {
  readonly path: string;
  /** It came from a server: `path` is its address. */
  readonly remote: boolean;
  readonly writing: Writing;
  /** A problem of a flag at its place. */
  readonly place: (entry: Entry, at: Issue['path'], problem: UnplacedProblem) => Problem;
  readonly lineAt: (offset: number) => number;
  readonly hash: Hash;
  readonly l10n: L10n;
}

const MAX_TAGS = 32;
const MAX_STEPS = 20;

/** Reads a flag as it is at `now` (epoch ms). */
export function readDefinition(entry: Entry, context: DefinitionContext, now: number): Definition {
  const { key, text, offset } = entry;
  const { path, remote, l10n, lineAt } = context;
  const { flag, issues } = readGoffFlag(entry.value, context.writing);
  const [first] = issues;
  const current = flag ? flagAt(flag, now) : null;
  const variants = Object.entries(current?.variations ?? {}).map(([name, value]): Variant => ({
    name,
    value: value as Json,
  }));
  const disabled = current?.disable === true;
  const out = current !== null && isOut(current, now);
  const metadata = current?.metadata ?? {};
  const { rules, otherwise } = first || !current ? nothing : rulesOf(current, now, l10n);
  const serves = [...rules.map(({ serve }) => serve), otherwise];
  return {
    key,
    text,
    offset,
    path,
    remote,
    line: lineAt(offset),
    endLine: lineAt(offset + text.length),
    version: context.hash.sha256(`${path}\n${text}`).slice(0, 20),
    disabled,
    out,
    type: typeOf(variants),
    variants,
    description: words(metadata.description),
    owner: words(metadata.owner) ?? words(metadata.team),
    tags: tagsOf(metadata.tags),
    defaultRule: out ? nothing.otherwise : otherwise,
    rules: out ? [] : rules,
    effective: first
      ? { kind: 'unknown', shares: null, defaultShares: null, ruleCount: 0, randomised: 'no', unreachable: [] }
      : effectiveOf(
          out,
          variants.map(({ name }) => name),
          otherwise,
          // Who has no targeting key cannot be put on a side, and gets the code's default.
          { rules, otherwise, also: serves.some(({ kind }) => kind === 'split') ? [nothing.otherwise] : [] },
        ),
    schedule: flag && !first ? scheduleWords(flag, now, l10n) : [],
    flag,
    versionIsText: isObject(entry.value) && typeof entry.value.version === 'string',
    tied: entry.tied,
    unreadable: first ? context.place(entry, first.path, problemOf(key, first, l10n)) : null,
    refusesFile: first?.fatal ?? false,
  };
}

/** The same flag at another time; itself where time does not matter. */
export function definitionAt(
  definition: Definition,
  entry: Entry,
  context: DefinitionContext,
  now: number,
): Definition {
  return definition.flag && isTimed(definition.flag) ? readDefinition(entry, context, now) : definition;
}

const nothing = { rules: [] as readonly Rule[], otherwise: { kind: 'codeDefault' } as const };

function problemOf(key: string, issue: GoffIssue, { t }: L10n): UnplacedProblem {
  const said = t('Flag "{0}" cannot be read: {1}', key, issue.message);
  const then = issue.fatal
    ? t('GO Feature Flag refuses the whole file until this is mended.')
    : t('GO Feature Flag leaves it out: everyone gets the default in the code.');
  return { severity: 'error', code: 'goff.flag', message: `${said} ${then}`, key };
}

/** Rules in force, and what all others get. A rule without a condition is for everyone. */
function rulesOf(
  flag: GoffFlag,
  now: number,
  l10n: L10n,
): { readonly rules: readonly Rule[]; readonly otherwise: Serve } {
  const by = flag.bucketingKey === undefined || flag.bucketingKey === '' ? 'targetingKey' : flag.bucketingKey;
  const rules: Rule[] = [];
  for (const [index, rule] of (flag.targeting ?? []).entries()) {
    if (rule.disable === true) continue;
    const serve = serveAt(rule, by, now);
    const query = (rule.query ?? '').trim();
    if (query === '') return { rules, otherwise: serve };
    const said = queryWords(query, l10n);
    rules.push({ id: String(index), words: rule.name === undefined ? said : `${rule.name}: ${said}`, serve });
  }
  return { rules, otherwise: flag.defaultRule ? serveAt(flag.defaultRule, by, now) : nothing.otherwise };
}

/** What a flag does by itself after `now`: steps, progressive roll-outs and the window of an experiment. */
function scheduleWords(flag: GoffFlag, now: number, l10n: L10n): string[] {
  const { t } = l10n;
  const current = flagAt(flag, now);
  const when = (at: number): string => new Date(at).toISOString().replace(/(:00)?\.000Z$/, 'Z');
  const said: string[] = [];
  const { start, end } = current.experimentation ?? {};
  if (start !== undefined && now < start)
    said.push(t('Its experiment starts at {0}; until then everyone gets the default in the code.', when(start)));
  else if (end !== undefined && now <= end)
    said.push(t('Its experiment ends at {0}; then everyone gets the default in the code.', when(end)));
  else if (end !== undefined)
    said.push(t('Its experiment ended at {0}: everyone gets the default in the code.', when(end)));
  const progressive = current.defaultRule?.progressiveRollout;
  if (progressive?.initial?.date !== undefined && progressive.end?.date !== undefined && now < progressive.end.date)
    said.push(
      t(
        'It is rolled out by itself to {0}% "{1}", from {2} to {3}.',
        progressive.end.percentage === undefined || progressive.end.percentage === 0 ? 100 : progressive.end.percentage,
        progressive.end.variation ?? '',
        when(progressive.initial.date),
        when(progressive.end.date),
      ),
    );
  const later = (flag.scheduledRollout ?? []).flatMap(({ date }) => (date !== undefined && date > now ? [date] : []));
  for (const date of later.slice(0, MAX_STEPS)) {
    const then = flagAt(flag, date);
    const { rules, otherwise } = rulesOf(then, date, l10n);
    const serves = isOut(then, date) ? serveWords(nothing.otherwise, l10n) : serveWords(otherwise, l10n);
    said.push(
      rules.length === 0 || isOut(then, date)
        ? t('From {0} by its schedule: {1}.', when(date), serves)
        : t('From {0} by its schedule: {1} rules, else {2}.', when(date), rules.length, serves),
    );
  }
  return said;
}

function typeOf(variants: readonly Variant[]): FlagType {
  const value = variants[0]?.value;
  const type = typeof value;
  if (type === 'boolean' || type === 'string' || type === 'number') return type;
  return type === 'object' && value !== null ? 'object' : 'unknown';
}

const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function tagsOf(value: unknown): string[] {
  const tags = Array.isArray(value)
    ? value.filter((tag) => typeof tag === 'string')
    : (words(value) ?? '').split(/[\s,;]+/);
  return tags.filter(Boolean).slice(0, MAX_TAGS);
}
