import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Starts one of our worker bundles and speaks its request protocol, as the editor does. */
export function startWorker(root, name, workerData) {
  const worker = new Worker(join(root, `dist/worker-${name}.js`), { workerData });
  const pending = new Map();
  let next = 1;
  worker.on('error', (error) => {
    for (const { reject } of pending.values()) reject(error);
  });
  worker.on('message', (message) => {
    if (message?.rpc !== 'reply') return;
    const waiting = pending.get(message.id);
    pending.delete(message.id);
    if (message.error) waiting?.reject(new Error(`${message.error.name}: ${message.error.message}`));
    else waiting?.resolve(message.payload);
  });
  return {
    worker,
    call: (method, payload) =>
      new Promise((resolve, reject) => {
        const id = next++;
        pending.set(id, { resolve, reject });
        worker.postMessage({ rpc: 'request', id, name: method, payload });
      }),
    stop: () => worker.terminate(),
  };
}

export function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

export const median = (values) => quantile(values, 0.5);
