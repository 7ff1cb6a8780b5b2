import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const workspace = resolve(import.meta.dirname, '../workspace');
/** What is installed and built, by service. */
export const built = resolve(import.meta.dirname, '../../../.cache/polyglot');

const patienceMs = 480_000;

/** What is done in a service's own folder below {@link built}, `from` being its code. */
const recipes = {
  async catalogue(folder, from) {
    for (const name of ['package.json', 'package-lock.json']) cpSync(join(from, name), join(folder, name));
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  },
  async recommendations(folder, from) {
    await run('python3', ['-m', 'venv', join(folder, 'venv')], folder);
    const requirements = join(from, 'requirements.txt');
    await run(
      join(folder, 'venv/bin/pip'),
      ['install', '--quiet', '--disable-pip-version-check', '-r', requirements],
      folder,
    );
  },
  async shipping(folder, from) {
    await run('go', ['build', '-o', join(folder, 'shipping'), '.'], from);
  },
  async invoices(folder, from) {
    // Maven leaves what it compiles beside the code.
    const code = join(folder, 'code');
    cpSync(from, code, { recursive: true });
    const goals = ['compile', 'dependency:build-classpath', `-Dmdep.outputFile=${join(folder, 'classpath')}`];
    await run('mvn', ['--quiet', '--batch-mode', '--no-transfer-progress', ...goals], code);
  },
};

/** Commands that start a service, in the folder of its code. */
export const commands = {
  catalogue: () => [process.execPath, '--require', './telemetry.js', 'server.js'],
  recommendations: () => [join(built, 'recommendations/venv/bin/python'), 'app.py'],
  shipping: () => [join(built, 'shipping/shipping')],
  invoices: () => {
    const classpath = `${join(built, 'invoices/code/target/classes')}:${readFileSync(join(built, 'invoices/classpath'), 'utf8')}`;
    // Short-lived, and not alone on its machine.
    return [
      'java',
      '-XX:TieredStopAtLevel=1',
      '-XX:+UseSerialGC',
      '-Xmx256m',
      '-cp',
      classpath,
      'shop.invoices.Invoices',
    ];
  },
};

/** Of a service that is interpreted, only what it needs is installed. */
const made = {
  catalogue: ['package.json', 'package-lock.json'],
  recommendations: ['requirements.txt'],
};

/** Installs and builds a service, unless it has been from the very same files. @param {keyof typeof recipes} service */
export async function buildService(service) {
  const from = join(workspace, service);
  const folder = join(built, service);
  const done = join(folder, '.ok');
  const state = fingerprint(from, made[service]);
  if (existsSync(done) && readFileSync(done, 'utf8') === state) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await recipes[service](folder, from);
  writeFileSync(done, state);
}

/** Of these files of a folder, or of all. */
function fingerprint(folder, names) {
  const hash = createHash('sha256');
  const files = names ?? readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const name of files.filter((each) => statSync(join(folder, each)).isFile()).sort())
    hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
  return hash.digest('hex');
}

/** Rejects with what the command said. @param {string} command @param {string[]} args @param {string} cwd */
function run(command, args, cwd) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], timeout: patienceMs });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)));
    child.once('error', failed);
    child.once('close', (code, signal) => {
      if (code === 0) done();
      else failed(new Error(`${command} ${args.join(' ')}: ${code ?? signal}\n${said}`));
    });
  });
}
