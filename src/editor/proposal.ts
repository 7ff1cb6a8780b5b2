import * as z from 'zod';
import { environmentRefSchema, flagRefSchema } from '../model/identity';

/**
 * What the argument of a command may say: which flag, where, and what is proposed. Never consent: there is no field
 * for it, unknown fields are dropped, and every write asks the person whatever was proposed. Names are bounded because
 * they come from anywhere.
 */
const name = z.string().min(1).max(1_000);
const flagSchema = flagRefSchema.extend({ system: name, project: name, key: name });
const environmentSchema = environmentRefSchema.extend({ system: name, project: name, name });

const proposalSchema = z.object({
  ref: flagSchema.optional().catch(undefined),
  environment: environmentSchema.optional().catch(undefined),
  /** Share of the variant that is not off, 0..1. */
  share: z.number().min(0).max(1).optional().catch(undefined),
  variant: name.optional().catch(undefined),
  on: z.boolean().optional().catch(undefined),
  changeId: name.optional().catch(undefined),
  codePathId: name.optional().catch(undefined),
});
export type Proposal = z.infer<typeof proposalSchema>;

/** Anything that is not a proposal is an empty one: the command then asks by pickers. */
export function parseProposal(argument: unknown): Proposal {
  return proposalSchema.catch({}).parse(argument);
}

/** Which server: an origin, that has to be one of the configuration to mean anything. Never a yes to it, nor a token. */
const serverSchema = z.object({ origin: z.string().min(1).max(500) });

export function parseServer(argument: unknown): z.infer<typeof serverSchema> | undefined {
  return serverSchema.safeParse(argument).data;
}

/** Where in the code. Without a root the path is absolute, or in the file in front. Lines and columns 1-based. */
const placeSchema = z.object({
  root: z.string().max(4_000).optional(),
  path: z.string().min(1).max(4_000),
  line: z.number().int().positive().default(1),
  column: z.number().int().positive().default(1),
  codePathId: z.string().max(4_000).optional(),
});
export type Place = z.infer<typeof placeSchema>;

export function parsePlace(argument: unknown): Place | undefined {
  return placeSchema.safeParse(argument).data;
}
