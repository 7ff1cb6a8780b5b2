import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Runs inside the worker beside the bundle: collects its heap and says what is left, buffers included. */
const probed = `
const { parentPort, workerData } = require('node:worker_threads');
require('node:v8').setFlagsFromString('--expose-gc');
const collect = require('node:vm').runInNewContext('gc');
parentPort.on('message', (message) => {
  if (message.probe !== 'heap') return;
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  parentPort.postMessage({ probe: 'heap', bytes: heapUsed + arrayBuffers });
});
require(workerData.bundle);
`;

/** As src/platform/node/workerChannel.ts gives them. */
const resourceLimits = { telemetry: { maxYoungGenerationSizeMb: 96 } };

/**
 * Starts one of our worker bundles and speaks its request protocol, as the editor does. With `probe`, `heap` answers
 * the bytes the worker holds after a collection.
 */
export function startWorker(root, name, workerData, { probe = false } = {}) {
  const bundle = join(root, `dist/worker-${name}.js`);
  const limits = { resourceLimits: resourceLimits[name] ?? {} };
  const worker = probe
    ? new Worker(probed, { ...limits, eval: true, workerData: { ...workerData, bundle } })
    : new Worker(bundle, { ...limits, workerData });
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
    heap: () =>
      new Promise((resolve) => {
        const answered = (message) => {
          if (message?.probe !== 'heap') return;
          worker.off('message', answered);
          resolve(message.bytes);
        };
        worker.on('message', answered);
        worker.postMessage({ probe: 'heap' });
      }),
    stop: () => worker.terminate(),
  };
}

export function quantile(values, q) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}

export const median = (values) => quantile(values, 0.5);
