import * as z from 'zod';
import type { Json } from '../../model/json';
import { canonical } from '../canonical';
import { isObject, type Issue, type JsonObject } from '../issue';
import type { FliptFlag, FliptRollout, FliptSegment, SegmentChoice } from './flagModel';
import { valuesOf } from './flagSchema';

/**
 * A flag as Flipt's servers give it (`flipt.core.Flag` of rpc/v2/environments, as proto's JSON: what has its default value
 * may be left out). Unknown fields stay in the payload itself, which is what is written back.
 */
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);
const truth = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const words = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const number = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const chosen = { segments: list(z.string()), segmentOperator: z.string().nullish() };
const payloadSchema = z.looseObject({
  key: z.string().min(1),
  name: words,
  type: z.string().nullish(),
  description: words,
  enabled: truth,
  variants: list(z.looseObject({ key: z.string(), attachment: z.unknown().optional() })),
  rules: list(z.looseObject({ ...chosen, distributions: list(z.looseObject({ variant: words, rollout: number })) })),
  rollouts: list(
    z.looseObject({
      segment: z.looseObject({ ...chosen, value: truth }).nullish(),
      threshold: z.looseObject({ percentage: number, value: truth }).nullish(),
    }),
  ),
  // Servers of version 1 give the variant itself.
  defaultVariant: z.union([z.string(), z.looseObject({ key: z.string() }).transform(({ key }) => key)]).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

export type Payload = JsonObject;

export interface ReadPayload {
  readonly flag: FliptFlag | null;
  readonly issue: Issue | null;
}

export function readPayload(payload: unknown): ReadPayload {
  const parsed = payloadSchema.safeParse(payload);
  if (!parsed.success) {
    const [first] = parsed.error.issues;
    const path = (first?.path ?? []).map((part) => (typeof part === 'number' ? part : String(part)));
    return { flag: null, issue: { path, message: first?.message ?? '' } };
  }
  const { data } = parsed;
  // What it gives cannot be told, nor can the others behind it.
  const unknown = data.rollouts.findIndex(({ segment, threshold }) => !segment && !threshold);
  if (unknown >= 0)
    return { flag: null, issue: { path: ['rollouts', unknown], message: 'neither for a segment nor a threshold' } };
  return {
    issue: null,
    flag: {
      key: data.key,
      name: data.name === '' ? null : data.name,
      description: data.description === '' ? null : data.description,
      type: data.type === 'BOOLEAN_FLAG_TYPE' ? 'boolean' : 'variant',
      enabled: data.enabled,
      variants: data.variants.map(({ key, attachment }) => ({ key, attachment: (attachment ?? null) as Json })),
      defaultVariant: (data.defaultVariant ?? '') === '' ? null : (data.defaultVariant ?? null),
      rules: data.rules.map((rule) => ({
        ...choiceOf(rule),
        distributions: rule.distributions.map(({ variant, rollout }) => ({ variant, rollout })),
      })),
      rollouts: data.rollouts.flatMap(({ segment, threshold }): FliptRollout[] => {
        if (threshold) return [{ kind: 'threshold', percentage: threshold.percentage, value: threshold.value }];
        return segment ? [{ kind: 'segment', ...choiceOf(segment), value: segment.value }] : [];
      }),
      metadata: data.metadata ?? {},
    },
  };
}

const choiceOf = (of: {
  readonly segments: readonly string[];
  readonly segmentOperator?: string | null | undefined;
}): SegmentChoice => ({ segments: of.segments, all: of.segmentOperator === 'AND_SEGMENT_OPERATOR' });

const segmentSchema = z.looseObject({
  key: z.string().min(1),
  matchType: z.string().nullish(),
  constraints: list(z.looseObject({ type: words, property: words, operator: words, value: z.unknown().optional() })),
});

/** A segment as Flipt's servers give it; null for what is none. */
export function readSegmentPayload(payload: unknown): FliptSegment | null {
  const parsed = segmentSchema.safeParse(payload);
  if (!parsed.success) return null;
  const { key, matchType, constraints } = parsed.data;
  return {
    key,
    // The first value of the enumeration is its default, which proto's JSON may leave out.
    all: matchType !== 'ANY_MATCH_TYPE',
    constraints: constraints.map(({ type, property, operator, value }) => ({
      type,
      property,
      operator,
      values: valuesOf(value),
    })),
  };
}

/** A flag's text: the same for payloads that say the same, whatever of their defaults they leave out. */
export const payloadText = (payload: unknown): string => canonical(withoutDefaults(payload), 2);

const ENUM_DEFAULTS: ReadonlySet<unknown> = new Set(['VARIANT_FLAG_TYPE', 'OR_SEGMENT_OPERATOR']);
/** These hold values of people's own, in which nothing is a default. */
const OWN = new Set(['attachment', 'metadata']);

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]): [string, unknown][] => {
      if (OWN.has(name))
        return item === null || item === undefined || isEmptyMetadata(name, item) ? [] : [[name, item]];
      const own = withoutDefaults(item);
      const isDefault =
        own === null ||
        own === undefined ||
        own === false ||
        own === 0 ||
        own === '' ||
        ENUM_DEFAULTS.has(own) ||
        (Array.isArray(own) && own.length === 0);
      return isDefault ? [] : [[name, own]];
    }),
  );
}

const isEmptyMetadata = (name: string, item: unknown): boolean =>
  name === 'metadata' && isObject(item) && Object.keys(item).length === 0;
