import { GrpcError } from './grpc';
import { HttpError, type HttpResponse } from './http';

const mark = '[token]';
/** Error bodies are short; a longer one is not looked through. */
const longestErrorBody = 256 * 1024;

/** The same error with the token taken out of its words, and without its cause, whose words nobody knows. */
export function withoutToken(error: unknown, token: string | undefined): unknown {
  if (token === undefined || !(error instanceof Error)) return error;
  const clean = (text: string): string => text.replaceAll(token, mark);
  if (HttpError.is(error)) return new HttpError(error.reason, clean(error.url), clean(error.message));
  if (GrpcError.is(error)) return new GrpcError(error.code, error.origin, clean(error.message));
  // The others say why nothing was sent, or are slips of ours.
  const replaced = new Error(clean(error.message));
  replaced.name = error.name;
  return replaced;
}

/** Some servers answer an error with what they were sent, and adapters quote servers. */
export function withoutTokenIn(answer: HttpResponse, token: string | undefined): HttpResponse {
  if (token === undefined || answer.status < 400 || answer.body.length > longestErrorBody) return answer;
  const text = new TextDecoder().decode(answer.body);
  if (!text.includes(token)) return answer;
  return { ...answer, body: new TextEncoder().encode(text.replaceAll(token, mark)) };
}
