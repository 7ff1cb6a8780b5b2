import { join } from 'node:path';
import { parentPort, Worker, type ResourceLimits } from 'node:worker_threads';
import type { Channel, WorkerHandle, Workers } from '../channel';
import { disposable } from '../disposable';

/** The pipe to whoever started this worker thread; throws outside of one. */
export function parentChannel(): Channel {
  const port = parentPort;
  if (!port) throw new Error('Not a worker thread');
  return {
    post: (message) => port.postMessage(message),
    onMessage(listener) {
      port.on('message', listener);
      return disposable(() => port.off('message', listener));
    },
    onClose(listener) {
      const closed = (): void => listener('The host closed the channel');
      port.once('close', closed);
      return disposable(() => port.off('close', closed));
    },
  };
}

/** Worker threads of the bundles in `distFolder`: `worker-code.js`, `worker-reader.js`, `worker-review.js`, `worker-telemetry.js`. */
export function nodeWorkers(distFolder: string): Workers {
  return {
    start: (name, data) => startWorker(join(distFolder, `worker-${name}.js`), data, resourceLimits[name] ?? {}),
  };
}

/**
 * At full rate half a second of traces is held, which in V8's usual 48 MB is moved over and over before it is dropped.
 * The room is taken only as it is needed.
 */
const resourceLimits: Readonly<Record<string, ResourceLimits>> = { telemetry: { maxYoungGenerationSizeMb: 96 } };

function startWorker(bundle: string, data: unknown, limits: ResourceLimits): WorkerHandle {
  const worker = new Worker(bundle, { workerData: data, resourceLimits: limits });
  const listeners = new Set<(reason: string) => void>();
  let closed: string | undefined;
  const close = (reason: string): void => {
    if (closed !== undefined) return;
    closed = reason;
    for (const listener of listeners) listener(reason);
    listeners.clear();
  };
  worker.on('error', (error) => close(`${bundle} failed: ${error.message}`));
  worker.on('exit', (code) => close(`${bundle} ended with code ${code}`));
  return {
    channel: {
      post: (message) => worker.postMessage(message),
      onMessage(listener) {
        worker.on('message', listener);
        return disposable(() => worker.off('message', listener));
      },
      onClose(listener) {
        if (closed === undefined) listeners.add(listener);
        else listener(closed);
        return disposable(() => listeners.delete(listener));
      },
    },
    dispose: () => void worker.terminate(),
  };
}
