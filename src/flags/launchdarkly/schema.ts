import * as z from 'zod';
import { jsonSchema } from '../../model/json';

/**
 * LaunchDarkly's REST API v2 (https://launchdarkly.com/docs/api, LD-API-Version 20240415), read leniently: its own
 * answers do not always fit its OpenAPI. What is not named here is dropped at the door: environments come with their
 * SDK and mobile keys. What a change has to give back whole (targets, rules, roll-outs) keeps its unknown members.
 */
const optionalText = z
  .string()
  .nullish()
  .catch(null)
  .transform((text) => (text === '' || text === undefined ? null : text));
/** As it came, where it is given back. */
const keptText = z.string().nullish();
const count = z.number().int().catch(0);

export const variationSchema = z.object({
  _id: optionalText,
  value: jsonSchema.catch(null),
  name: optionalText,
});
export type Variation = z.infer<typeof variationSchema>;

const index = z.number().int().nonnegative();

export const rolloutSchema = z.looseObject({
  variations: z.array(z.looseObject({ variation: index, weight: z.number().nonnegative() })).min(1),
  bucketBy: keptText,
  contextKind: keptText,
  experimentAllocation: z.unknown().optional(),
});
export type Rollout = z.infer<typeof rolloutSchema>;

/** What a rule or the fallthrough hands out: one variation, or a roll-out in thousandths of a percent. */
export const servedSchema = z.looseObject({ variation: index.nullish(), rollout: rolloutSchema.nullish() });
export type Served = z.infer<typeof servedSchema>;

export const targetSchema = z.looseObject({
  values: z.array(z.string()),
  variation: index,
  contextKind: keptText,
});
export type Target = z.infer<typeof targetSchema>;

export const clauseSchema = z.looseObject({
  attribute: z.string(),
  op: z.string(),
  values: z.array(jsonSchema).catch([]),
  contextKind: keptText,
  negate: z.boolean().catch(false),
});
export type Clause = z.infer<typeof clauseSchema>;

export const ruleSchema = servedSchema.extend({
  _id: keptText,
  description: keptText,
  disabled: z.boolean().nullish(),
  clauses: z.array(clauseSchema),
});
export type LdRule = z.infer<typeof ruleSchema>;

export const prerequisiteSchema = z.looseObject({ key: z.string(), variation: index });

const summarySchema = z.object({
  prerequisites: count,
  variations: z.record(
    z.string(),
    z.object({
      rules: count,
      targets: count,
      contextTargets: count,
      isFallthrough: z.boolean().catch(false),
      isOff: z.boolean().catch(false),
      rollout: z.number().nullish().catch(null),
      bucketBy: optionalText,
    }),
  ),
});

const actionsSchema = z.array(z.object({ action: z.string() })).catch([]);
export const accessSchema = z.object({ denied: actionsSchema, allowed: actionsSchema });

/** A flag in one environment. Lists are absent where they were not asked for. */
export const configSchema = z.object({
  on: z.boolean(),
  version: z.number().int(),
  lastModified: z.number().nullish().catch(null),
  offVariation: index.nullish(),
  fallthrough: servedSchema.nullish(),
  targets: z.array(targetSchema).nullish(),
  contextTargets: z.array(targetSchema).nullish(),
  rules: z.array(ruleSchema).nullish(),
  prerequisites: z.array(prerequisiteSchema).nullish(),
  _site: z.object({ href: z.string() }).nullish().catch(null),
  _access: accessSchema.nullish().catch(null),
  _summary: summarySchema.nullish().catch(null),
});
export type LdConfig = z.infer<typeof configSchema>;

const memberSchema = z
  .object({ email: optionalText, firstName: optionalText, lastName: optionalText })
  .nullish()
  .catch(null);

export const flagSchema = z.object({
  key: z.string().min(1),
  name: optionalText,
  description: optionalText,
  kind: optionalText,
  _version: z.number().int().nullish().catch(null),
  creationDate: z.number().nullish().catch(null),
  variations: z.array(variationSchema),
  temporary: z.boolean().catch(false),
  tags: z.array(z.string()).catch([]),
  archived: z.boolean().catch(false),
  deprecated: z.boolean().catch(false),
  _maintainer: memberSchema,
  _maintainerTeam: z.object({ key: z.string(), name: optionalText }).nullish().catch(null),
  maintainerTeamKey: optionalText,
  clientSideAvailability: z
    .object({ usingEnvironmentId: z.boolean().catch(false), usingMobileKey: z.boolean().catch(false) })
    .nullish()
    .catch(null),
  experiments: z
    .object({ items: z.array(z.object({ metricKey: optionalText })).catch([]) })
    .nullish()
    .catch(null),
  _purpose: optionalText,
  environments: z.record(z.string(), z.unknown()).nullish(),
});
export type LdFlag = z.infer<typeof flagSchema>;

/** One page: its flags are read one by one, so that a bad one hides no good one. */
export const flagsSchema = z.object({
  items: z.array(z.unknown()).max(1_000),
  totalCount: z.number().int().nonnegative().nullish().catch(null),
  _links: z.record(z.string(), z.unknown()).nullish().catch(null),
});

export const environmentSchema = z.object({
  key: z.string().min(1),
  name: optionalText,
  critical: z.boolean().catch(false),
  requireComments: z.boolean().catch(false),
  confirmChanges: z.boolean().catch(false),
  _access: accessSchema.nullish().catch(null),
  approvalSettings: z
    .object({
      required: z.boolean().catch(false),
      minNumApprovals: z.number().int().catch(1),
      serviceKind: optionalText,
      requiredApprovalTags: z.array(z.string()).catch([]),
    })
    .nullish()
    .catch(null),
});
export type LdEnvironment = z.infer<typeof environmentSchema>;

/** Read one by one, as flags are. */
export const environmentsSchema = z.object({ items: z.array(z.unknown()).max(1_000) });

export const projectsSchema = z.object({
  items: z.array(z.object({ key: z.string().min(1).max(500), name: z.string().catch('') })).max(1_000),
});

export const callerSchema = z.object({
  tokenKind: optionalText,
  tokenName: optionalText,
  serviceToken: z.boolean().nullish().catch(null),
  scopes: z.array(z.string()).nullish().catch(null),
});
export type Caller = z.infer<typeof callerSchema>;

export const auditEntrySchema = z.object({
  _id: z.string(),
  date: z.number(),
  kind: optionalText,
  shortDescription: optionalText,
  description: optionalText,
  titleVerb: optionalText,
  comment: optionalText,
  member: memberSchema,
  token: z.object({ name: optionalText }).nullish().catch(null),
  app: z.object({ name: optionalText }).nullish().catch(null),
  target: z
    .object({ resources: z.array(z.string()).catch([]) })
    .nullish()
    .catch(null),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
export const auditSchema = z.object({ items: z.array(z.unknown()).max(1_000) });

export const approvalSchema = z.object({
  _id: z.string().min(1),
  status: z.string().catch('pending'),
  reviewStatus: z.string().catch('pending'),
  description: optionalText,
  instructions: z.array(z.record(z.string(), z.unknown())).catch([]),
  _links: z.record(z.string(), z.unknown()).catch({}),
});
export type Approval = z.infer<typeof approvalSchema>;
export const approvalsSchema = z.object({ items: z.array(approvalSchema).max(1_000) });

export const scheduleSchema = z.object({
  items: z
    .array(
      z.object({ executionDate: z.number(), instructions: z.array(z.looseObject({ kind: z.string() })).catch([]) }),
    )
    .max(1_000),
});

/** A flag that is read leniently afterwards, so that what cannot be read of it is said of it. */
export const anyObjectSchema = z.looseObject({});
