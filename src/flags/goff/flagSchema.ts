import * as z from 'zod';
import { isObject, shown, type Issue } from '../issue';

/** How a file is written, which decides what Go reads into a field of a type. */
export type Writing = 'yaml' | 'json';

const words: Readonly<Record<string, boolean>> = { yes: true, on: true, y: true, no: false, off: false, n: false };
const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** RFC 3339; in YAML also what yaml.v3 takes for a time. Without a zone it is UTC. Epoch milliseconds. */
function timeOf(text: string, writing: Writing): number | null {
  const strict = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  if (!strict && writing === 'json') return null;
  const parts = /^(\d{4}-\d\d?-\d\d?)(?:[Tt ]+(\d\d?:\d\d?:\d\d?(?:\.\d+)?))? ?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (!parts) return null;
  const [year = '', month = '', day = ''] = (parts[1] ?? '').split('-');
  const [hour = '0', minute = '0', second = '0'] = (parts[2] ?? '').split(':');
  const two = (of: string): string => of.padStart(2, '0');
  const clock = `${two(hour || '0')}:${two(minute)}:${/^\d\D/.test(`${second}.`) ? `0${second}` : second}`;
  const at = Date.parse(`${year}-${two(month)}-${two(day)}T${clock}${parts[3] ?? 'Z'}`);
  return Number.isNaN(at) ? null : at;
}

/**
 * A flag as GO Feature Flag 1.50 decodes it (https://gofeatureflag.org/docs/configure_flag/create-flags, `model/dto`):
 * other fields are passed over, `null` is none. What is not of its type here makes the whole file refused.
 */
function schemaFor(writing: Writing) {
  const text = writing === 'json' ? z.string() : z.union([z.string(), z.number(), z.boolean()]).transform(String);
  const truth =
    writing === 'json'
      ? z.boolean()
      : z.union([z.boolean(), z.enum(Object.keys(words)).transform((word) => words[word] === true)]);
  const date = z.union([z.string(), z.date().transform((at) => at.toISOString())]).transform((written, context) => {
    const at = timeOf(written, writing);
    if (at !== null) return at;
    context.addIssue(`"${written.slice(0, 40)}" is no date such as 2026-01-31T08:00:00Z.`);
    return z.NEVER;
  });
  const step = z.object({ variation: maybe(text), percentage: maybe(z.number()), date: maybe(date) });
  const rule = z.object({
    name: maybe(text),
    query: maybe(text),
    variation: maybe(text),
    percentage: maybe(z.record(z.string(), z.number())),
    progressiveRollout: maybe(z.object({ initial: maybe(step), end: maybe(step) })),
    disable: maybe(truth),
  });
  const flag = z.object({
    trackEvents: maybe(truth),
    disable: maybe(truth),
    version: maybe(text),
    variations: maybe(z.record(z.string(), z.unknown())),
    targeting: maybe(z.array(rule)),
    bucketingKey: maybe(text),
    defaultRule: maybe(rule),
    experimentation: maybe(z.object({ start: maybe(date), end: maybe(date) })),
    metadata: maybe(z.record(z.string(), z.unknown())),
  });
  const scheduled = flag.extend({ date: maybe(date) });
  return flag.extend({ scheduledRollout: maybe(z.array(scheduled)) });
}

const schemas = { yaml: schemaFor('yaml'), json: schemaFor('json') };

export type GoffFlag = z.infer<(typeof schemas)['yaml']>;
export type GoffRule = NonNullable<GoffFlag['defaultRule']>;
export type GoffStep = NonNullable<GoffFlag['scheduledRollout']>[number];

/** `fatal`: the relay then refuses the whole file, not only this flag. */
export interface GoffIssue extends Issue {
  readonly fatal: boolean;
}

export interface ReadGoffFlag {
  readonly flag: GoffFlag | null;
  readonly issues: readonly GoffIssue[];
}

/** A flag as decoded, and what the relay says against it. */
export function readGoffFlag(value: unknown, writing: Writing): ReadGoffFlag {
  if (!isObject(value)) {
    // An empty member is a flag without anything, to Go.
    const fatal = value !== null && value !== undefined;
    return { flag: null, issues: [{ path: [], message: `A flag is expected, not ${shown(value)}.`, fatal }] };
  }
  const parsed = schemas[writing].safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({
      path: path.map((part) => (typeof part === 'number' ? part : String(part))),
      message: /[.!]$/.test(message) ? message : `${message}.`,
      fatal: true,
    }));
    return { flag: null, issues };
  }
  return { flag: parsed.data, issues: ruleIssues(parsed.data).map((issue) => ({ ...issue, fatal: false })) };
}

/** What makes GO Feature Flag leave a flag out (`InternalFlag.IsValid`). */
function ruleIssues(flag: GoffFlag): Issue[] {
  const { variations = {}, defaultRule, targeting = [] } = flag;
  const issues: Issue[] = [];
  const names = Object.keys(variations);
  if (names.length === 0) issues.push({ path: ['variations'], message: 'A flag has variations.' });
  const types = new Set<string>();
  for (const [name, value] of Object.entries(variations)) {
    if (value === null) issues.push({ path: ['variations', name], message: `"${name}" has no value.` });
    else types.add(Array.isArray(value) ? 'list' : typeof value);
  }
  if (types.size > 1) issues.push({ path: ['variations'], message: 'All variations have the same type.' });
  if (!defaultRule) issues.push({ path: ['defaultRule'], message: 'A flag has a "defaultRule".' });
  else issues.push(...issuesOfRule(defaultRule, names, ['defaultRule'], true));
  const seen = new Set<string>();
  for (const [index, rule] of targeting.entries()) {
    const at = ['targeting', index];
    if (rule.name !== undefined && rule.name !== '' && seen.has(rule.name))
      issues.push({ path: [...at, 'name'], message: `Two rules are named "${rule.name}".` });
    seen.add(rule.name ?? '');
    if (rule.disable !== true) issues.push(...issuesOfRule(rule, names, at, false));
  }
  return issues;
}

function issuesOfRule(rule: GoffRule, names: readonly string[], at: Issue['path'], isDefault: boolean): Issue[] {
  const { query, variation, percentage, progressiveRollout: progressive } = rule;
  const issues: Issue[] = [];
  const unknown = (name: string | undefined, path: Issue['path']): void => {
    if (name === undefined || !names.includes(name))
      issues.push({ path, message: `${shown(name ?? '')} is not a variation.` });
  };
  if (variation === undefined && !percentage && !progressive)
    issues.push({ path: at, message: 'A rule has a "variation", a "percentage" or a "progressiveRollout".' });
  if (!isDefault && (query ?? '').trim() === '') issues.push({ path: at, message: 'A targeting rule has a "query".' });
  if (percentage) {
    const shares = Object.values(percentage);
    for (const name of Object.keys(percentage)) unknown(name, [...at, 'percentage', name]);
    if (shares.length === 0 || shares.reduce((sum, share) => sum + share, 0) === 0)
      issues.push({ path: [...at, 'percentage'], message: 'Percentages are more than nought together.' });
    else if (shares.some((share) => share < 0))
      issues.push({ path: [...at, 'percentage'], message: 'A percentage below nought is not read here.' });
  }
  if (progressive) {
    const { initial, end } = progressive;
    unknown(initial?.variation, [...at, 'progressiveRollout', 'initial']);
    unknown(end?.variation, [...at, 'progressiveRollout', 'end']);
    if ((end?.percentage ?? 0) < (initial?.percentage ?? 0))
      issues.push({
        path: [...at, 'progressiveRollout'],
        message: 'The percentage at the end is not below the initial one.',
      });
  }
  if (!percentage && !progressive && variation !== undefined) unknown(variation, [...at, 'variation']);
  return issues;
}
