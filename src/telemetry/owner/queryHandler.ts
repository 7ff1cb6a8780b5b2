import type * as z from 'zod';
import type { SignalFacts } from '../../model/facts';
import type { ServiceGraph } from '../../model/serviceGraph';
import type { InstanceEvaluation } from '../../model/signal';
import type { IncomingRequest, OutgoingResponse } from '../../platform/listen';
import type { Log } from '../../platform/log';
import type { FactsRequest, GraphRequest, ReceiverStatus } from '../api';
import type { BodyReader } from '../receiver/body';
import { checkMethod, checkOrigin, checkToken } from '../receiver/guard';
import { jsonReply, RefusedError } from '../receiver/reply';
import {
  changesPath,
  factsPath,
  factsRequestSchema,
  graphPath,
  graphRequestSchema,
  helloPath,
  instancesPath,
  instancesRequestSchema,
  statusPath,
} from './wire';

export interface QueryHandlerOptions {
  readonly address: string;
  readonly token: string;
  readonly homeId: string;
  readonly bodies: BodyReader;
  readonly log: Log;
  readonly isReady: () => boolean;
  readonly status: () => ReceiverStatus;
  readonly facts: (request: FactsRequest) => Promise<SignalFacts>;
  readonly instances: (request: { flag: string; environment: string; since: number }) => readonly InstanceEvaluation[];
  readonly graph: (request: GraphRequest) => ServiceGraph;
  /** The version, when it is another than `since` or the wait is over. */
  readonly changes: (since: number) => Promise<number>;
}

const methods: ReadonlyMap<string, 'GET' | 'POST'> = new Map([
  [helloPath, 'GET'],
  [statusPath, 'GET'],
  [changesPath, 'GET'],
  [factsPath, 'POST'],
  [instancesPath, 'POST'],
  [graphPath, 'POST'],
]);

export const isQueryPath = (path: string): boolean => path.startsWith('/sightglass/v1/');

/** Answers the other windows and the command line; everything but `hello` needs the token of receiver.json. */
export function queryHandler(
  options: QueryHandlerOptions,
): (request: IncomingRequest, path: string, query: URLSearchParams) => Promise<OutgoingResponse> {
  const read = <Schema extends z.ZodType, T>(
    request: IncomingRequest,
    schema: Schema,
    use: (asked: z.output<Schema>) => T | Promise<T>,
  ): Promise<T> =>
    options.bodies.read(request, (body) => {
      const checked = schema.safeParse(parseJson(body));
      if (!checked.success) throw new RefusedError(400, `Not understood: ${checked.error.issues[0]?.message ?? ''}`);
      return use(checked.data);
    });

  const answer = async (request: IncomingRequest, path: string, query: URLSearchParams): Promise<unknown> => {
    const method = methods.get(path);
    if (!method) throw new RefusedError(404, 'Nothing is here');
    checkMethod(request, method);
    if (path === helloPath) return { sightglass: 1, home: options.homeId };
    checkToken(request, options.token);
    if (path === statusPath) return options.status();
    if (!options.isReady()) throw new RefusedError(503, 'The store is still being read', { 'retry-after': '1' });
    switch (path) {
      case factsPath:
        return read(request, factsRequestSchema, (asked) => options.facts(asked));
      case instancesPath:
        return read(request, instancesRequestSchema, (asked) => options.instances(asked));
      case graphPath:
        return read(request, graphRequestSchema, (asked) => options.graph(asked));
      default:
        return { version: await options.changes(Number(query.get('since') ?? -1)) };
    }
  };

  return async (request, path, query) => {
    try {
      checkOrigin(request, options.address);
      return jsonReply(200, await answer(request, path, query));
    } catch (error) {
      if (error instanceof RefusedError) return jsonReply(error.status, { message: error.message }, error.headers);
      options.log.error(`${path} could not be answered`, error);
      return jsonReply(500, { message: 'The question could not be answered; see the log' });
    }
  };
}

function parseJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new RefusedError(400, 'The body is not JSON');
  }
}
