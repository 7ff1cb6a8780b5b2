import * as z from 'zod';
import { signalFactsSchema } from '../../model/facts';
import { effectiveSchema } from '../../model/flag';
import { codePathSchema } from '../../model/reference';
import { serviceGraphSchema } from '../../model/serviceGraph';
import { instanceEvaluationSchema } from '../../model/signal';

/** What passes between the owner of the store and those who ask it, over loopback. */
export const factsPath = '/sightglass/v1/facts';
export const instancesPath = '/sightglass/v1/instances';
export const graphPath = '/sightglass/v1/graph';
export const statusPath = '/sightglass/v1/status';
export const changesPath = '/sightglass/v1/changes';
/** The only one that needs no token: says that this is Sightglass, and for which home. */
export const helloPath = '/sightglass/v1/hello';

/** Code paths of a large workspace take a few MiB. */
export const maxQueryBytes = 64 * 2 ** 20;

export const factsRequestSchema = z.object({
  environment: z.string().max(256),
  windowMinutes: z.number().positive().max(1440),
  codePaths: z.array(codePathSchema).max(200_000),
  overrides: z.record(z.string(), z.string()),
  services: z.record(z.string(), z.array(z.string())),
  discovered: z.record(z.string(), z.array(z.string())).optional(),
  flags: z
    .array(
      z.object({
        key: z.string(),
        at: z.array(z.string()),
        effective: effectiveSchema.nullable(),
        offVariant: z.string().nullable(),
        changedAt: z.number().optional(),
        variantNames: z.record(z.string(), z.string()).optional(),
      }),
    )
    .max(20_000),
});

export const instancesRequestSchema = z.object({ flag: z.string(), environment: z.string(), since: z.number() });
export const instancesReplySchema = z.array(instanceEvaluationSchema);

export const graphRequestSchema = z.object({
  environment: z.string().max(256),
  windowMinutes: z.number().positive().max(1440),
});
export const graphReplySchema = serviceGraphSchema;

export const factsReplySchema = signalFactsSchema;

export const statusReplySchema = z.object({
  role: z.enum(['owner', 'reader', 'starting', 'stopped', 'failed']),
  address: z.string(),
  port: z.number().int().nullable(),
  problem: z.string().nullable(),
  spansReceived: z.number(),
  rejected: z.number(),
  newest: z.number().nullable(),
});

/** `version` rises with every change; asked with the last one known, the answer waits for a newer one. */
export const changesReplySchema = z.object({ version: z.number() });
export const changesWaitMs = 20_000;

export const helloReplySchema = z.object({ sightglass: z.literal(1), home: z.string() });
