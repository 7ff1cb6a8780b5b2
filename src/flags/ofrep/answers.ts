import * as z from 'zod';
import type { Json } from '../../model/json';
import { jsonSchema } from '../../model/json';

/**
 * Answers of OpenFeature's remote evaluation protocol 0.3
 * (https://github.com/open-feature/protocol/blob/main/service/openapi.yaml). `value` and `variant` are absent for the
 * code's default, which flagd also answers for a disabled flag.
 */
export const successSchema = z.object({
  key: z.string(),
  reason: z.string().default('UNKNOWN'),
  variant: z.string().optional(),
  value: jsonSchema.optional(),
});

/** FLAG_NOT_FOUND (404); PARSE_ERROR, TARGETING_KEY_MISSING, INVALID_CONTEXT, GENERAL (400). */
export const failureSchema = z.object({
  key: z.string().optional(),
  errorCode: z.string(),
  errorDetails: z.string().optional(),
});

/** What a server breaks down with (500), and flagd says of a body that is too large (413). */
export const generalErrorSchema = z.object({ errorDetails: z.string() });

export const bulkSchema = z.object({ flags: z.array(z.unknown()) });

/** What somebody gets: `variant` and `value` null where the code's own default is used. */
export interface Evaluation {
  readonly variant: string | null;
  readonly value: Json;
  readonly reason: string;
}

export function evaluationOf({ variant, value, reason }: z.infer<typeof successSchema>): Evaluation {
  return { variant: variant === undefined || variant === '' ? null : variant, value: value ?? null, reason };
}
