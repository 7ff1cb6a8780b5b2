import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const demo = join(root, 'test/demo');

/** What the project itself is built with and runs on; developers' tools stay out. */
export function installProject() {
  if (!installed(root)) npm(['ci', '--omit=dev', '--ignore-scripts'], root);
}

export function installShop() {
  if (!installed(demo)) npm(['ci', '--ignore-scripts'], demo);
}

/**
 * A package of the project's developers' tools, when it is not there already: the check drives a browser.
 * @param {string} name @returns {string} the folder whose node_modules holds it
 */
export function installTool(name) {
  if (existsSync(join(root, 'node_modules', name))) return root;
  const folder = join(root, '.cache/tools');
  const { version } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages[
    `node_modules/${name}`
  ];
  const there = join(folder, 'node_modules', name, 'package.json');
  if (!existsSync(there) || JSON.parse(readFileSync(there, 'utf8')).version !== version) {
    mkdirSync(folder, { recursive: true });
    npm(['install', '--prefix', folder, '--no-save', '--ignore-scripts', `${name}@${version}`], folder);
  }
  return folder;
}

/** @returns {number} megabytes unpacked of what the demo installs: the project's packages and the shop's */
export function installedMegabytes() {
  return (bytesBelow(join(root, 'node_modules')) + bytesBelow(join(demo, 'node_modules'))) / 1e6;
}

export function build() {
  run(process.execPath, [join(root, 'esbuild.mjs'), '--production', '--installed-grammars'], root);
}

/** @param {string} folder @returns {boolean} whether everything its package.json runs on is there, in the locked version */
function installed(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  return Object.keys(manifest.dependencies).every((name) => {
    const file = join(folder, 'node_modules', name, 'package.json');
    return (
      existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).version === packages[`node_modules/${name}`].version
    );
  });
}

function bytesBelow(folder) {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}

function npm(args, cwd) {
  run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], cwd);
}

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
    // npm is a .cmd file there, and those need the shell.
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (status === 0) return;
  const why = error ? error.message : `exit code ${status}`;
  throw new Error(`${command} ${args.join(' ')}: ${why}\n${stdout ?? ''}${stderr ?? ''}`.trimEnd());
}
