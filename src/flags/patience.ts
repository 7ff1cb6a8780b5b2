import { disposable, type Disposable } from '../platform/disposable';
import type { Clock } from '../platform/clock';

/** How long a server may keep the files beside it waiting; its answer is taken whenever it comes. */
export const PATIENCE_MS = 3_000;

/** Resolves when the promise is settled, or after {@link PATIENCE_MS}. Rejects when the signal aborts before. */
export async function patiently(promise: Promise<unknown>, clock: Clock, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const held: Disposable[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      held.push(disposable(() => signal.removeEventListener('abort', abort)));
      held.push(clock.after(PATIENCE_MS, resolve));
      promise.then(
        () => resolve(),
        () => resolve(),
      );
    });
  } finally {
    for (const each of held) each.dispose();
  }
}
