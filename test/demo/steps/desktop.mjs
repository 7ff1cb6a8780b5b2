import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { stopGroup } from '../../host/vscodeServer.mjs';
import { installTool } from './install.mjs';

const oldest = [1, 100];
const commands = ['code', 'code-insiders', 'codium', 'vscodium', 'cursor'];

/** @typedef {{ executable: string, version: string }} Desktop the program itself, not its `code` script */

/**
 * The VS Code, or a fork of it, that this machine has: on PATH, else where installers put it. The program itself is
 * wanted, since what its `code` script starts cannot be ended with this run.
 * @returns {{ found: Desktop | undefined, passed: string[] }} `passed`: what was there but will not do, and why
 */
export function findDesktop() {
  const passed = [];
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { found: undefined, passed: ['this machine has no display'] };
  }
  const seen = new Set();
  for (const executable of [...onPath(), ...usualPlaces()]) {
    if (seen.has(executable) || !existsSync(executable)) continue;
    seen.add(executable);
    const version = versionOf(executable);
    if (version === undefined) passed.push(`${executable} does not say its version`);
    else if (isOlder(version)) passed.push(`${executable} is VS Code ${version}, older than ${oldest.join('.')}`);
    else return { found: { executable, version }, passed };
  }
  return { found: undefined, passed };
}

/** The VS Code that @vscode/test-electron downloads, once. @returns {Promise<Desktop>} */
export async function downloadDesktop() {
  const folder = installTool('@vscode/test-electron');
  const { default: electron } = await import(
    `file://${join(folder, 'node_modules/@vscode/test-electron/out/index.js')}`
  );
  const executable = await electron.downloadAndUnzipVSCode({ version: 'stable', cachePath: join(folder, 'vscode') });
  return { executable, version: versionOf(executable) ?? 'stable' };
}

/**
 * @param {Desktop} desktop
 * @param {{ userData: string, extensions: string, folder: string, file: string, line: number, env: Record<string, string> }} options
 */
export function startDesktop({ executable }, { userData, extensions, folder, file, line, env }) {
  const args = [
    ...['--user-data-dir', userData, '--extensions-dir', extensions],
    ...['--disable-workspace-trust', '--skip-welcome', '--skip-release-notes', '--disable-updates', '--new-window'],
    // Electron refuses to sandbox root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ...['--goto', `${file}:${line}`, folder],
  ];
  const clean = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_)/.test(name));
  const child = spawn(executable, args, {
    stdio: 'ignore',
    detached: process.platform !== 'win32',
    env: { ...Object.fromEntries(clean), ...env },
  });
  return {
    closed: new Promise((done, failed) => {
      child.once('exit', done);
      child.once('error', (error) => failed(new Error(`${executable}: ${error.message}`)));
    }),
    stop: () => (process.platform === 'win32' ? endTree(child) : stopGroup(child)),
  };
}

/** Windows has no process groups; its own tool ends a process with its children. */
function endTree(child) {
  if (child.exitCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((done) =>
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' }).once('exit', done),
  );
}

function onPath() {
  const found = [];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const command of commands) {
      const script = join(folder, process.platform === 'win32' ? `${command}.cmd` : command);
      // `code` in a remote window's terminal, or Windows' own seen from WSL, opens a window elsewhere.
      if (!existsSync(script) || script.includes('remote-cli') || script.startsWith('/mnt/')) continue;
      const program = programOf(realpathSync(script));
      if (program) found.push(program);
    }
  }
  return found;
}

/** @param {string} script the `code` command, links followed @returns {string | undefined} the program it starts */
function programOf(script) {
  if (process.platform === 'darwin') {
    const bundle = script.split('/Contents/')[0];
    return bundle?.endsWith('.app') ? inBundle(bundle) : undefined;
  }
  const home = resolve(dirname(script), '..');
  if (process.platform === 'win32') return programIn(home);
  const name = basename(script);
  // Debian's and RPM's: <home>/bin/code beside <home>/code. A snap's command is the snap launcher.
  return [join(home, name), join(home, name.replace('vscodium', 'codium'))].find(
    (path) => existsSync(path) && path !== script,
  );
}

function usualPlaces() {
  const home = homedir();
  if (process.platform === 'darwin') {
    const names = ['Visual Studio Code', 'Visual Studio Code - Insiders', 'VSCodium', 'Cursor'];
    return ['/Applications', join(home, 'Applications')]
      .flatMap((folder) => names.map((name) => inBundle(join(folder, `${name}.app`))))
      .filter((path) => path !== undefined);
  }
  if (process.platform === 'win32') {
    const names = ['Microsoft VS Code', 'Microsoft VS Code Insiders', 'VSCodium', 'cursor'];
    const bases = [
      process.env.LOCALAPPDATA && join(process.env.LOCALAPPDATA, 'Programs'),
      process.env.ProgramFiles,
      process.env['ProgramFiles(x86)'],
    ];
    return bases
      .filter((base) => base !== undefined)
      .flatMap((base) => names.map((name) => programIn(join(base, name))))
      .filter((path) => path !== undefined);
  }
  return [
    '/usr/share/code/code',
    '/usr/share/code-insiders/code-insiders',
    '/usr/share/codium/codium',
    '/usr/share/cursor/cursor',
    '/opt/visual-studio-code/code',
    '/snap/code/current/usr/share/code/code',
    '/snap/codium/current/usr/share/codium/codium',
  ];
}

/** @param {string} bundle a macOS application @returns {string | undefined} */
function inBundle(bundle) {
  const folder = join(bundle, 'Contents/MacOS');
  if (!existsSync(folder)) return undefined;
  // `Electron` for years, then the product's own name.
  const names = readdirSync(folder);
  const name = names.find((file) => file === 'Electron') ?? names.find((file) => !file.includes('.'));
  return name && join(folder, name);
}

/** @param {string} home a Windows installation @returns {string | undefined} */
function programIn(home) {
  return ['Code.exe', 'Code - Insiders.exe', 'VSCodium.exe', 'Cursor.exe']
    .map((name) => join(home, name))
    .find((path) => existsSync(path));
}

/** @param {string} executable @returns {string | undefined} the version of VS Code it is, or is built from */
function versionOf(executable) {
  const home = dirname(executable);
  const candidates = [join(home, 'resources/app'), resolve(home, '../Resources/app')];
  // Newer Windows installations keep each version in a folder of its own beside the program.
  if (process.platform === 'win32') {
    for (const name of readdirSync(home)) candidates.push(join(home, name, 'resources/app'));
  }
  for (const app of candidates) {
    try {
      const product = JSON.parse(readFileSync(join(app, 'product.json'), 'utf8'));
      const { version } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8'));
      return product.vscodeVersion ?? version;
    } catch {
      // Not there, or not readable: the next place may be.
    }
  }
  return undefined;
}

/** @param {string} version */
function isOlder(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldest[0] || (major === oldest[0] && minor < oldest[1]);
}
