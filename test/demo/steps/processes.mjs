import { spawn } from 'node:child_process';
import { createWriteStream, rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { stopGroup } from '../../host/vscodeServer.mjs';

/**
 * Everything a run has started or put on disk, so that its end takes all of it away: first what runs, all at once, then
 * the folders it wrote to. Once, however the run ends.
 */
export class Leftovers {
  /** @type {(() => unknown)[]} */
  #running = [];
  /** @type {(() => unknown)[]} */
  #onDisk = [];
  /** @type {Promise<void> | undefined} */
  #ending;

  /** A signal ends the run: who caught it exits. */
  signalled = false;

  get ending() {
    return this.#ending !== undefined;
  }

  /** @param {() => unknown} stop */
  add(stop) {
    this.#running.push(stop);
  }

  /** @param {string} folder */
  addFolder(folder) {
    this.#onDisk.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }));
  }

  end() {
    return (this.#ending ??= this.#endOnce());
  }

  async #endOnce() {
    for (const each of [this.#running, this.#onDisk]) {
      const ends = await Promise.allSettled(each.map(async (end) => end()));
      for (const end of ends) {
        if (end.status === 'rejected') console.error(`demo: not taken away: ${String(end.reason)}`);
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
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, log: string, leftovers: Leftovers, urgent?: boolean }} options
 *   `urgent`: before the rest of the machine, where that may be asked for
 */
export function startNode(args, { env = process.env, log, leftovers, urgent = false }) {
  const child = spawn(process.execPath, args, {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
  });
  if (urgent && child.pid !== undefined) {
    try {
      setPriority(child.pid, constants.priority.PRIORITY_HIGHEST);
    } catch {
      // Only root may; the figures are then those of a busier machine.
    }
  }
  const file = createWriteStream(log);
  child.stdout?.pipe(file, { end: false });
  child.stderr?.pipe(file, { end: false });
  leftovers.add(() => (process.platform === 'win32' ? child.kill() : stopGroup(child)));
  return child;
}
