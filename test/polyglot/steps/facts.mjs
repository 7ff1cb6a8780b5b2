import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rgPath } from '@vscode/ripgrep';
import { startWorker } from '../../bench/workerRpc.mjs';
import { root } from '../../demo/steps/install.mjs';

const environment = 'production';
const windowMinutes = 15;

/**
 * The product's own telemetry worker, as the window that holds the store.
 * @param {{ home: string, port: number, leftovers: import('../../demo/steps/processes.mjs').Leftovers }} options
 */
export async function startReceiver({ home, port, leftovers }) {
  const telemetry = startWorker(root, 'telemetry', {});
  leftovers.add(async () => {
    await telemetry.call('stop', {});
    await telemetry.stop();
  });
  const {
    role,
    problem,
    port: taken,
  } = await telemetry.call('start', { home, address: '127.0.0.1', port, token: null });
  if (role !== 'owner' || taken !== port)
    throw new Error(`the receiver does not listen on ${port}: ${problem ?? role}`);
  return telemetry;
}

/** The product's own finder over the workspace. @param {{ workspace: string, leftovers: import('../../demo/steps/processes.mjs').Leftovers }} options */
export async function startFinder({ workspace, leftovers }) {
  const code = startWorker(root, 'code', { grammars: join(root, 'dist/grammars'), ripgrep: [rgPath], storage: null });
  leftovers.add(() => code.stop());
  await code.call('index', { root: workspace, knownKeys: ['new-pricing'], exclude: [] });
  return code;
}

/**
 * What stands beside one flag in one file: the finder's reference and code path, the matcher's operation, the arms of its
 * calls. Asked as the editor asks for a visible file.
 * @param {import('./places.mjs').Place} place
 * @param {{ workspace: string, code: object, telemetry: object }} of
 * @returns {Promise<{ reference?: object, path?: object, flag?: object, problem?: string }>}
 */
export async function factsBeside(place, { workspace, code, telemetry }) {
  const found = await code.call('facts', { root: workspace, path: place.file });
  if (!found) return { problem: 'the finder does not read this file' };
  const at = lineOf(join(workspace, place.file), place.line);
  const reference = found.references.find(({ key, line }) => key === place.flag && line === at);
  if (!reference) return { problem: `no reference to "${place.flag}" in line ${at}` };
  const around = found.codePaths
    .filter(({ startLine, endLine }) => startLine <= at && at <= endLine)
    .sort((a, b) => a.endLine - a.startLine - (b.endLine - b.startLine));
  const ids = around.map(idOf);
  const answer = await telemetry.call('facts', {
    environment,
    windowMinutes,
    codePaths: found.codePaths,
    overrides: {},
    services: {},
    flags: ids.slice(0, 1).map((id) => ({ key: place.flag, at: [id], effective: null, offVariant: null })),
  });
  const path = answer.paths.find(({ codePathId }) => codePathId === ids[0]);
  if (!path) return { reference, problem: `no operation was matched to ${around[0]?.name ?? 'any code path'}` };
  const flag = answer.flags.find(({ key, operation }) => key === place.flag && operation?.id === path.operation.id);
  return { reference, path, flag, ...(!flag && { problem: `no arms at ${path.operation.name}` }) };
}

/** As src/model/reference.ts makes it. */
const idOf = ({ path, startLine, startColumn }) => `${path}:${startLine}:${startColumn}`;

/** `sightglass status KEY --json`: the flag's arms by service. */
export async function statusOf(key, { workspace, home }) {
  const args = [join(root, 'dist/cli.js'), 'status', key, '--json', '--environment', environment];
  const env = { ...process.env, SIGHTGLASS_HOME: home };
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: workspace, env, timeout: 60_000 });
  const [{ telemetry }] = JSON.parse(stdout).environments;
  if (telemetry.state !== 'ok') throw new Error(`status ${key}: ${telemetry.reason}`);
  return telemetry.facts.flags;
}

/** @param {string} file @param {string} text @returns {number} 1-based */
function lineOf(file, text) {
  const line =
    readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((one) => one.includes(text)) + 1;
  if (line === 0) throw new Error(`${file} no longer holds ${text}`);
  return line;
}
