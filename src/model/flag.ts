import * as z from 'zod';
import { environmentRefSchema, flagRefSchema } from './identity';
import { jsonSchema } from './json';
import { problemSchema } from './problem';

export const variantSchema = z.object({ name: z.string(), value: jsonSchema });
export type Variant = z.infer<typeof variantSchema>;

/**
 * What a rule hands out. `split` is a percentage roll-out by a hash of `by`; weights are the system's native ones
 * (shares are derived, never stored in their place). `codeDefault` is the default written at the call site.
 * `dynamic` cannot be read without a context (weights or variants that are themselves expressions).
 */
export const serveSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('variant'), variant: z.string() }),
  z.object({
    kind: z.literal('split'),
    by: z.string(),
    weights: z.array(z.object({ variant: z.string(), weight: z.number().nonnegative() })),
  }),
  z.object({ kind: z.literal('codeDefault') }),
  z.object({ kind: z.literal('dynamic'), words: z.string() }),
]);
export type Serve = z.infer<typeof serveSchema>;

/** One targeting rule: its condition in words (untrusted text) and what those who match get. */
export const ruleSchema = z.object({ id: z.string(), words: z.string(), serve: serveSchema });
export type Rule = z.infer<typeof ruleSchema>;

/** A share by variant, 0..1. Variants with a share of nought are present where the system names them. */
export const sharesSchema = z.record(z.string(), z.number());
export type Shares = z.infer<typeof sharesSchema>;

/**
 * What production really does with the flag: switch, prerequisites, rules, targets and schedules counted.
 * `shares` is null when who gets what depends on who asks (rules) or cannot be read; `defaultShares` are those of
 * the default rule alone. `randomised`: `yes` = a percentage split alone decides; `partly` = rules decide beside it;
 * `no` = no split. `unreachable` lists variants that nobody can get in this state, whoever they are.
 */
export const effectiveSchema = z.object({
  kind: z.enum(['everyone', 'split', 'rules', 'codeDefault', 'unknown']),
  shares: sharesSchema.nullable(),
  defaultShares: sharesSchema.nullable(),
  ruleCount: z.number().int(),
  randomised: z.enum(['yes', 'partly', 'no']),
  unreachable: z.array(z.string()),
});
export type Effective = z.infer<typeof effectiveSchema>;

export const writableSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('yes') }),
  z.object({ kind: z.literal('no'), reason: z.string() }),
  z.object({ kind: z.literal('unknown') }),
]);
export type Writable = z.infer<typeof writableSchema>;

/**
 * A flag in one environment. `switch`: `absent` = the flag does not exist there, `none` = the system has no switch.
 * `offServes` is what the system's own switch-off hands out (null without a switch). `offVariant` is DESIGN's Off
 * (null = no kill, `offVariantReason` says why). `version` changes when the state does. `raw` is the native text.
 */
export const flagStateSchema = z.object({
  environment: environmentRefSchema,
  switch: z.enum(['on', 'off', 'absent', 'none']),
  writable: writableSchema,
  offServes: serveSchema.nullable(),
  offVariant: z.string().nullable(),
  offVariantReason: z.string(),
  defaultRule: serveSchema,
  rules: z.array(ruleSchema),
  prerequisites: z.array(z.string()),
  /** What it does by itself later, in words: steps of a schedule, a progressive roll-out. Absent: nothing. */
  schedule: z.array(z.string()).optional(),
  effective: effectiveSchema,
  version: z.string(),
  raw: z.string(),
  /** Where the definition stands, when that is a file: absolute path, 1-based line. */
  location: z.object({ path: z.string(), line: z.number().int(), endLine: z.number().int() }).nullable(),
});
export type FlagState = z.infer<typeof flagStateSchema>;

export const flagTypeSchema = z.enum(['boolean', 'string', 'number', 'object', 'unknown']);
export type FlagType = z.infer<typeof flagTypeSchema>;

/** One flag in all environments of its project. All text in it comes from outside: escape before display. */
export const flagSnapshotSchema = z.object({
  ref: flagRefSchema,
  name: z.string().nullable(),
  description: z.string().nullable(),
  type: flagTypeSchema,
  variants: z.array(variantSchema),
  owner: z.string().nullable(),
  tags: z.array(z.string()),
  changed: z.object({ at: z.number(), by: z.string().nullable(), words: z.string() }).nullable(),
  archived: z.boolean(),
  /** The system marks it as no longer to be used, though it is still served. Absent: it does not, or has no such mark. */
  deprecated: z.boolean().optional(),
  /** Which client-side SDKs are given it. Absent: all that ask, or the system makes no such difference. */
  availableTo: z.object({ browser: z.boolean(), mobile: z.boolean() }).optional(),
  /** Set when the definition could not be read; the other fields then hold what could be. */
  unreadable: problemSchema.nullable(),
  states: z.array(flagStateSchema),
});
export type FlagSnapshot = z.infer<typeof flagSnapshotSchema>;

export const environmentKindSchema = z.enum(['live', 'definition', 'local']);
export type EnvironmentKind = z.infer<typeof environmentKindSchema>;

/**
 * An environment as the reader meets it. `production` is true only by configuration, the system's marking or
 * telemetry's deployment.environment.name. `telemetryName` is the deployment.environment.name joined to it.
 */
export const environmentSchema = z.object({
  ref: environmentRefSchema,
  kind: environmentKindSchema,
  production: z.boolean(),
  protected: z.object({ value: z.boolean(), because: z.enum(['system', 'user', 'repository', 'name', 'nothing']) }),
  readOnly: z.boolean(),
  telemetryName: z.string(),
  /** Short name of the source for display, e.g. `flags.json`. */
  sourceName: z.string(),
  /** SDKs' worst-case poll or sync interval in milliseconds where known. */
  pollMs: z.number().nullable(),
  /** How often we ask its source for changes, in milliseconds; absent: the source tells them by itself. */
  askedMs: z.number().optional(),
});
export type Environment = z.infer<typeof environmentSchema>;

/**
 * An environment whose own source does not answer, beside others that do, `since` when (epoch ms). `knownAt` (epoch ms):
 * when what is shown of it was last so; null: nothing is known of it, and flags have no state there unless another of its
 * sources gave one.
 */
export const silentEnvironmentSchema = z.object({
  environment: environmentRefSchema,
  state: z.enum(['notAsked', 'asking', 'unreachable']),
  reason: z.string(),
  since: z.number(),
  knownAt: z.number().nullable(),
});
export type SilentEnvironment = z.infer<typeof silentEnvironmentSchema>;

/** Everything known of one project of one flag system at one time (epoch ms). Replaced whole, never mutated. */
export const projectSnapshotSchema = z.object({
  system: z.string(),
  systemType: z.string(),
  project: z.string(),
  /** Absolute folder paths this project's references are looked for in. */
  folders: z.array(z.string()),
  environments: z.array(environmentSchema),
  /** Environments that do not answer; absent or empty: all do. */
  silent: z.array(silentEnvironmentSchema).optional(),
  flags: z.array(flagSnapshotSchema),
  /** There are flags that are not in it: they are still being read, or are too many. */
  isPartial: z.boolean().optional(),
  problems: z.array(problemSchema),
  version: z.string(),
  takenAt: z.number(),
});
export type ProjectSnapshot = z.infer<typeof projectSnapshotSchema>;
