// flagd itself, built by Go from its module: test/servers/flagd/go.mod and go.sum say what of. SIGHTGLASS_FLAGD names
// another binary, and a `flagd` on PATH wins over the built one. 0.11.2 is the newest that the Go module proxy could be
// had from. It listens on every address of the machine: it has no option for one, and a Unix socket for its evaluations
// alone, which nobody here asks. It runs for seconds, on flags that are made up.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installStandIn } from './shared/flagdStandIn.mjs';
import { isNotServed } from './shared/goBuild.mjs';
import { freePort, runServer } from './shared/runServer.mjs';

const module = 'github.com/open-feature/flagd/flagd';
const recipe = resolve(import.meta.dirname, 'flagd');
const version = new RegExp(`${module} v(\\S+)`).exec(readFileSync(join(recipe, 'go.mod'), 'utf8'))[1];
const executable = process.platform === 'win32' ? 'flagd.exe' : 'flagd';
const built = resolve(import.meta.dirname, '../../.cache/servers/flagd', version, executable);
/** Two minutes on two idle cores. */
const buildPatienceMs = 20 * 60_000;

export const flagdNeeds = 'flagd itself';
export const flagdHow =
  'node test/servers/flagd.mjs builds it with Go; or put its binary on PATH, or name it in SIGHTGLASS_FLAGD';

export function flagdBinary() {
  const named = process.env.SIGHTGLASS_FLAGD;
  if (named) return existsSync(named) ? named : null;
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, executable));
  return [...places, built].find((path) => existsSync(path)) ?? null;
}

/** `0.11.2`. What it does differs: selectors, disabled flags, a split with one side. */
export function flagdVersion() {
  const said = execFileSync(flagdBinary(), ['version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return /flagd: v?(\d+\.\d+\.\d+)/.exec(said)?.[1] ?? 'unknown';
}

/** flagd on these sources (as its `--uri`s, later ones win). `ports` to come back where it was. */
export async function startFlagd({ sources, ports }) {
  const chosen = ports ?? { sync: await freePort(), ofrep: await freePort() };
  const [evaluation, management] = [await freePort(), await freePort()];
  const server = await runServer({
    command: flagdBinary(),
    args: [
      'start',
      ...sources.flatMap((source) => ['--uri', source]),
      ...['--port', evaluation, '--management-port', management],
      ...['--sync-port', chosen.sync, '--ofrep-port', chosen.ofrep].map(String),
    ],
    url: `http://127.0.0.1:${management}`,
    ready: '/readyz',
  });
  await listening(chosen.sync);
  return {
    ports: chosen,
    sync: `grpc://127.0.0.1:${chosen.sync}`,
    ofrep: `http://127.0.0.1:${chosen.ofrep}`,
    version: flagdVersion(),
    stop: server.stop,
    onSent: () => () => undefined,
  };
}

/** flagd's sync service opens later than it says it is ready. */
async function listening(port) {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, '127.0.0.1');
    const open = await new Promise((done) => socket.once('connect', () => done(true)).once('error', () => done(false)));
    socket.destroy();
    if (open) return;
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** Builds it unless it is there. What is built is what the committed go.sum names. */
function installFlagd() {
  if (flagdBinary() !== null) return;
  const folder = resolve(built, '..');
  mkdirSync(folder, { recursive: true });
  // A build that is broken off leaves no binary behind that looks whole.
  const made = join(folder, `${process.pid}-${executable}`);
  const env = { ...process.env, GOFLAGS: '-mod=readonly', GOSUMDB: 'off', GOWORK: 'off' };
  const options = { cwd: recipe, env, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8', timeout: buildPatienceMs };
  try {
    execFileSync('go', ['build', '-o', made, module], options);
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error('flagd is built with Go: apt-get install golang', { cause: error });
    throw new Error(`flagd ${version} could not be built: ${(error.stderr || error.message).slice(-2000)}`, {
      cause: error,
    });
  }
  renameSync(made, built);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  installStandIn();
  try {
    installFlagd();
  } catch (error) {
    console.error(error.message);
    if (!isNotServed(error)) process.exit(1);
    console.log(`skipped: needs ${flagdNeeds} (Go's module proxy does not serve it here)`);
  }
}
