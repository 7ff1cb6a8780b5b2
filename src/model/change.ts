import * as z from 'zod';
import { environmentRefSchema, flagRefSchema } from './identity';
import { jsonSchema } from './json';

export const creatableTypeSchema = z.enum(['boolean', 'string', 'number', 'object']);
export type CreatableType = z.infer<typeof creatableTypeSchema>;

/**
 * What a person wants done. `share` is 0..1 of `variant`; the rest goes to the off variant. `create`: a flag that there
 * is none of yet, off; `off` is the value that off hands out where the type does not tell. `target`: one user, named by
 * an attribute of the context, gets `variant` whatever else is said (`on`), or no longer.
 */
export const intentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('switch'), on: z.boolean() }),
  z.object({ kind: z.literal('percentage'), variant: z.string(), share: z.number().min(0).max(1) }),
  z.object({ kind: z.literal('defaultVariant'), variant: z.string() }),
  z.object({ kind: z.literal('kill') }),
  z.object({ kind: z.literal('undo'), changeId: z.string() }),
  z.object({ kind: z.literal('create'), type: creatableTypeSchema, off: jsonSchema.optional() }),
  z.object({
    kind: z.literal('target'),
    on: z.boolean(),
    attribute: z.string().min(1).max(200),
    value: z.string().min(1).max(500),
    variant: z.string().min(1).max(500),
  }),
]);
export type Intent = z.infer<typeof intentSchema>;

/** One side of a plan: in words, and in the system's own text for the diff. */
export const planSideSchema = z.object({
  words: z.string(),
  text: z.string(),
  shares: z.record(z.string(), z.number()).nullable(),
});

/**
 * A change worked out but not made. `direction` decides the consent asked for. `native` is the system's own request
 * (for flagd: the edits and the file), opaque to everyone else and JSON. `inverse` likewise undoes it exactly, as
 * long as the state is still what this plan wrote.
 */
export const planSchema = z.object({
  id: z.string(),
  ref: flagRefSchema,
  environment: environmentRefSchema,
  intent: intentSchema,
  direction: z.enum(['off', 'down', 'on', 'up', 'sideways', 'none']),
  before: planSideSchema,
  after: planSideSchema,
  /** What the reader should know before consenting: what off serves, what is dropped, how long SDKs take. */
  notes: z.array(z.string()),
  precondition: z.object({ kind: z.enum(['atomic', 'compareThenWrite']), token: z.string() }),
  approval: z.enum(['none', 'required']),
  native: z.string(),
  inverse: z.string(),
  madeAt: z.number(),
});
export type Plan = z.infer<typeof planSchema>;

/** Given by a person, at the time or in advance. `through`: the surface, e.g. `sidebar`, `command line`. */
export const consentSchema = z.object({ who: z.string(), at: z.number(), through: z.string(), reason: z.string() });
export type Consent = z.infer<typeof consentSchema>;

/** A change of somebody else that a write of ours replaced unseen. `at` is epoch ms, by the system's clock. */
export const overwrittenSchema = z.object({ who: z.string().nullable(), at: z.number(), words: z.string() });
export type Overwritten = z.infer<typeof overwrittenSchema>;

export const applyResultSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('applied'),
    version: z.string(),
    /** Found afterwards, in systems that cannot check and write in one; absent = none. */
    overwrote: z.array(overwrittenSchema).max(50).optional(),
    /** What else the reader should know of it: that overwrites could not be looked for. */
    remarks: z.array(z.string()).max(10).optional(),
  }),
  z.object({
    kind: z.literal('written'),
    version: z.string(),
    overwrote: z.array(overwrittenSchema).max(50).optional(),
  }),
  z.object({ kind: z.literal('requested'), link: z.string() }),
  z.object({ kind: z.literal('conflict'), words: z.string(), theirs: z.string() }),
  z.object({ kind: z.literal('refused'), words: z.string() }),
  z.object({ kind: z.literal('unknown'), words: z.string() }),
]);
export type ApplyResult = z.infer<typeof applyResultSchema>;

/** What telemetry shows after a change: instances that still evaluate the old variant. */
export const verificationSchema = z.object({
  state: z.enum(['waiting', 'verified', 'laggards', 'unseen']),
  /** Instances seen since, and how many of them on the new state. */
  instances: z.number().int(),
  onNew: z.number().int(),
  oldShare: z.number().nullable(),
  laggards: z.array(z.string()),
  /** Milliseconds from apply to the last instance seen moving. */
  tookMs: z.number().nullable(),
  words: z.string(),
  /** `writeInPlace`: no instance followed a file replaced by rename; in place would reach a bind mount. */
  proposal: z.enum(['writeInPlace']).nullable().optional(),
});
export type Verification = z.infer<typeof verificationSchema>;

export const changeStatusSchema = z.enum([
  'consented',
  'applying',
  'applied',
  'written',
  'requested',
  'conflict',
  'refused',
  'unknown',
  'verified',
  'abandoned',
]);
export type ChangeStatus = z.infer<typeof changeStatusSchema>;

/** One journal entry, one file. Written before anything is sent, rewritten (by rename) at every step. */
export const journalEntrySchema = z.object({
  format: z.literal(1),
  id: z.string(),
  plan: planSchema,
  consent: consentSchema,
  status: changeStatusSchema,
  steps: z.array(z.object({ at: z.number(), status: changeStatusSchema, words: z.string() })),
  result: applyResultSchema.nullable(),
  verification: verificationSchema.nullable(),
  /** Id of the change this one undoes, and of the one that undid this. */
  undoes: z.string().nullable(),
  undoneBy: z.string().nullable(),
  /** What whoever said yes had before them: numbers of the flag, and the place in code it was asked for from. */
  seen: z.object({ facts: z.array(z.string()), place: z.string().nullable() }).optional(),
});
export type JournalEntry = z.infer<typeof journalEntrySchema>;
