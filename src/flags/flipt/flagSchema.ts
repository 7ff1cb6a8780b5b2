import * as z from 'zod';
import type { Json } from '../../model/json';
import { isObject, shown, type Issue } from '../issue';
import type { FliptFlag, FliptRollout, FliptRule, FliptSegment, SegmentChoice } from './flagModel';

/** Versions of the format of files that Flipt 2.9 knows (core/validation/flipt.cue); without one the newest is meant. */
export const versions = ['1.0', '1.1', '1.2', '1.3', '1.4', '1.5', '1.6'] as const;

/** Keys of flags, segments and namespaces. */
export const KEY = /^[-_,A-Za-z0-9]+$/;

const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);
const key = z.string().regex(KEY, 'A key has letters, digits, "-", "_" and "," only.');
const name = z.string().min(1);
const operator = maybe(z.enum(['OR_SEGMENT_OPERATOR', 'AND_SEGMENT_OPERATOR']));
const chosen = { key: maybe(key), keys: maybe(z.array(z.string())), operator };
const rollout = z.object({
  description: maybe(z.string()),
  segment: maybe(z.object({ ...chosen, value: maybe(z.boolean()) })),
  threshold: maybe(z.object({ percentage: z.number(), value: maybe(z.boolean()) })),
});
const rule = z.object({
  segment: z.union([key, z.object(chosen)]),
  distributions: maybe(z.array(z.object({ variant: name, rollout: z.number().min(0).max(100) }))),
});
const variant = z.object({
  key: name,
  name: maybe(name),
  attachment: z.unknown().optional(),
  default: maybe(z.boolean()),
});
const flagSchema = z.object({
  key,
  name,
  type: maybe(z.enum(['VARIANT_FLAG_TYPE', 'BOOLEAN_FLAG_TYPE'])),
  description: maybe(z.string()),
  enabled: maybe(z.boolean()),
  variants: maybe(z.array(variant)),
  rules: maybe(z.array(rule)),
  rollouts: maybe(z.array(rollout)),
  metadata: maybe(z.record(z.string(), z.unknown())),
});
const fields: ReadonlySet<string> = new Set(Object.keys(flagSchema.shape));
/** What came with a later version of the format, and is refused in files of an earlier one. */
const since = { type: '1.1', metadata: '1.3', default: '1.3' } as const;

export interface ReadFlag {
  readonly flag: FliptFlag | null;
  /** Each of them makes Flipt refuse the whole file. */
  readonly issues: readonly Issue[];
}

/** A flag of a file, and what Flipt says against it: its schema, and variants that there are none of. */
export function readFlag(value: unknown, version: string | null): ReadFlag {
  if (!isObject(value))
    return { flag: null, issues: [{ path: [], message: `A flag is expected, not ${shown(value)}.` }] };
  const parsed = flagSchema.safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(({ path, message }) => ({
      path: path.map((part) => (typeof part === 'number' ? part : String(part))),
      message: /[.!]$/.test(message) ? message : `${message}.`,
    }));
    return { flag: null, issues };
  }
  const { data } = parsed;
  const isBoolean = data.type === 'BOOLEAN_FLAG_TYPE';
  const rules = (data.rules ?? []).map(({ segment, distributions = [] }): FliptRule => ({
    ...choiceOf(typeof segment === 'string' ? { key: segment } : segment),
    distributions,
  }));
  const rollouts = (data.rollouts ?? []).flatMap(rolloutOf);
  const variants = data.variants ?? [];
  const flag: FliptFlag = {
    key: data.key,
    name: data.name,
    description: data.description ?? null,
    type: isBoolean ? 'boolean' : 'variant',
    enabled: data.enabled ?? false,
    variants: variants.map((each) => ({ key: each.key, attachment: (each.attachment ?? null) as Json })),
    defaultVariant: variants.findLast((each) => each.default === true)?.key ?? null,
    rules,
    rollouts,
    metadata: data.metadata ?? {},
  };
  return {
    flag,
    issues: [...unknownFields(value, version), ...tooNew(data, version), ...issuesOf(flag, data.rollouts ?? [])],
  };
}

function unknownFields(value: Readonly<Record<string, unknown>>, version: string | null): Issue[] {
  if (version !== null && !(versions as readonly string[]).includes(version)) return [];
  return Object.keys(value).flatMap((each) =>
    fields.has(each) ? [] : [{ path: [each], message: `A flag has no "${each}".` }],
  );
}

/** Numbers of versions are compared as they are written: all that there are have one digit behind the dot. */
function tooNew(value: z.infer<typeof flagSchema>, version: string | null): Issue[] {
  const isBefore = (name: keyof typeof since): boolean => version !== null && version < since[name];
  const message = (name: keyof typeof since): string =>
    `There is no "${name}" before version ${since[name]} of the format.`;
  const own = (['type', 'metadata'] as const).flatMap((name): Issue[] =>
    value[name] !== undefined && isBefore(name) ? [{ path: [name], message: message(name) }] : [],
  );
  const variants = (value.variants ?? []).flatMap((each, at): Issue[] =>
    each.default !== undefined && isBefore('default')
      ? [{ path: ['variants', at, 'default'], message: message('default') }]
      : [],
  );
  return [...own, ...variants];
}

function issuesOf(flag: FliptFlag, rollouts: readonly z.infer<typeof rollout>[]): Issue[] {
  const names = new Set(flag.variants.map((each) => each.key));
  const issues: Issue[] = flag.rules.flatMap(({ distributions }, at) =>
    distributions.flatMap((each, place) =>
      names.has(each.variant)
        ? []
        : [
            {
              path: ['rules', at, 'distributions', place, 'variant'],
              message: `${shown(each.variant)} is not a variant.`,
            },
          ],
    ),
  );
  if (flag.type === 'variant' && rollouts.length > 0)
    issues.push({ path: ['rollouts'], message: 'Only flags of BOOLEAN_FLAG_TYPE have rollouts.' });
  for (const [at, { segment, threshold }] of rollouts.entries())
    if ((segment === undefined) === (threshold === undefined))
      issues.push({ path: ['rollouts', at], message: 'A rollout has a "segment" or a "threshold".' });
  return issues;
}

function rolloutOf({ segment, threshold }: z.infer<typeof rollout>): FliptRollout[] {
  if (threshold) return [{ kind: 'threshold', percentage: threshold.percentage, value: threshold.value ?? false }];
  return segment ? [{ kind: 'segment', ...choiceOf(segment), value: segment.value ?? false }] : [];
}

function choiceOf(of: {
  key?: string | undefined;
  keys?: string[] | undefined;
  operator?: string | undefined;
}): SegmentChoice {
  const keys = of.keys && of.keys.length > 0 ? of.keys : of.key === undefined ? [] : [of.key];
  return { segments: keys, all: of.operator === 'AND_SEGMENT_OPERATOR' };
}

const constraint = z.object({
  type: z.string(),
  property: z.string().catch(''),
  operator: z.string(),
  value: z.unknown().optional(),
});
const segmentSchema = z.object({
  key,
  match_type: z.enum(['ANY_MATCH_TYPE', 'ALL_MATCH_TYPE']),
  constraints: maybe(z.array(constraint)),
});

/** A segment of a file; null for what is none. */
export function readSegment(value: unknown): FliptSegment | null {
  const parsed = segmentSchema.safeParse(value);
  if (!parsed.success) return null;
  const { match_type: match, constraints = [] } = parsed.data;
  return {
    key: parsed.data.key,
    all: match === 'ALL_MATCH_TYPE',
    constraints: constraints.map((each) => ({ ...each, values: valuesOf(each.value) })),
  };
}

/** One value, or several: a list, or (in files before 1.6, and from servers) a list written as JSON. */
export function valuesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(text);
  if (typeof value === 'string' && /^\s*\[/.test(value)) {
    try {
      const list: unknown = JSON.parse(value);
      if (Array.isArray(list)) return list.map(text);
    } catch {
      // A text like any other.
    }
  }
  return value === undefined || value === null || value === '' ? [] : [text(value)];
}

const text = (value: unknown): string => (typeof value === 'string' ? value : shown(value));
