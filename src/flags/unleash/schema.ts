import * as z from 'zod';

/**
 * What Unleash answers, as far as it is read (8.2; wire facts from a running server and its /docs/openapi.json).
 * Unknown fields are kept where they belong to a state that is written back or shown raw, and dropped elsewhere
 * (GET /api/admin/user carries the token).
 */
const text = z.string();
const maybeText = z
  .string()
  .nullish()
  .transform((value) => value ?? null);
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

export const constraintSchema = z.looseObject({
  contextName: text,
  operator: text,
  values: list(text),
  value: maybeText,
  inverted: z.boolean().nullish(),
  caseInsensitive: z.boolean().nullish(),
});
export type Constraint = z.infer<typeof constraintSchema>;

/** `weight` in thousandths. */
export const unleashVariantSchema = z.looseObject({
  name: text,
  weight: z.number().nonnegative(),
  weightType: maybeText,
  stickiness: maybeText,
  payload: z.looseObject({ type: text, value: text }).nullish(),
  overrides: list(z.looseObject({ contextName: text, values: list(text) })),
});
export type UnleashVariant = z.infer<typeof unleashVariantSchema>;

export const strategySchema = z.looseObject({
  id: text.default(''),
  name: text,
  title: maybeText,
  disabled: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  parameters: z
    .record(z.string(), z.unknown())
    .nullish()
    .transform((value) => value ?? {}),
  constraints: list(constraintSchema),
  segments: list(z.number()),
  variants: list(unleashVariantSchema),
});
export type Strategy = z.infer<typeof strategySchema>;

/** Strategies stay as they came (`unknown`), so that one that cannot be read leaves the others readable. */
export const detailEnvironmentSchema = z.looseObject({
  name: text,
  enabled: z.boolean(),
  // Always told; to take it for none would be to show, and to write, another state.
  strategies: z.array(z.unknown()),
  variants: list(z.unknown()),
  type: maybeText,
});
export type DetailEnvironment = z.infer<typeof detailEnvironmentSchema>;

const tagSchema = z.object({ type: text, value: text });

export const dependencySchema = z.object({
  feature: text,
  enabled: z.boolean().nullish(),
  variants: list(text),
});
export type Dependency = z.infer<typeof dependencySchema>;

/** GET /api/admin/projects/{p}/features/{f}?variantEnvironments=true */
export const detailSchema = z.object({
  name: text,
  description: maybeText,
  type: maybeText,
  stale: z.boolean().nullish(),
  archived: z.boolean().nullish(),
  impressionData: z.boolean().nullish(),
  project: maybeText,
  createdBy: z.object({ name: maybeText }).nullish(),
  dependencies: list(dependencySchema),
  children: list(text),
  environments: z.array(detailEnvironmentSchema).max(1_000),
});
export type Detail = z.infer<typeof detailSchema>;

const summaryEnvironmentSchema = z.object({
  name: text,
  enabled: z.boolean(),
  variantCount: z.number().nullish(),
  hasStrategies: z.boolean().nullish(),
  hasEnabledStrategies: z.boolean().nullish(),
});

/** One of GET /api/admin/projects/{p}/features. */
export const summarySchema = z.object({
  name: text,
  description: maybeText,
  type: maybeText,
  stale: z.boolean().nullish(),
  impressionData: z.boolean().nullish(),
  tags: list(tagSchema),
  environments: z.array(summaryEnvironmentSchema).max(1_000),
});
export type Summary = z.infer<typeof summarySchema>;

export const listSchema = z.object({ features: z.array(z.unknown()) });

/** One of GET /api/admin/search/features?archived=IS:true, as far as it is shown. */
export const archivedSchema = z.object({
  features: z.array(z.unknown()),
  total: z.number().nullish(),
});

/** GET /api/admin/environments/project/{p} */
export const environmentsSchema = z.object({
  environments: z
    .array(
      z.object({
        name: text,
        type: text,
        visible: z.boolean().nullish(),
        requiredApprovals: z.number().nullish(),
        defaultStrategy: z.unknown().optional(),
      }),
    )
    .max(1_000),
});
export type EnvironmentMark = z.infer<typeof environmentsSchema>['environments'][number];

export const segmentsSchema = z.object({
  segments: z.array(z.object({ id: z.number(), name: text, constraints: list(constraintSchema) })).max(20_000),
});
export type Segment = z.infer<typeof segmentsSchema>['segments'][number];

export const projectsSchema = z.object({ projects: z.array(z.object({ id: text })) });

/** Only what says what may be done: the answer of an admin token holds the token itself. */
export const userSchema = z.object({
  user: z.object({ id: z.number().nullish(), internalAdminTokenUserId: z.number().nullish() }).optional(),
  permissions: z
    .array(z.object({ permission: text, project: maybeText, environment: maybeText }))
    .max(100_000)
    .default([]),
});
export type UserRights = z.infer<typeof userSchema>;

/** One of GET /api/admin/search/events. `createdAt` is when its transaction began, by the server's clock. */
export const eventSchema = z.object({
  id: z.number(),
  type: text,
  createdBy: maybeText,
  createdByUserId: z.number().nullish(),
  createdAt: text,
  data: z.unknown().optional(),
  preData: z.unknown().optional(),
  featureName: maybeText,
  environment: maybeText,
  label: maybeText,
  summary: maybeText,
});
export type UnleashEvent = z.infer<typeof eventSchema>;

export const eventsSchema = z.object({ events: z.array(eventSchema).max(1_000) });

/** Errors: `{ name, message, details: [{ message }] }`, all optional. */
export const errorSchema = z.object({
  name: maybeText,
  message: maybeText,
  details: list(z.object({ message: maybeText })),
  permissions: list(text).catch([]),
});

/** Enterprise: POST /api/admin/projects/{p}/environments/{e}/change-requests. */
export const changeRequestSchema = z.object({ id: z.number() });

/** Enterprise: GET /api/admin/projects/{p}/change-requests/config. */
export const changeRequestConfigSchema = z.array(
  z.object({ environment: text, changeRequestEnabled: z.boolean(), requiredApprovals: z.number().nullish() }),
);
