import { spawn } from 'node:child_process';
import { createWriteStream, rmSync } from 'node:fs';
import { stopGroup } from '../../host/vscodeServer.mjs';

/**
 * Everything a run has started or put on disk, so that its end takes all of it away: in reverse order, once, however
 * the run ends.
 */
export class Leftovers {
  /** @type {(() => unknown)[]} */
  #undo = [];
  /** @type {Promise<void> | undefined} */
  #ending;

  /** A signal ends the run: who caught it exits. */
  signalled = false;

  get ending() {
    return this.#ending !== undefined;
  }

  /** @param {() => unknown} undo */
  add(undo) {
    this.#undo.push(undo);
  }

  /** @param {string} folder */
  addFolder(folder) {
    this.add(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  }

  end() {
    return (this.#ending ??= this.#endOnce());
  }

  async #endOnce() {
    for (const undo of this.#undo.reverse()) {
      try {
        await undo();
      } catch (error) {
        console.error(`demo: not taken away: ${String(error)}`);
      }
    }
  }

  /** Ctrl-C, a closed terminal and `kill` end the run in order. A second Ctrl-C does not wait. */
  endOnSignals() {
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => {
        if (this.signalled && signal === 'SIGINT') process.exit(130);
        this.signalled = true;
        console.log('\nStopping.');
        void this.end().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
      });
    }
  }
}

/**
 * Starts a Node program in a group of its own, with an IPC channel: when this process dies, however it dies, the channel
 * closes and the program ends itself.
 * @param {string[]} args @param {{ env?: NodeJS.ProcessEnv, log: string, leftovers: Leftovers, cwd?: string }} options
 */
export function startNode(args, { env = process.env, log, leftovers, cwd }) {
  const child = spawn(process.execPath, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
  });
  const file = createWriteStream(log);
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  leftovers.add(() => (process.platform === 'win32' ? child.kill() : stopGroup(child)));
  return child;
}
