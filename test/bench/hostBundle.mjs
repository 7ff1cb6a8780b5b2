// The product's own rooms as one module that Node can import, over the real ports: what is measured is what ships.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** @param {string} out a folder that the caller removes */
export async function importHost(out) {
  const entry = `
    export { Changes } from './src/change/changes';
    export { FlagStore } from './src/flags/store';
    export { memoryL10n } from './src/platform/memory/l10n';
    export { MemoryLog } from './src/platform/memory/log';
    export { memoryRemotes } from './src/platform/memory/remotes';
    export { systemClock } from './src/platform/node/clock';
    export { nodeFiles } from './src/platform/node/files';
    export { nodeHash } from './src/platform/node/hash';
    export { http2Grpc } from './src/platform/node/http2Grpc';
    export { loopbackHttp } from './src/platform/node/loopbackHttp';
    export { nodePaths } from './src/platform/node/paths';`;
  const outfile = join(out, 'host.mjs');
  await build({
    stdin: { contents: entry, resolveDir: process.cwd(), loader: 'ts' },
    ...{ bundle: true, platform: 'node', format: 'esm', mainFields: ['module', 'main'], logLevel: 'error', outfile },
  });
  return import(pathToFileURL(outfile).href);
}

/** The store of one window on `folder`; `token` is sent to every server. */
export function storeOf(host, folder, token) {
  return new host.FlagStore({
    ...portsOf(host),
    remotes: host.memoryRemotes(host.loopbackHttp, token, host.http2Grpc),
    isDirty: () => false,
    workspaceFolders: () => [folder],
    readOnlyReason: () => null,
    protection: () => ({ protected: [], unprotected: [] }),
  });
}

export const portsOf = (host) => ({
  ...{ files: host.nodeFiles, paths: host.nodePaths, hash: host.nodeHash, clock: host.systemClock },
  ...{ l10n: host.memoryL10n, log: new host.MemoryLog() },
});
