import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { freePort } from '../../host/vscodeServer.mjs';
import { startNode } from './processes.mjs';
import { startTraffic } from './traffic.mjs';

const demo = join(dirname(fileURLToPath(import.meta.url)), '..');
const services = /** @type {const} */ (['payments', 'storefront', 'checkout']);

/**
 * Puts a copy of the shop where the editor may change it. Its dependencies are those of the demo, by a link.
 * @param {string} workspace a folder that does not exist yet
 */
export function copyShop(workspace) {
  cpSync(join(demo, 'shop'), workspace, { recursive: true });
  cpSync(join(demo, 'package.json'), join(workspace, 'package.json'));
  symlinkSync(join(demo, 'node_modules'), join(workspace, 'node_modules'), 'junction');
}

/**
 * Compiles the shop: file by file, since telemetry is put into modules as they are loaded.
 * @param {string} workspace @param {string} output a folder below test/demo, where node_modules is found
 */
export async function compileShop(workspace, output) {
  const { build } = await import('esbuild');
  const entryPoints = readdirSync(workspace, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('node_modules'))
    .map((file) => join(workspace, file));
  await build({ entryPoints, outbase: workspace, outdir: output, platform: 'node', format: 'cjs', target: 'node20' });
}

/**
 * Starts the three services and waits until they answer.
 * @param {{ code: string, flagFile: string, otlp: string, logs: string, urgent: boolean, leftovers: import('./processes.mjs').Leftovers }} options
 *   `code`: compiled; `otlp`: the OTLP/HTTP address they report to; `urgent`: before the rest of the machine.
 * @returns {Promise<Record<'storefront' | 'checkout' | 'payments', string>>} their addresses
 */
export async function startShop({ code, flagFile, otlp, logs, urgent, leftovers }) {
  mkdirSync(logs, { recursive: true });
  const ports = Object.fromEntries(await Promise.all(services.map(async (name) => [name, await freePort()])));
  const address = (name) => `http://127.0.0.1:${ports[name]}`;
  for (const name of services) {
    const log = join(logs, `${name}.log`);
    const child = startNode(
      [
        ...['--import', pathToFileURL(join(demo, 'steps/endWithParent.mjs')).href],
        ...['--require', join(code, 'shared/telemetry.js')],
        join(code, name, 'server.js'),
      ],
      {
        log,
        leftovers,
        urgent,
        env: {
          ...process.env,
          NODE_ENV: 'production',
          PORT: String(ports[name]),
          FLAG_FILE: flagFile,
          STOREFRONT_URL: address('storefront'),
          CHECKOUT_URL: address('checkout'),
          PAYMENTS_URL: address('payments'),
          OTEL_SERVICE_NAME: name,
          OTEL_RESOURCE_ATTRIBUTES: `service.instance.id=${name}-1,service.version=1.0.0,deployment.environment.name=production`,
          OTEL_EXPORTER_OTLP_ENDPOINT: otlp,
          OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
        },
      },
    );
    await answering(name, address(name), child, log);
  }
  return { storefront: address('storefront'), checkout: address('checkout'), payments: address('payments') };
}

/**
 * Waits until a service answers anything at all.
 * @param {string} name @param {string} address @param {import('node:child_process').ChildProcess} child @param {string} log
 * @param {number} [seconds]
 */
export async function answering(name, address, child, log, seconds = 15) {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (child.exitCode !== null) break;
    try {
      // Any answer will do, and this one is not a path of the service's.
      await fetch(`${address}/-/up`, { signal: AbortSignal.timeout(1000) });
      return;
    } catch {
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  throw new Error(`${name} did not start:\n${existsSync(log) ? readFileSync(log, 'utf8').slice(-3000) : ''}`);
}

/**
 * Starts the customers.
 * @param {{ shop: Record<string, string>, flagFile: string, receiverPort: number, logs: string, urgent: boolean, leftovers: import('./processes.mjs').Leftovers }} options
 */
export function startLoad({ shop, flagFile, receiverPort, logs, urgent, leftovers }) {
  const args = [
    join(demo, 'load/loadGenerator.mjs'),
    ...['--storefront', shop.storefront, '--checkout', shop.checkout, '--flags', flagFile],
    ...['--wait-for', String(receiverPort)],
  ];
  return startTraffic(args, { log: join(logs, 'load.log'), leftovers, urgent });
}
