import type { Disposable } from './disposable';

/** Two-way message pipe to a worker, or to the host seen from inside one. Messages are structured-cloned. */
export interface Channel {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): Disposable;
  /** Fires once when the other side is gone, with the reason. */
  onClose(listener: (reason: string) => void): Disposable;
}

export interface WorkerHandle extends Disposable {
  readonly channel: Channel;
}

export interface Workers {
  /** `name` is the bundle: `worker-NAME.js`. */
  start(name: 'code' | 'reader' | 'review' | 'telemetry', data: unknown): WorkerHandle;
}
