import * as z from 'zod';
import { jsonSchema } from './json';

export const referenceKindSchema = z.enum(['evaluation', 'definition', 'test', 'mention']);
export const certaintySchema = z.enum(['certain', 'likely', 'dynamic']);
export const viaSchema = z.enum([
  'literal',
  'constant',
  'enum',
  'property',
  'wrapper',
  'hook',
  'destructured',
  'attribute',
  'codegen',
  'template',
  'config',
]);
export const evaluatedOnSchema = z.enum(['server', 'browser', 'mobile', 'edge', 'build', 'unknown']);

/** What a call asks for: the type that its own name says, or the type of its default where that decides. */
export const valueTypeSchema = z.enum(['boolean', 'string', 'number', 'object']);
export type ValueType = z.infer<typeof valueTypeSchema>;

export const comparisonOperatorSchema = z.enum(['<', '<=', '>', '>=']);
export type ComparisonOperator = z.infer<typeof comparisonOperatorSchema>;

/** One step of "why this matched", in order from the call to the key. Lines are 1-based. */
export const traceStepSchema = z.object({ words: z.string(), path: z.string(), line: z.number().int() });
export type TraceStep = z.infer<typeof traceStepSchema>;

/**
 * Lines that run on one side of an evaluation (1-based, both ends included). `when` is what the flag must be:
 * truthy or falsy, equal to / different from a literal that the code compares it with or one of several, or above or
 * below a number.
 */
export const guardedRegionSchema = z.object({
  startLine: z.number().int(),
  startColumn: z.number().int(),
  endLine: z.number().int(),
  endColumn: z.number().int(),
  when: z.discriminatedUnion('is', [
    z.object({ is: z.literal('truthy') }),
    z.object({ is: z.literal('falsy') }),
    z.object({ is: z.literal('equal'), value: jsonSchema }),
    z.object({ is: z.literal('different'), value: jsonSchema }),
    z.object({ is: z.literal('oneOf'), values: z.array(jsonSchema) }),
    z.object({ is: z.literal('compared'), operator: comparisonOperatorSchema, value: z.number() }),
  ]),
});
export type GuardedRegion = z.infer<typeof guardedRegionSchema>;

/**
 * The reference record of DESIGN.md. `path` is relative to the scanned root, with `/`. Lines and columns are 1-based
 * (columns in UTF-16 units); `line`/`column` are of the token that names the flag, `endLine`/`endColumn` the end of
 * the evaluating call (where the inline fact stands). Exactly one of `key` and `pattern` is set
 * (`pattern`: a glob such as `exp-*`, certainty `dynamic`).
 */
export const referenceSchema = z.object({
  path: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  endLine: z.number().int(),
  endColumn: z.number().int(),
  key: z.string().nullable(),
  pattern: z.string().nullable(),
  kind: referenceKindSchema,
  certainty: certaintySchema,
  via: viaSchema,
  sdk: z.string().nullable(),
  evaluatedOn: evaluatedOnSchema,
  /** Qualified name of the enclosing function, as in {@link codePathSchema}'s `name`. */
  function: z.string().nullable(),
  /** `POST /checkout` where the enclosing function is registered for it. */
  route: z.string().nullable(),
  generated: z.boolean(),
  trace: z.array(traceStepSchema),
  /** The default written at the call, or by the wrapper it goes through, where it is a literal. */
  defaultValue: jsonSchema.optional(),
  /** The type the SDK is asked for, where the call says one (`getBooleanValue`, also through a wrapper). */
  valueType: valueTypeSchema.optional(),
  regions: z.array(guardedRegionSchema),
});
export type Reference = z.infer<typeof referenceSchema>;

export const routeSchema = z.object({
  method: z.string(),
  /** Path template as written, with mount prefixes that could be resolved: `/api/orders/:id`. */
  template: z.string(),
  framework: z.string(),
  line: z.number().int(),
});
export type Route = z.infer<typeof routeSchema>;

/**
 * A function, method, route handler or job: what an operation can be matched to. Lines 1-based. `name` is qualified
 * (`CartController.add`, `handlers.checkout`), unique enough to read; `(path, startLine, startColumn)` identifies it.
 */
export const codePathSchema = z.object({
  path: z.string(),
  name: z.string(),
  kind: z.enum(['function', 'method', 'route', 'job']),
  startLine: z.number().int(),
  startColumn: z.number().int(),
  endLine: z.number().int(),
  /** Where the lens goes: the declaration's (or the registration's) first line. */
  lensLine: z.number().int(),
  routes: z.array(routeSchema),
  /** Literal names of spans started in its own body. */
  spans: z.array(z.object({ tracer: z.string().nullable(), name: z.string() })),
  /** Last segments of the names it calls (for "via" a caller), bounded. */
  calls: z.array(z.string()),
});
export type CodePath = z.infer<typeof codePathSchema>;

/** What the finder knows of one file. `truncated` says why a file was not read whole (too large, binary, generated). */
export const fileFactsSchema = z.object({
  path: z.string(),
  /** Version of the text these facts are of: the editor's document version, or a hash for files on disk. */
  version: z.string(),
  references: z.array(referenceSchema),
  codePaths: z.array(codePathSchema),
  truncated: z.string().nullable(),
});
export type FileFacts = z.infer<typeof fileFactsSchema>;

/** Identity of a code path inside one workspace folder. */
export function codePathId(at: Pick<CodePath, 'path' | 'startLine' | 'startColumn'>): string {
  return `${at.path}:${String(at.startLine)}:${String(at.startColumn)}`;
}
