import * as z from 'zod';
import { consentSchema, intentSchema } from '../model/change';
import { flagStateSchema } from '../model/flag';

const name = z.string().min(1).max(1_000);

/** Any surface, link or extension may call: names are bounded, and fields not listed here are dropped. */
export const changeRequestSchema = z.object({
  ref: z.object({ system: name, project: name, key: name }),
  environment: z.object({ system: name, project: name, name }),
  intent: intentSchema,
  seen: flagStateSchema,
  through: z.string().min(1).max(200),
  facts: z.array(z.string().max(2_000)).max(100).optional(),
  place: z.string().max(4_000).optional(),
});

export const undoRequestSchema = z.object({
  changeId: z.string().min(1).max(100),
  through: z.string().min(1).max(200),
});

const longestReason = 2_000;

export const reasonSchema = z.object({
  changeId: undoRequestSchema.shape.changeId,
  reason: z.string().max(longestReason).trim().min(1),
});

/** What a consent port answered. A reason has to say something where one is required. */
export const givenConsentSchema = consentSchema.extend({
  who: z.string().min(1).max(200),
  reason: z.string().max(longestReason),
});
