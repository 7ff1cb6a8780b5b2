import { workerData } from 'node:worker_threads';
import * as z from 'zod';
import type { CodeEvents, CodeWorkerData } from '../code/api';
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
const server = rpcServer<CodeEvents>(parentChannel(), {
  index: async (request: never, signal) => (await ready).index(request, signal),
  changed: async (request: never, signal) => (await ready).changed(request, signal),
  edit: async (request: never, signal) => (await ready).edit(request, signal),
  close: async (request: never, signal) => (await ready).close(request, signal),
  facts: async (request: never, signal) => (await ready).facts(request, signal),
  references: async (request: never, signal) => (await ready).references(request, signal),
  forget: async (request: never, signal) => (await ready).forget(request, signal),
});
