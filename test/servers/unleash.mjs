// A real Unleash (open source, from npm, run as a process of its own) on PGlite, which needs nothing but npm, or on
// Debian's PostgreSQL. `node test/servers/unleash.mjs` installs both into .cache/servers/unleash (PostgreSQL by apt where
// that is to be had). SIGHTGLASS_UNLEASH_DB=pglite or postgres chooses one.
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from './shared/runServer.mjs';

const folder = resolve(import.meta.dirname, '../../.cache/servers/unleash');
// pglite-socket wants exactly this PGlite.
const packages = {
  'unleash-server': '8.2.0',
  '@electric-sql/pglite': '0.5.14',
  '@electric-sql/pglite-socket': '0.2.17',
};
const done = join(folder, '.ok');
const recipe = JSON.stringify({ name: 'unleash-for-tests', private: true, type: 'module', dependencies: packages });

export const unleashHow = 'node test/servers/unleash.mjs';
/** Whoever gets in with it may do everything. */
export const adminToken = '*:*.unleash-admin-of-tests';
export const backendToken = (environment) => `default:${environment}.unleash-backend-of-tests-${environment}`;

const require = () => createRequire(join(folder, 'package.json'));
const isInstalled = () => existsSync(done) && existsSync(join(folder, 'node_modules/unleash-server'));

/** `pglite`, `postgres`, as far as they can be started here and the environment does not choose another. */
export function unleashDatabases() {
  const chosen = process.env.SIGHTGLASS_UNLEASH_DB;
  return ['pglite', 'postgres'].filter((name) => chosen === undefined || chosen === name);
}

/** What is missing for it, in words; null when it can be started. */
export function unleashNeeds(database) {
  if (!isInstalled()) return 'Unleash';
  return database === 'postgres' && postgresBinary('postgres') === null ? 'PostgreSQL' : null;
}

function postgresBinary(name) {
  const versions = '/usr/lib/postgresql';
  if (!existsSync(versions)) return null;
  const found = readdirSync(versions)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, 'bin', name))
    .find((path) => existsSync(path));
  return found ?? null;
}

/** Ends a child, by force when it does not go. */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((ended) => child.once('exit', ended));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(late);
}

async function startPglite() {
  const load = require();
  const { PGlite } = await import(pathToFileURL(load.resolve('@electric-sql/pglite')).href);
  const { PGLiteSocketServer } = await import(pathToFileURL(load.resolve('@electric-sql/pglite-socket')).href);
  const port = await freePort();
  const db = await PGlite.create({ dataDir: 'memory://' });
  const socket = new PGLiteSocketServer({ db, host: '127.0.0.1', port, maxConnections: 4 });
  await socket.start();
  return {
    port,
    user: 'postgres',
    // More than one would interleave unnamed prepared statements, which PGlite mixes up.
    pool: '1',
    sql: async (text) => (await db.exec(text)).at(-1)?.rows ?? [],
    stop: async () => {
      await socket.stop();
      await db.close();
    },
  };
}

/** A cluster of its own in a folder of its own, as the user that PostgreSQL wants to be (never root). */
async function startPostgres() {
  const home = mkdtempSync(join(tmpdir(), 'sightglass-postgres-'));
  const data = join(home, 'data');
  const asRoot = process.getuid?.() === 0;
  if (asRoot) {
    const { uid, gid } = statSync('/var/lib/postgresql');
    chownSync(home, uid, gid);
  }
  const command = (binary, args) => (asRoot ? ['runuser', ['-u', 'postgres', '--', binary, ...args]] : [binary, args]);
  const quiet = { cwd: home, stdio: ['ignore', 'ignore', 'pipe'], timeout: 60_000 };
  execFileSync(
    ...command(postgresBinary('initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-N', '-E', 'UTF8']),
    quiet,
  );
  const port = await freePort();
  const settings = ['fsync=off', `unix_socket_directories=${home}`, 'listen_addresses=127.0.0.1', `port=${port}`];
  const [binary, args] = command(postgresBinary('postgres'), ['-D', data, ...settings.flatMap((each) => ['-c', each])]);
  const child = spawn(binary, args, { cwd: home, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4_000)));
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill);
  const { Client } = require()('pg');
  const connected = async () => {
    for (let attempt = 0; ; attempt++) {
      const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
      try {
        await client.connect();
        return client;
      } catch (error) {
        if (attempt > 100 || child.exitCode !== null)
          throw new Error(`PostgreSQL did not come up: ${said}`, { cause: error });
        await new Promise((later) => setTimeout(later, 100));
      }
    }
  };
  const client = await connected();
  // What the server says to it when it goes is no error of the test.
  client.on('error', () => undefined);
  return {
    port,
    user: 'postgres',
    pool: '4',
    sql: async (text) => {
      const result = await client.query(text);
      return (Array.isArray(result) ? result.at(-1) : result).rows;
    },
    stop: async () => {
      await client.end().catch(() => undefined);
      process.off('exit', kill);
      await end(child);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/**
 * Starts Unleash with the project `default` and the environments `development` and `production`. `sql` runs a text in
 * its database; `searchLimit` is how often a minute it may be searched (15 where it is not told). Ends with `stop`.
 */
export async function startUnleash({ database = 'pglite', searchLimit = 1_000, patienceMs = 180_000 } = {}) {
  const started = performance.now();
  const db = await (database === 'postgres' ? startPostgres() : startPglite());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const main = resolve(dirname(require().resolve('unleash-server')), '../server.js');
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TZ: 'UTC',
      NODE_ENV: 'production',
      DATABASE_HOST: '127.0.0.1',
      DATABASE_PORT: String(db.port),
      DATABASE_USERNAME: db.user,
      DATABASE_PASSWORD: 'none',
      DATABASE_NAME: 'postgres',
      DATABASE_SSL: 'false',
      DATABASE_POOL_MAX: db.pool,
      HTTP_HOST: '127.0.0.1',
      HTTP_PORT: String(port),
      UNLEASH_URL: url,
      UNLEASH_SECRET: 'of-tests',
      CHECK_VERSION: 'false',
      SEND_TELEMETRY: 'false',
      LOG_LEVEL: 'warn',
      SEARCH_FEATURES_RATE_LIMIT_PER_MINUTE: String(searchLimit),
      INIT_ADMIN_API_TOKENS: adminToken,
      INIT_BACKEND_API_TOKENS: ['development', 'production'].map(backendToken).join(','),
    },
  });
  let said = '';
  const hear = (text) => (said = (said + text).slice(-4_000));
  child.stdout.setEncoding('utf8').on('data', hear);
  child.stderr.setEncoding('utf8').on('data', hear);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let stopping = false;
  child.once('exit', (code, signal) => {
    if (!stopping) console.error(`Unleash ended by itself (${code ?? signal}): ${said}`);
  });
  const stop = async () => {
    stopping = true;
    await end(child);
    process.off('exit', kill);
    await db.stop();
  };
  const until = Date.now() + patienceMs;
  while (Date.now() < until && child.exitCode === null) {
    const answer = await fetch(`${url}/health`).catch(() => undefined);
    await answer?.arrayBuffer().catch(() => undefined);
    if (answer?.ok) return { url, sql: db.sql, stop, startedInMs: performance.now() - started };
    await new Promise((later) => setTimeout(later, 100));
  }
  await stop();
  throw new Error(`Unleash did not come up in ${patienceMs} ms: ${said}`);
}

function installServer() {
  if (isInstalled() && existsSync(join(folder, 'package.json'))) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), recipe);
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Nothing it runs here needs the install scripts of what it depends on.
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync(npm, args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 600_000,
    shell: process.platform === 'win32',
  });
  writeFileSync(done, '');
}

function installPostgres() {
  if (postgresBinary('postgres') !== null || !existsSync('/usr/bin/apt-get')) return;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  // Run level 1: its package starts no service of its own.
  const run = (...args) => {
    const [command, ...rest] = [
      ...asRoot,
      'env',
      'RUNLEVEL=1',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-qq',
      ...args,
    ];
    execFileSync(command, rest, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 600_000 });
  };
  run('update');
  run('install', '-y', '--no-install-recommends', 'postgresql');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    if (unleashDatabases().length > 0) installServer();
    if (unleashDatabases().includes('postgres')) installPostgres();
  } catch (error) {
    console.error(`Unleash could not be installed: ${String(error.stderr ?? '').trim() || error.message}`);
    process.exitCode = 1;
  }
}
