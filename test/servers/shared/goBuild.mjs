import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const servers = resolve(import.meta.dirname, '..');
const files = ['go.mod', 'go.sum'];
const buildMs = 1_500_000;

/**
 * Where the binary of a module is, and what builds it there unless it is: by the versions and checksums of
 * `test/servers/<name>`, once for these.
 * @param {{ name: string, module: string, executable: string }} of
 */
export function goRecipe({ name, module, executable }) {
  const recipe = join(servers, name);
  const version = createHash('sha256')
    .update(files.map((file) => readFileSync(join(recipe, file), 'utf8')).join('\n'))
    .digest('hex')
    .slice(0, 16);
  const folder = resolve(servers, '../../.cache/servers', name, version);
  const binary = join(folder, process.platform === 'win32' ? `${executable}.exe` : executable);
  const build = () => {
    if (existsSync(binary)) return;
    const work = join(folder, 'build');
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    for (const file of files) copyFileSync(join(recipe, file), join(work, file));
    const made = join(work, executable);
    // Every module is checked against go.sum, and nothing in it may be changed. Without debugging symbols it is smaller.
    const args = ['build', '-mod=readonly', '-trimpath', '-ldflags=-s -w', '-o', made, module];
    const env = { ...process.env, GOFLAGS: '-buildvcs=false', GOWORK: 'off', CGO_ENABLED: '0' };
    execFileSync('go', args, { cwd: work, env, stdio: ['ignore', 'ignore', 'pipe'], timeout: buildMs });
    renameSync(made, binary);
    rmSync(work, { recursive: true, force: true });
  };
  return { binary, build };
}

/**
 * Builds it as the command that it was started by: a failure that is ours ends with 1, another with a line that says which
 * suites are skipped.
 * @param {{ build: () => void }} recipe
 * @param {string} needs what the suites say that they need
 */
export function installByGo({ build }, needs) {
  try {
    build();
  } catch (error) {
    const { code, signal, stderr, message } =
      /** @type {{ code?: string, signal?: string | null, stderr?: unknown, message?: string }} */ (error);
    const why = code === 'ENOENT' ? 'Go is not installed (1.25 or newer is needed)' : String(stderr ?? '').trim();
    console.error(`${needs} could not be built: ${why || message}`);
    // Its compiler wants gigabytes and minutes: a machine that is too small for that says nothing of the product.
    const isTooMuch = Boolean(signal) || /signal: killed|no space left on device/.test(why);
    if (isNotServed(error)) console.log(`skipped: needs ${needs} (Go's module proxy does not serve it here)`);
    else if (isTooMuch) console.log(`skipped: needs ${needs} (building it is too much for this machine)`);
    else process.exitCode = 1;
  }
}

/**
 * Whether a build by Go failed for what is not ours: its module proxy serves some versions of some modules, not everywhere
 * the same. Then the server is not there, as where a toolchain is missing (test/optional.json); any other failure is one.
 * @param {unknown} error as execFileSync throws it, or with it as its cause
 */
export function isNotServed(error) {
  const { stderr, message, cause } = /** @type {{ stderr?: unknown, message?: string, cause?: unknown }} */ (error);
  const words = `${String(stderr ?? '')} ${message ?? ''}`;
  if (/reading https?:\S+.*: (40[34]|410|5\d\d) |dial tcp|no such host|i\/o timeout|proxyconnect/s.test(words))
    return true;
  return cause !== undefined && isNotServed(cause);
}
