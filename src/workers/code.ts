import { workerData } from 'node:worker_threads';
import * as z from 'zod';
import type { CodeEvents, CodeMethods, CodeWorkerData } from '../code/api';
import { CodeServer } from '../code/codeServer';
import { rpcServer } from '../platform/rpc';
import { nodeFinderTools } from './finderTools';
import { parentChannel } from '../platform/node/workerChannel';

const dataSchema = z.object({
  grammars: z.string(),
  ripgrep: z.array(z.string()),
  storage: z.string().nullable(),
}) satisfies z.ZodType<CodeWorkerData>;

const data = dataSchema.parse(workerData);
// The server is there before its tools are: requests wait for them, none is lost.
const ready = nodeFinderTools(data).then(
  (tools) => new CodeServer(tools, (name, payload) => server.emit(name, payload)).methods,
);
const methods: Record<keyof CodeMethods, (request: never, signal: AbortSignal) => Promise<unknown>> = {
  index: async (request, signal) => (await ready).index(request, signal),
  changed: async (request, signal) => (await ready).changed(request, signal),
  edit: async (request, signal) => (await ready).edit(request, signal),
  close: async (request, signal) => (await ready).close(request, signal),
  facts: async (request, signal) => (await ready).facts(request, signal),
  references: async (request, signal) => (await ready).references(request, signal),
  placesOfKey: async (request, signal) => (await ready).placesOfKey(request, signal),
  referencesSince: async (request, signal) => (await ready).referencesSince(request, signal),
  explain: async (request, signal) => (await ready).explain(request, signal),
  atCursor: async (request, signal) => (await ready).atCursor(request, signal),
  wrapPlace: async (request, signal) => (await ready).wrapPlace(request, signal),
  wrapperAt: async (request, signal) => (await ready).wrapperAt(request, signal),
  callers: async (request, signal) => (await ready).callers(request, signal),
  written: async (request, signal) => (await ready).written(request, signal),
  forget: async (request, signal) => (await ready).forget(request, signal),
};
const server = rpcServer<CodeEvents>(parentChannel(), methods);
