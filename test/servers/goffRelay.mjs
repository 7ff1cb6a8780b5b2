// GO Feature Flag's relay proxy itself, built by Go from the versions and checksums in test/servers/goffRelay (its
// dependencies come from Go's module proxy). `node test/servers/goffRelay.mjs` builds it into .cache/servers/goffRelay, once
// a version: some minutes, and some 150 MB.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { goRecipe, installByGo } from './shared/goBuild.mjs';
import { freePort, runServer } from './shared/runServer.mjs';

const recipe = goRecipe({
  name: 'goffRelay',
  module: 'github.com/thomaspoignant/go-feature-flag/cmd/relayproxy',
  executable: 'relayproxy',
});

export const goffRelayNeeds = "GO Feature Flag's relay proxy";
export const goffRelayHow = 'node test/servers/goffRelay.mjs, which needs Go 1.25';

/** One that is built already may be named by SIGHTGLASS_GOFF_RELAY. */
const relayBinary = () => process.env.SIGHTGLASS_GOFF_RELAY || recipe.binary;

export const hasGoffRelay = () => existsSync(relayBinary());

/**
 * Starts it on flag files, read again every `pollMs` (its least is a second). `keys`: who may evaluate; without any
 * everybody may. `adminKeys`: who may make it read its files at once. `folder` (the caller's to remove) takes its
 * configuration. `port` to come back where it was.
 */
export async function startGoffRelay({ folder, sources, format, keys = [], adminKeys = [], pollMs = 1_000, port }) {
  const chosen = port ?? (await freePort());
  const configuration = join(folder, `relay-${chosen}.yaml`);
  // JSON is YAML.
  const settings = {
    server: { mode: 'http', host: '127.0.0.1', port: chosen },
    hideBanner: true,
    logLevel: 'warn',
    pollingInterval: pollMs,
    ...(format && { fileFormat: format }),
    retrievers: sources.map((path) => ({ kind: 'file', path })),
    authorizedKeys: { evaluation: keys, admin: adminKeys },
  };
  writeFileSync(configuration, JSON.stringify(settings));
  const url = `http://127.0.0.1:${chosen}`;
  const server = await runServer({
    command: relayBinary(),
    args: ['--config', configuration],
    url,
    ready: '/health',
  });
  return { url, port: chosen, stop: server.stop };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) installByGo(recipe, goffRelayNeeds);
