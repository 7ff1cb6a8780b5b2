import type * as z from 'zod';
import type { SignalFacts } from '../../model/facts';
import type { ServiceGraph } from '../../model/serviceGraph';
import type { InstanceEvaluation } from '../../model/signal';
import type { Files, Paths } from '../../platform/files';
import { HttpError, type Http } from '../../platform/http';
import type { FactsRequest, GraphRequest, ReceiverStatus } from '../api';
import { originOf, ReceiverFileAccess, type ReceiverFile } from './receiverFile';
import {
  changesPath,
  changesReplySchema,
  changesWaitMs,
  factsPath,
  factsReplySchema,
  graphPath,
  graphReplySchema,
  helloPath,
  helloReplySchema,
  instancesPath,
  instancesReplySchema,
  maxQueryBytes,
  statusPath,
  statusReplySchema,
} from './wire';

/** The owner answered, and not with what was asked for. */
export class OwnerAnswerError extends Error {
  override readonly name = 'OwnerAnswerError';
  constructor(
    /** It is there and cannot answer yet. */
    readonly isBusy: boolean,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Asks the owner of the store. Every method rejects with {@link HttpError} or {@link OwnerAnswerError}. */
export class OwnerClient {
  readonly #http: Http;
  readonly owner: ReceiverFile;

  constructor(http: Http, owner: ReceiverFile) {
    this.#http = http;
    this.owner = owner;
  }

  status(timeoutMs = 1_500): Promise<ReceiverStatus> {
    return this.#ask('GET', statusPath, undefined, statusReplySchema, timeoutMs);
  }

  facts(request: FactsRequest, signal?: AbortSignal): Promise<SignalFacts> {
    return this.#ask('POST', factsPath, request, factsReplySchema, 10_000, signal);
  }

  instances(
    request: { readonly flag: string; readonly environment: string; readonly since: number },
    signal?: AbortSignal,
  ): Promise<readonly InstanceEvaluation[]> {
    return this.#ask('POST', instancesPath, request, instancesReplySchema, 5_000, signal);
  }

  graph(request: GraphRequest, signal?: AbortSignal): Promise<ServiceGraph> {
    return this.#ask('POST', graphPath, request, graphReplySchema, 5_000, signal);
  }

  /** Resolves when the store's version differs from `since`, or after {@link changesWaitMs}, with the version. */
  async changes(since: number, signal?: AbortSignal): Promise<number> {
    const path = `${changesPath}?since=${since}`;
    return (await this.#ask('GET', path, undefined, changesReplySchema, changesWaitMs + 5_000, signal)).version;
  }

  async #ask<Schema extends z.ZodType>(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    schema: Schema,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<z.output<Schema>> {
    const url = `${originOf(this.owner)}${path}`;
    const response = await this.#http.request({
      method,
      url,
      headers: {
        authorization: `Bearer ${this.owner.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: new TextEncoder().encode(JSON.stringify(body)) }),
      ...(signal === undefined ? {} : { signal }),
      timeoutMs,
      maxBytes: maxQueryBytes,
    });
    return readReply(url, response, schema);
  }
}

function readReply<Schema extends z.ZodType>(
  url: string,
  response: { readonly status: number; readonly body: Uint8Array },
  schema: Schema,
): z.output<Schema> {
  const text = new TextDecoder().decode(response.body);
  if (response.status !== 200)
    throw new OwnerAnswerError(response.status === 503, `${url} answered ${response.status}: ${text.slice(0, 200)}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new OwnerAnswerError(false, `${url} did not answer in JSON`, { cause: error });
  }
  const checked = schema.safeParse(parsed);
  if (!checked.success)
    throw new OwnerAnswerError(
      false,
      `${url} is not of this version of Sightglass: ${checked.error.issues[0]?.message ?? ''}`,
    );
  return checked.data;
}

/** Whether an error tells that the owner's port is no longer answered by that owner: refused, or by a stranger. */
export const tellsOwnerIsGone = (error: unknown): boolean =>
  HttpError.is(error, 'unreachable') || (error instanceof OwnerAnswerError && !error.isBusy);

/** Who listens on a port: us for the same home, somebody else, or nobody that answers in time. */
export async function whoListens(
  http: Http,
  at: { readonly address: string; readonly port: number },
  homeId: string,
): Promise<'ours' | 'foreign' | 'silent'> {
  const url = `${originOf(at)}${helloPath}`;
  try {
    const response = await http.request({ method: 'GET', url, timeoutMs: 1_000, maxBytes: 4096 });
    return readReply(url, response, helloReplySchema).home === homeId ? 'ours' : 'foreign';
  } catch (error) {
    return HttpError.is(error, 'timeout') ? 'silent' : 'foreign';
  }
}

/** The live owner of a home's store, for those who only ask (the command line); undefined when there is none. */
export async function findOwner(
  on: { readonly files: Files; readonly paths: Paths; readonly http: Http },
  home: string,
): Promise<OwnerClient | undefined> {
  const owner = await new ReceiverFileAccess(on.files, on.paths, home).read();
  if (!owner) return undefined;
  const client = new OwnerClient(on.http, owner);
  try {
    await client.status();
    return client;
  } catch (error) {
    if (error instanceof HttpError || error instanceof OwnerAnswerError) return undefined;
    throw error;
  }
}
