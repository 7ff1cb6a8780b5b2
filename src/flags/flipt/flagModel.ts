import type { Json } from '../../model/json';
import type { Hash } from '../../platform/hash';

/** A flag of Flipt, whether it stood in a file or came from a server. */
export interface FliptFlag {
  readonly key: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly type: 'boolean' | 'variant';
  /** Of a boolean flag the value that all get whom no rollout names; of a variant flag whether rules are looked at. */
  readonly enabled: boolean;
  readonly variants: readonly FliptVariant[];
  /** Variant given where no rule matches; null: none. */
  readonly defaultVariant: string | null;
  readonly rules: readonly FliptRule[];
  readonly rollouts: readonly FliptRollout[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface FliptVariant {
  readonly key: string;
  readonly attachment: Json;
}

/** Who is meant: those in all of these segments, or in any of them. */
export interface SegmentChoice {
  readonly segments: readonly string[];
  readonly all: boolean;
}

export interface FliptRule extends SegmentChoice {
  /** `rollout` is 0..100. */
  readonly distributions: readonly { readonly variant: string; readonly rollout: number }[];
}

/** Of a boolean flag. `percentage` is 0..100. */
export type FliptRollout =
  | { readonly kind: 'threshold'; readonly percentage: number; readonly value: boolean }
  | ({ readonly kind: 'segment'; readonly value: boolean } & SegmentChoice);

export interface FliptSegment {
  readonly key: string;
  /** All constraints have to hold, or one is enough; without any it holds everyone. */
  readonly all: boolean;
  readonly constraints: readonly FliptConstraint[];
}

export interface FliptConstraint {
  /** `STRING_COMPARISON_TYPE`, `ENTITY_ID_COMPARISON_TYPE`, … */
  readonly type: string;
  readonly property: string;
  readonly operator: string;
  readonly values: readonly string[];
}

export type Segments = ReadonlyMap<string, FliptSegment>;

/** Many flags name the same segment, and one may list thousands of users. */
const prints = new WeakMap<FliptSegment, string>();

/** Tells one segment from what it becomes; '' for one that is not there. */
export function segmentPrint(segment: FliptSegment | undefined, hash: Hash): string {
  if (!segment) return '';
  const known = prints.get(segment);
  if (known !== undefined) return known;
  const print = hash.sha256(JSON.stringify(segment)).slice(0, 20);
  prints.set(segment, print);
  return print;
}

/** What a flag does changes with the segments it names, which stand elsewhere: one text for all of them. */
export const printsBeside = (flag: FliptFlag | null, known: Segments, hash: Hash): string =>
  namedSegments(flag)
    .map((name) => segmentPrint(known.get(name), hash))
    .join();

/** The segments that any of these flags name, by key, as they are now. */
export const segmentPrints = (
  flags: readonly (FliptFlag | null)[],
  known: Segments,
  hash: Hash,
): Readonly<Record<string, string>> =>
  Object.fromEntries(flags.flatMap(namedSegments).map((key) => [key, segmentPrint(known.get(key), hash)]));

/** Whether nobody is left out, so that what stands behind is never looked at. False where a segment is not known. */
export function holdsEveryone({ segments, all }: SegmentChoice, known: Segments): boolean {
  const open = segments.map((key) => known.get(key)?.constraints.length === 0);
  return all ? open.every(Boolean) : open.some(Boolean);
}

/** The segments that a flag's rules and rollouts are for, each once. */
export function namedSegments(flag: Pick<FliptFlag, 'rules' | 'rollouts'> | null): readonly string[] {
  const choices = flag ? [...flag.rules, ...flag.rollouts] : [];
  return [...new Set(choices.flatMap((each) => ('segments' in each ? each.segments : [])))];
}
