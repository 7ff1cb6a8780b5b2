// Binaries of a Debian package, unpacked below .cache/servers/NAME: no service is started, nothing of the system changes.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const cache = resolve(import.meta.dirname, '../../../.cache/servers');

const quiet = (command, args, cwd) =>
  execFileSync(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', timeout: 300_000 });

function download(name, folder) {
  try {
    quiet('apt-get', ['download', '-q', name], folder);
  } catch {
    // A fresh machine has no package lists yet; only root may fetch them.
    const root = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
    const [command, ...args] = [...root, 'apt-get', 'update', '-qq'];
    quiet(command, args);
    quiet('apt-get', ['download', '-q', name], folder);
  }
}

/** Path of `binary` of the unpacked package `name`, or of the one of the system; null where neither is there. */
export function packagedBinary(name, binary) {
  const unpacked = join(cache, name, 'usr/bin', binary);
  if (existsSync(unpacked)) return unpacked;
  const installed = join('/usr/bin', binary);
  return existsSync(installed) ? installed : null;
}

/** Fetches and unpacks the package unless it is there. Throws with what to do. */
export function unpackPackage(name, binaries) {
  if (binaries.every((binary) => packagedBinary(name, binary) !== null)) return;
  const target = join(cache, name);
  const made = `${target}.new`;
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  try {
    download(name, made);
    const archive = readdirSync(made).find((file) => file.endsWith('.deb'));
    if (archive === undefined) throw new Error('apt-get downloaded nothing');
    quiet('dpkg-deb', ['-x', join(made, archive), made]);
    rmSync(join(made, archive));
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    const said = String(error.stderr ?? '').trim() || error.message;
    throw new Error(`${name} could not be fetched from Debian (apt-get download ${name}): ${said}`, { cause: error });
  }
  rmSync(target, { recursive: true, force: true });
  renameSync(made, target);
  const missing = binaries.find((binary) => packagedBinary(name, binary) === null);
  if (missing !== undefined) throw new Error(`Debian's ${name} has no ${missing}`);
}
