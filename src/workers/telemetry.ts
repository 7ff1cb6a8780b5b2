import { workerData } from 'node:worker_threads';
import { channelRemotes, type RemoteEvents, type RemoteMethods } from '../platform/channelRemotes';
import { rpcClient, rpcServer } from '../platform/rpc';
import { translationsSchema } from '../platform/l10n';
import { memoryL10n, translatedL10n } from '../platform/memory/l10n';
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
import { foldersByService } from '../telemetry/match/serviceManifests';
import { TelemetryService } from '../telemetry/owner/telemetryService';
import { SignalSources } from '../telemetry/sources/signalSources';

/** The telemetry worker: receiver, join, rollups, store, other backends, comparison, answered over the channel to the host. */
const translations = translationsSchema.safeParse(workerData);
const l10n = translations.success ? translatedL10n(translations.data) : memoryL10n;
const service = new TelemetryService({
  clock: systemClock,
  files: nodeFiles,
  paths: nodePaths,
  hash: nodeHash,
  log: stderrLog('telemetry'),
  l10n,
  listen: nodeListen,
  compress: nodeCompress,
  http: loopbackHttp,
  pid: process.pid,
  answerFacts,
});

const channel = parentChannel();
const tellChanged = (): void => server.emit('changed', { at: systemClock.now() });
const sources = new SignalSources({
  remotes: channelRemotes(rpcClient<RemoteMethods, RemoteEvents>(channel)),
  clock: systemClock,
  l10n,
  log: stderrLog('telemetry'),
  builtIn: (request, signal) => (service.isStarted ? service.facts(request, signal) : null),
  answerFacts,
  changed: tellChanged,
});

const methods = {
  start: (request: Parameters<TelemetryMethods['start']>[0]) => service.start(request),
  status: async () => service.status(),
  facts: (request: Parameters<TelemetryMethods['facts']>[0], signal: AbortSignal) => sources.facts(request, signal),
  builtFrom: async ({ manifests }: Parameters<TelemetryMethods['builtFrom']>[0]) => foldersByService(manifests),
  instances: (request: Parameters<TelemetryMethods['instances']>[0], signal: AbortSignal) =>
    service.instances(request, signal),
  stop: () => service.stop(),
} satisfies {
  [Name in keyof TelemetryMethods]: (request: never, signal: AbortSignal) => ReturnType<TelemetryMethods[Name]>;
};

const server = rpcServer<TelemetryEvents>(channel, methods);
service.onChanged(tellChanged);
service.onStatus((status) => server.emit('status', status));
channel.onClose(() => void service.stop());
