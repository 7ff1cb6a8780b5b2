import type * as z from 'zod';
import { OtlpError } from './record';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Parses a JSON body and checks its outer shape; throws {@link OtlpError} saying what is wrong, without quoting data. */
export function parseEnvelope<Schema extends z.ZodType>(data: Uint8Array, schema: Schema): z.output<Schema> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(utf8.decode(data));
  } catch (error) {
    throw new OtlpError('The body is not JSON in UTF-8', { cause: error });
  }
  const checked = schema.safeParse(parsed);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  throw new OtlpError(`The body is not an OTLP request: ${issue?.path.join('.') ?? ''} ${issue?.code ?? ''}`);
}
