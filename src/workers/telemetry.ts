import { rpcServer } from '../platform/rpc';
import { memoryL10n } from '../platform/memory/l10n';
import { systemClock } from '../platform/node/clock';
import { nodeCompress } from '../platform/node/compress';
import { nodeFiles } from '../platform/node/files';
import { nodeHash } from '../platform/node/hash';
import { nodeListen } from '../platform/node/listen';
import { loopbackHttp } from '../platform/node/loopbackHttp';
import { nodePaths } from '../platform/node/paths';
import { stderrLog } from '../platform/node/stderrLog';
import { parentChannel } from '../platform/node/workerChannel';
import type { TelemetryEvents, TelemetryMethods } from '../telemetry/api';
import { answerFacts } from '../telemetry/facts';
import { TelemetryService } from '../telemetry/owner/telemetryService';

/** The telemetry worker: receiver, join, rollups, store, comparison, answered over the channel to the host. */
const service = new TelemetryService({
  clock: systemClock,
  files: nodeFiles,
  paths: nodePaths,
  hash: nodeHash,
  log: stderrLog('telemetry'),
  l10n: memoryL10n,
  listen: nodeListen,
  compress: nodeCompress,
  http: loopbackHttp,
  pid: process.pid,
  answerFacts,
});

const methods = {
  start: (request: Parameters<TelemetryMethods['start']>[0]) => service.start(request),
  status: async () => service.status(),
  facts: (request: Parameters<TelemetryMethods['facts']>[0], signal: AbortSignal) => service.facts(request, signal),
  instances: (request: Parameters<TelemetryMethods['instances']>[0], signal: AbortSignal) =>
    service.instances(request, signal),
  stop: () => service.stop(),
} satisfies {
  [Name in keyof TelemetryMethods]: (request: never, signal: AbortSignal) => ReturnType<TelemetryMethods[Name]>;
};

const channel = parentChannel();
const server = rpcServer<TelemetryEvents>(channel, methods);
service.onChanged(() => server.emit('changed', { at: systemClock.now() }));
service.onStatus((status) => server.emit('status', status));
channel.onClose(() => void service.stop());
