import { startNode } from './processes.mjs';

/**
 * Starts a program of customers (load/traffic.mjs).
 * @param {string[]} args
 * @param {{ log: string, urgent: boolean, leftovers: import('./processes.mjs').Leftovers }} options
 */
export function startTraffic(args, { log, leftovers, urgent }) {
  const child = startNode(args, { log, leftovers, urgent });
  const answer = (wanted, ask) =>
    new Promise((resolve, reject) => {
      const ended = (code) => reject(new Error(`the load generator ended (${code}); see ${log}`));
      const hear = (message) => {
        if (!(wanted in message)) return;
        child.off('message', hear).off('exit', ended);
        resolve(message);
      };
      child.on('message', hear).once('exit', ended);
      if (ask) child.send({ ask });
    });
  return {
    /** Resolves when the first customer comes. */
    started: answer('started'),
    /** @returns {Promise<{ tally: import('../load/tally.mjs').Arm[], inFlight: number, at: number }>} `inFlight`: requests not answered yet */
    tally: () => answer('tally', 'tally'),
    /** Lets nobody else in. @returns {Promise<import('../load/tally.mjs').Arm[]>} the tally, once the last customer has been served */
    stop: async () => (await answer('stopped', 'stop')).stopped.tally,
  };
}
