import type { Json } from '../../model/json';
import type { HttpResponse } from '../../platform/http';
import type { L10n } from '../../platform/l10n';
import type { Remote } from '../../platform/remotes';
import { bulkSchema, evaluationOf, failureSchema, generalErrorSchema, successSchema, type Evaluation } from './answers';

const TIMEOUT_MS = 5_000;
const MAX_ANSWER = 256 * 1024;
const MAX_BULK = 16 * 1024 * 1024;
const SINGLE = '/ofrep/v1/evaluate/flags/';
const BULK = '/ofrep/v1/evaluate/flags';

export type EvaluationContext = Readonly<Record<string, Json>>;

/**
 * The data plane gave no evaluation. `code`: the protocol's error code, or what stands for one: `UNAUTHENTICATED` (401),
 * `FORBIDDEN` (403), `RATE_LIMITED` (429), `BROKEN` (500 and answers that are none of the protocol's).
 */
export class OfrepError extends Error {
  override readonly name = 'OfrepError';
  constructor(
    readonly code: string,
    message: string,
    /** Not to be asked again before. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
  static is(error: unknown, ...codes: string[]): error is OfrepError {
    return error instanceof OfrepError && (codes.length === 0 || codes.includes(error.code));
  }
}

/** All flags for one context, those that could not be evaluated with the reason. */
export interface BulkEvaluation {
  readonly evaluations: ReadonlyMap<string, Evaluation>;
  readonly failures: ReadonlyMap<string, string>;
}

/** Asks a data plane what somebody gets. Every method rejects with {@link OfrepError}, RemoteError or HttpError. */
export class OfrepClient {
  readonly #remote: Remote;
  readonly #l10n: L10n;
  readonly #headers: Readonly<Record<string, string>>;
  /** The last answer by context: asked again, it is only confirmed. */
  readonly #known = new Map<string, { readonly etag: string; readonly answer: BulkEvaluation }>();

  /** `headers`: what else a server wants to be told, such as which namespace is meant. */
  constructor(remote: Remote, l10n: L10n, headers: Readonly<Record<string, string>> = {}) {
    this.#remote = remote;
    this.#l10n = l10n;
    this.#headers = headers;
  }

  /** Who answers, for people. */
  get name(): string {
    return this.#remote.origin;
  }

  async evaluate(key: string, context: EvaluationContext, signal?: AbortSignal): Promise<Evaluation> {
    const answer = await this.#ask(`${SINGLE}${encodeURIComponent(key)}`, context, MAX_ANSWER, {}, signal);
    if (isDisabled(answer)) return { variant: null, value: null, reason: 'DISABLED' };
    if (answer.status !== 200) throw this.#errorOf(answer, key);
    const parsed = successSchema.safeParse(jsonOf(answer));
    if (!parsed.success || parsed.data.key !== key) throw this.#broken(answer);
    return evaluationOf(parsed.data);
  }

  async evaluateAll(context: EvaluationContext, signal?: AbortSignal): Promise<BulkEvaluation> {
    const id = JSON.stringify(context);
    const known = this.#known.get(id);
    const answer = await this.#ask(BULK, context, MAX_BULK, known ? { 'if-none-match': known.etag } : {}, signal);
    if (answer.status === 304 && known) return known.answer;
    if (answer.status !== 200) throw this.#errorOf(answer, null);
    const parsed = bulkSchema.safeParse(jsonOf(answer));
    if (!parsed.success) throw this.#broken(answer);
    const evaluations = new Map<string, Evaluation>();
    const failures = new Map<string, string>();
    for (const item of parsed.data.flags) {
      const success = successSchema.safeParse(item);
      const failure = failureSchema.safeParse(item);
      // A failure has a key and, at some servers, a reason besides: its code tells it.
      if (failure.success) failures.set(failure.data.key ?? '', failure.data.errorCode);
      else if (success.success) evaluations.set(success.data.key, evaluationOf(success.data));
    }
    const all = { evaluations, failures };
    this.#known.clear();
    if (answer.headers.etag !== undefined) this.#known.set(id, { etag: answer.headers.etag, answer: all });
    return all;
  }

  #ask(
    path: string,
    context: EvaluationContext,
    maxBytes: number,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal | undefined,
  ): Promise<HttpResponse> {
    return this.#remote.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', accept: 'application/json', ...this.#headers, ...headers },
      body: new TextEncoder().encode(JSON.stringify({ context })),
      timeoutMs: TIMEOUT_MS,
      maxBytes,
      ...(signal && { signal }),
    });
  }

  #errorOf(answer: HttpResponse, key: string | null): OfrepError {
    const { t } = this.#l10n;
    const body = jsonOf(answer);
    const failure = failureSchema.safeParse(body);
    switch (answer.status) {
      case 401:
        return new OfrepError('UNAUTHENTICATED', t('{0} refused the token (401). Sign in again.', this.name));
      case 403:
        return new OfrepError('FORBIDDEN', t('{0} does not allow evaluations with this token (403).', this.name));
      case 429:
        return new OfrepError(
          'RATE_LIMITED',
          t('{0} was asked too often (429).', this.name),
          retryAfterMs(answer.headers['retry-after']),
        );
      case 404:
        // Without the protocol's code it is the path that is not there, not the flag.
        return failure.success
          ? new OfrepError('FLAG_NOT_FOUND', t('"{0}" is not known at {1}.', key ?? '', this.name))
          : new OfrepError(
              'BROKEN',
              t('{0} does not speak OFREP (404). Correct "ofrep" in .sightglass.json.', this.name),
            );
    }
    if (failure.success) {
      const { errorCode, errorDetails = '' } = failure.data;
      const words = t('{0} could not evaluate: {1} {2}', this.name, errorCode, errorDetails.slice(0, 300));
      return new OfrepError(errorCode, words.trim());
    }
    const general = generalErrorSchema.safeParse(body);
    if (!general.success) return this.#broken(answer);
    const details = general.data.errorDetails.slice(0, 300);
    return new OfrepError('BROKEN', t('{0} could not evaluate ({1}): {2}', this.name, answer.status, details));
  }

  #broken({ status }: HttpResponse): OfrepError {
    return new OfrepError('BROKEN', this.#l10n.t('{0} answered {1} with what is no OFREP.', this.name, status));
  }
}

/** flagd 0.11 says of a disabled flag that it is not found, and why in the details alone; newer ones answer 200. */
function isDisabled(answer: HttpResponse): boolean {
  if (answer.status !== 404) return false;
  const failure = failureSchema.safeParse(jsonOf(answer));
  return failure.success && failure.data.errorDetails?.endsWith('is disabled') === true;
}

function jsonOf({ body }: HttpResponse): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    // A proxy's page, or half an answer: no protocol's answer fits it.
    return undefined;
  }
}

/** Seconds, or a date (the protocol allows both). */
function retryAfterMs(header: string | undefined): number | null {
  if (header === undefined) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - Date.now());
}
