import * as z from 'zod';

/**
 * GrowthBook's REST API 5 (https://docs.growthbook.io/api), read leniently: answers of its versions differ. What is not
 * named here is dropped at the door: payloads for SDKs, custom fields, and whatever else comes with a list.
 */
const optionalText = z
  .string()
  .nullish()
  .catch(null)
  .transform((text) => (text === '' || text === undefined ? null : text));
const list = z.array(z.string()).nullish().catch(null);
/** Values are strings in every type; some answers have them as they are. */
const valueText = z.union([z.string(), z.boolean().transform(String), z.number().transform(String)]);
const share = z.number().min(0).max(1);

const personSchema = z
  .object({ type: optionalText, name: optionalText, email: optionalText, id: optionalText })
  .nullish()
  .catch(null);

export const ruleSchema = z.object({
  id: z.string(),
  type: z.string(),
  description: optionalText,
  enabled: z.boolean().default(true),
  condition: optionalText,
  savedGroupTargeting: z.array(z.object({ matchType: z.string(), savedGroups: z.array(z.string()) })).nullish(),
  prerequisites: z.array(z.object({ id: z.string(), condition: z.string() })).nullish(),
  allProjects: z.boolean().nullish(),
  projects: list,
  scheduleType: optionalText,
  scheduleRules: z.array(z.object({ enabled: z.boolean(), timestamp: z.string().nullable() })).nullish(),
  rampScheduleId: optionalText,
  /** Of `force` and `rollout`; variations with their weights of `experiment`. */
  value: z
    .union([valueText, z.array(z.object({ value: valueText, weight: z.number().nonnegative(), name: optionalText }))])
    .nullish(),
  config: optionalText,
  sparse: z.boolean().nullish(),
  coverage: share.nullish(),
  hashAttribute: optionalText,
  seed: optionalText,
  hashVersion: z.number().nullish(),
  trackingKey: optionalText,
  namespace: z
    .object({ enabled: z.boolean(), name: z.string(), range: z.array(z.number()).length(2) })
    .nullish()
    .catch(null),
  /** Of `experiment-ref` and `contextual-bandit-ref`. */
  variations: z.array(z.object({ value: valueText, variationId: z.string(), config: optionalText })).nullish(),
  experimentId: optionalText,
  contextualBanditId: optionalText,
  /** Of `safe-rollout`. */
  controlValue: valueText.nullish(),
  variationValue: valueText.nullish(),
  status: optionalText,
});
export type GbRule = z.infer<typeof ruleSchema>;

const scopedRuleSchema = ruleSchema.extend({
  allEnvironments: z.boolean().nullish(),
  environments: list,
});
export type ScopedRule = z.infer<typeof scopedRuleSchema>;

/** The live revision in short. */
const liveSchema = z.object({
  version: z.number().int(),
  comment: optionalText,
  date: optionalText,
  createdBy: personSchema,
  publishedBy: personSchema,
});

export const featureSchema = z.object({
  id: z.string().min(1),
  description: optionalText,
  owner: optionalText,
  project: optionalText,
  valueType: z.string(),
  defaultValue: valueText,
  defaultValueConfig: optionalText,
  tags: z.array(z.string()).catch([]),
  archived: z.boolean().catch(false),
  dateCreated: optionalText,
  dateUpdated: optionalText,
  prerequisites: list,
  holdout: z.object({ id: z.string(), value: valueText }).nullish().catch(null),
  environments: z.record(z.string(), z.object({ enabled: z.boolean() })),
  rules: z.array(scopedRuleSchema).max(1_000),
  revision: liveSchema,
});
export type GbFeature = z.infer<typeof featureSchema>;

const pageFields = {
  total: z.number().int().nonnegative().nullish().catch(null),
  hasMore: z.boolean().nullish().catch(null),
};

/** One page: its features are read one by one, so that a bad one hides no good one. */
export const featuresSchema = z.object({ features: z.array(z.unknown()).max(1_000), ...pageFields });
/** Read afterwards, so that what cannot be read of it is said of it. */
export const featureAnswerSchema = z.object({ feature: z.unknown() });

export const environmentsSchema = z.object({
  environments: z.array(z.object({ id: z.string().min(1), projects: z.array(z.string()).catch([]) })).max(1_000),
});
export const projectsSchema = z.object({
  projects: z.array(z.object({ id: z.string().min(1), name: z.string().catch('') })).max(1_000),
});

export const revisionSchema = z.object({
  version: z.number().int(),
  baseVersion: z.number().int(),
  status: z.string(),
  comment: optionalText,
  date: optionalText,
  createdBy: personSchema,
  publishedBy: personSchema,
  /** What it makes of the flag; absent where it does not touch it. */
  defaultValue: valueText.nullish().catch(null),
  rules: z.array(scopedRuleSchema).max(1_000).nullish().catch(null),
  environmentsEnabled: z.record(z.string(), z.boolean()).nullish().catch(null),
});
export type Revision = z.infer<typeof revisionSchema>;
export const revisionAnswerSchema = z.object({ revision: revisionSchema, bypassedGates: z.unknown().optional() });
export const revisionsSchema = z.object({ revisions: z.array(z.unknown()).max(1_000), ...pageFields });

const stepSchema = z.object({
  interval: z.number().nullish().catch(null),
  actions: z.array(z.object({ patch: z.object({ coverage: share.nullish().catch(null) }) })).catch([]),
});
export const rampSchema = z.object({
  id: z.string(),
  name: optionalText,
  entityId: z.string(),
  status: z.string(),
  currentStepIndex: z.number().int().catch(-1),
  steps: z.array(stepSchema).max(200).catch([]),
  nextStepAt: optionalText,
  awaitingApproval: z.boolean().catch(false),
  lastRollbackReason: optionalText,
});
export type Ramp = z.infer<typeof rampSchema>;
export const rampsSchema = z.object({ rampSchedules: z.array(z.unknown()).max(1_000), ...pageFields });

export const staleSchema = z.object({
  features: z.record(
    z.string(),
    z
      .object({ isStale: z.boolean(), staleReason: optionalText, neverStale: z.boolean().catch(false) })
      .nullable()
      .catch(null),
  ),
});

/** An answer of which nothing is read. */
export const anyAnswerSchema = z.looseObject({});
