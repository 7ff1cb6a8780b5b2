import { memoryL10n } from '../../src/platform/memory/l10n';
import { systemClock } from '../../src/platform/node/clock';
import { nodeCompress } from '../../src/platform/node/compress';
import { nodeFiles } from '../../src/platform/node/files';
import { nodeHash } from '../../src/platform/node/hash';
import { nodeListen } from '../../src/platform/node/listen';
import { loopbackHttp } from '../../src/platform/node/loopbackHttp';
import { nodePaths } from '../../src/platform/node/paths';
import { stderrLog } from '../../src/platform/node/stderrLog';
import { answerFacts } from '../../src/telemetry/facts';
import { TelemetryService } from '../../src/telemetry/owner/telemetryService';

/** A process of its own with a part in the store, to be killed: `<home> <port>`; says its role when it has one. */
const [home = '', port = '0'] = process.argv.slice(2);
const service = new TelemetryService({
  clock: systemClock,
  files: nodeFiles,
  paths: nodePaths,
  hash: nodeHash,
  log: stderrLog('owner'),
  l10n: memoryL10n,
  listen: nodeListen,
  compress: nodeCompress,
  http: loopbackHttp,
  pid: process.pid,
  answerFacts,
});
const { role } = await service.start({ home, address: '127.0.0.1', port: Number(port), token: null });
process.stdout.write(`${role}\n`);
// A test that dies leaves nothing running.
process.stdin.resume().on('end', () => process.exit());
