import * as z from 'zod';
import { savedContextSchema } from './evaluationContext';
import { environmentKindSchema } from './flag';

/**
 * `.sightglass.json` as DESIGN.md gives it. Unknown fields are errors, so that a misspelt tightening is not ignored.
 * Descriptions are shown while the file is written, and make docs/settings.md.
 */
export const environmentConfigSchema = z.strictObject({
  name: z.string().min(1).describe('Its name; in Unleash the name it has there, in LaunchDarkly and Flipt its key.'),
  kind: environmentKindSchema
    .default('definition')
    .describe(
      'live: services read it. definition: it goes live by commit, deploy or sync. local: only this machine reads it.',
    ),
  protected: z
    .boolean()
    .optional()
    .describe('true: turning on or up asks for name and reason. false has no effect: a repository can only tighten.'),
  production: z.boolean().optional().describe('Whether it is production, where its name does not say so.'),
  readOnly: z.boolean().optional().describe('Nothing is ever changed there from here.'),
  source: z
    .array(z.string().min(1))
    .max(64)
    .default([])
    .describe(
      'flagd: files relative to this file, https:// definitions or grpc:// sync servers; goff: files (YAML, JSON) or the address of a relay; flipt: files of features (YAML), where the system has no url. Later ones win.',
    ),
  maxMegabytes: z
    .number()
    .int()
    .min(1)
    .max(64)
    .optional()
    .describe('flagd: the most that is taken from a server at once, in MB. Without it 8.'),
  ofrep: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Where services evaluate, by the OpenFeature Remote Evaluation Protocol: what verification asks.'),
  write: z
    .enum(['rename', 'inPlace'])
    .default('rename')
    .describe('How a flag file is written. inPlace reaches a file that is bind-mounted into a container by itself.'),
  telemetryName: z
    .string()
    .optional()
    .describe('deployment.environment.name of its telemetry, where that is not its name.'),
  pollSeconds: z
    .number()
    .positive()
    .max(86_400)
    .optional()
    .describe('How often the SDKs that read it look, in seconds.'),
  offVariants: z
    .record(z.string(), z.string())
    .optional()
    .describe('Off variant by flag key, where the definition does not tell.'),
});
export type EnvironmentConfig = z.infer<typeof environmentConfigSchema>;

export const projectConfigSchema = z.strictObject({
  name: z
    .string()
    .min(1)
    .describe(
      'Its name; in Unleash the id of the project, in LaunchDarkly its key, in GrowthBook its id or "*" for all, in Flipt the namespace.',
    ),
  folders: z.array(z.string()).default(['.']).describe('Folders (globs) whose code evaluates its flags.'),
  environments: z.array(environmentConfigSchema).min(1).describe('Its environments, in the order they are shown.'),
});
export type ProjectConfig = z.infer<typeof projectConfigSchema>;

export const systemConfigSchema = z.strictObject({
  id: z.string().min(1).describe('A name of your choice; flags are known by it.'),
  type: z.string().min(1).describe('flagd, unleash, launchdarkly, growthbook, flipt or goff.'),
  url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Base URL of its admin API, for systems that have one. The token is never here.'),
  projects: z.array(projectConfigSchema).min(1).describe('What scopes keys in that system.'),
});
export type SystemConfig = z.infer<typeof systemConfigSchema>;

/** Labels may have any name in Prometheus 3; nothing of it can end a quoted string unescaped. */
const labelNameSchema = z.string().min(1).max(200);

/** A telemetry store that is asked beside the built-in one. */
export const backendConfigSchema = z.strictObject({
  id: z.string().min(1).describe('A name of your choice; its numbers are shown with it.'),
  type: z
    .string()
    .min(1)
    .describe(
      'prometheus: Prometheus, Mimir, Thanos, VictoriaMetrics and others that answer as it does. jaeger: who calls whom, for reviews.',
    ),
  url: z
    .url({ protocol: /^https?$/ })
    .describe('Base URL, with the path it is served below: https://mimir.example.com/prometheus'),
  environments: z
    .array(z.string().min(1))
    .max(64)
    .default([])
    .describe(
      'deployment.environment.names that it holds; empty: those it is found to hold. A single one is also that of telemetry that names none.',
    ),
  tenant: z
    .string()
    .regex(/^[!-~]{1,150}$/)
    .optional()
    .describe('Sent as X-Scope-OrgID, where a server keeps several tenants apart. Not a secret.'),
  metricPrefix: z.string().max(200).optional().describe('Only metrics whose names begin so are looked at.'),
  matchers: z
    .record(labelNameSchema, z.string().max(1_000))
    .default({})
    .describe('Labels that every series asked for has, by name.'),
  labels: z
    .strictObject({
      service: labelNameSchema.optional().describe('Label of the service.'),
      environment: labelNameSchema.optional().describe('Label of the environment.'),
      operation: labelNameSchema.optional().describe('Label of the operation or route.'),
      version: labelNameSchema.optional().describe('Label of the version of the service.'),
    })
    .prefault({})
    .describe("Labels by what they name, where they are not OpenTelemetry's."),
  flagLabels: z
    .record(z.string().min(1), labelNameSchema)
    .default({})
    .describe('The label that holds the variant a call got, by flag key, where it is not feature_flag.<key>.'),
});
export type BackendConfig = z.infer<typeof backendConfigSchema>;

export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  systems: z.array(systemConfigSchema).default([]).describe('Flag systems.'),
  backends: z
    .array(backendConfigSchema)
    .max(16)
    .default([])
    .describe('Telemetry stores that are asked beside the built-in receiver.'),
  services: z
    .record(z.string(), z.array(z.string()))
    .default({})
    .describe(
      'Name of a service to the folders (globs) it is built from. Of others, compose files, Dockerfiles, packages and the names of folders say so.',
    ),
  finder: z
    .strictObject({
      exclude: z
        .array(z.string())
        .default([])
        .describe('Files and folders (globs) in which no references are looked for.'),
    })
    .prefault({})
    .describe('What the finder could not infer.'),
  matcher: z
    .strictObject({
      overrides: z.record(z.string(), z.string()).default({}).describe('Code path (path#name) to the operation it is.'),
    })
    .prefault({})
    .describe('What the matcher could not infer.'),
  contexts: z
    .array(savedContextSchema)
    .max(50)
    .default([])
    .describe('Kinds of users that "Evaluate as…" offers. One that may name a person is left out.'),
  guardrails: z
    .record(
      z.string(),
      z.strictObject({
        errorRate: z.number().min(0).max(1).optional().describe('Highest error rate, 0 to 1.'),
        p95Seconds: z.number().positive().optional().describe('Highest p95 latency, in seconds.'),
      }),
    )
    .default({})
    .describe(
      'Budgets, by operation (`POST /checkout`), flag (`flag:new-checkout`) or environment (`environment:production`). Of several the strictest counts.',
    ),
});
export type Config = z.infer<typeof configSchema>;
