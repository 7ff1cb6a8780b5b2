import * as z from 'zod';
import { environmentKindSchema } from './flag';

/** `.sightglass.json` as DESIGN.md gives it. Unknown fields are errors, so that a misspelt tightening is not ignored. */
export const environmentConfigSchema = z.strictObject({
  name: z.string().min(1),
  kind: environmentKindSchema.default('definition'),
  protected: z.boolean().optional(),
  production: z.boolean().optional(),
  readOnly: z.boolean().optional(),
  /** Files or a URL, later ones winning as flagd merges sources. Relative to the configuration file. */
  source: z.array(z.string().min(1)).min(1).max(64),
  write: z.enum(['rename', 'inPlace']).default('rename'),
  /** `deployment.environment.name` of this environment's telemetry, when it differs from `name`. */
  telemetryName: z.string().optional(),
  /** Poll or sync interval of the SDKs that read it, in seconds. */
  pollSeconds: z.number().positive().max(86_400).optional(),
  /** Off variant by flag key, where it cannot be told from the definition. */
  offVariants: z.record(z.string(), z.string()).optional(),
});
export type EnvironmentConfig = z.infer<typeof environmentConfigSchema>;

export const projectConfigSchema = z.strictObject({
  name: z.string().min(1),
  folders: z.array(z.string()).default(['.']),
  environments: z.array(environmentConfigSchema).min(1),
});
export type ProjectConfig = z.infer<typeof projectConfigSchema>;

export const systemConfigSchema = z.strictObject({
  id: z.string().min(1),
  type: z.string().min(1),
  projects: z.array(projectConfigSchema).min(1),
});
export type SystemConfig = z.infer<typeof systemConfigSchema>;

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  systems: z.array(systemConfigSchema).default([]),
  backends: z.array(z.strictObject({ id: z.string(), type: z.string() })).default([]),
  /** Service name to folders (globs) it is built from. */
  services: z.record(z.string(), z.array(z.string())).default({}),
  finder: z.strictObject({ exclude: z.array(z.string()).default([]) }).prefault({}),
  /** Code path (`path#name`) to the operation it is: what the matcher could not infer. */
  matcher: z.strictObject({ overrides: z.record(z.string(), z.string()).default({}) }).prefault({}),
  guardrails: z
    .record(z.string(), z.strictObject({ errorRate: z.number().optional(), p95Seconds: z.number().optional() }))
    .default({}),
});
export type Config = z.infer<typeof configSchema>;
