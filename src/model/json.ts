import * as z from 'zod';

/** A JSON value, as flag values, metadata and code defaults hold it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

export const jsonSchema: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(jsonSchema), z.record(z.string(), jsonSchema)]),
);
