// Compilers and checkers of syntax that test/contract/authoringCompiles.test.ts runs programs through, from Debian: those
// of languages whose own are not on the machine yet. Go, the JDK and Python are there for the services of test/polyglot.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = { ruby: 'ruby', php: 'php-cli', kotlinc: 'kotlin', rustc: 'rustc' };

const isThere = (command) => spawnSync('which', [command], { stdio: 'ignore' }).status === 0;

/** Installs what is missing; nothing where all is there or the machine is no Debian. Throws with what apt-get said. */
export function installCompilers() {
  const missing = Object.entries(packages).flatMap(([command, name]) => (isThere(command) ? [] : [name]));
  if (missing.length === 0 || !existsSync('/usr/bin/apt-get')) return;
  const root = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
  const [command, ...args] = [...root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  const quiet = { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8', timeout: 900_000 };
  try {
    execFileSync(command, [...args, 'update', '-qq'], quiet);
    execFileSync(command, [...args, 'install', '-y', '-qq', '--no-install-recommends', ...missing], quiet);
  } catch (error) {
    const said = String(error.stderr ?? '').trim() || error.message;
    throw new Error(`${missing.join(', ')} could not be installed from Debian: ${said}`, { cause: error });
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    installCompilers();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
