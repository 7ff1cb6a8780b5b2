// Flipt's own evaluation, as its SDKs have it: the engine (Rust, as WebAssembly) that `@flipt-io/flipt-client-js` brings.
// It is given a snapshot by a loopback server, as Flipt's own gives it. `node test/servers/fliptEngine.mjs` installs it from
// npm into .cache/servers/fliptEngine. Flipt's server itself cannot be had here: Go's module proxy does not serve it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = resolve(import.meta.dirname, '../../.cache/servers/fliptEngine');
const name = '@flipt-io/flipt-client-js';
const version = '0.5.1';
const recipe = JSON.stringify({ name: 'flipt-engine-for-tests', private: true, dependencies: { [name]: version } });
const done = join(folder, `.ok-${version}`);

export const fliptEngineNeeds = "Flipt's evaluation engine";
export const fliptEngineHow = 'node test/servers/fliptEngine.mjs';
export const hasFliptEngine = () => existsSync(done);

/** The engine on one namespace's snapshot (`EvaluationNamespaceSnapshot` of Flipt's client API). */
export async function openFliptEngine(snapshot) {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(snapshot));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  try {
    const entry = createRequire(join(folder, 'package.json')).resolve(name);
    const { FliptClient } = await import(pathToFileURL(entry).href);
    const url = `http://127.0.0.1:${server.address().port}`;
    const client = await FliptClient.init({ url, namespace: snapshot.namespace.key, updateInterval: 0 });
    return {
      boolean: (flagKey, entityId, context) => client.evaluateBoolean({ flagKey, entityId, context }).enabled,
      variant: (flagKey, entityId, context) => {
        const { match, variantKey, reason } = client.evaluateVariant({ flagKey, entityId, context });
        return { match, variantKey, reason };
      },
      close: () => {
        client.close?.();
        stop();
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}

function install() {
  if (hasFliptEngine()) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), recipe);
  const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: 300_000 });
  writeFileSync(done, '');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    install();
  } catch (error) {
    console.error(
      `Flipt's evaluation engine could not be installed: ${String(error.stderr ?? '').trim() || error.message}`,
    );
    process.exitCode = 1;
  }
}
