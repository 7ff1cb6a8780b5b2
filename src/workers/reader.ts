import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { workerData } from 'node:worker_threads';
import * as z from 'zod';
import type { ReaderData, ReaderEvents, ReaderMethods } from '../code/fileReaders';
import { Grammars } from '../code/grammars';
import { readSource } from '../code/readSource';
import { grammarFiles } from '../platform/node/grammarFiles';
import { nodeHash } from '../platform/node/hash';
import { recentFiles } from '../platform/node/recentFiles';
import { parentChannel } from '../platform/node/workerChannel';
import { rpcServer } from '../platform/rpc';

const dataSchema = z.object({ grammars: z.string() }) satisfies z.ZodType<ReaderData>;

const data = dataSchema.parse(workerData);
const grammars = new Grammars(
  grammarFiles((file) => join(data.grammars, file)),
  () => performance.now(),
);
const tools = { files: recentFiles, hash: nodeHash, grammars };
const methods: ReaderMethods = {
  read: ({ absolute, path, extent }) => readSource(absolute, path, undefined, extent, tools),
};
const server = rpcServer<ReaderEvents>(parentChannel(), methods);
// Until it can parse, files are better read by whoever hands them out.
void grammars.warm().then(() => server.emit('ready', null));
