import { sleep } from '../../platform/clock';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { ReceiverStatus } from '../api';
import { tellsOwnerIsGone, type OwnerClient } from './ownerClient';
import type { TelemetryPorts } from './ports';

const heartbeatMs = 1_500;
/** After an answer that was none of ours, before asking again. */
const pauseMs = 1_000;

export interface ReaderEvents {
  readonly changed: () => void;
  readonly status: () => void;
  /** The owner's port no longer answers. Told once. */
  readonly gone: () => void;
}

/** Follows the owner: hears of changes by long polling, and that it lives by asking for its status. */
export class StoreReader implements Disposable {
  readonly client: OwnerClient;
  readonly #ports: TelemetryPorts;
  readonly #problem: string | null;
  readonly #events: ReaderEvents;
  readonly #held = new DisposableStack();
  readonly #stopped = new AbortController();
  #last: ReceiverStatus | undefined;
  #isGone = false;
  #isAsking = false;

  constructor(ports: TelemetryPorts, client: OwnerClient, problem: string | null, events: ReaderEvents) {
    this.#ports = ports;
    this.client = client;
    this.#problem = problem;
    this.#events = events;
    this.#held.add(ports.clock.every(heartbeatMs, () => void this.#beat()));
    void this.#beat();
    void this.#follow();
  }

  status(): ReceiverStatus {
    const { address, port } = this.client.owner;
    return {
      role: 'reader',
      address,
      port,
      problem: this.#last?.problem ?? this.#problem,
      spansReceived: this.#last?.spansReceived ?? 0,
      rejected: this.#last?.rejected ?? 0,
      newest: this.#last?.newest ?? null,
    };
  }

  ownerIsGone(): void {
    if (this.#isGone || this.#stopped.signal.aborted) return;
    this.#isGone = true;
    this.#events.gone();
  }

  dispose(): void {
    this.#stopped.abort();
    this.#held.dispose();
  }

  async #beat(): Promise<void> {
    if (this.#isAsking || this.#isGone) return;
    this.#isAsking = true;
    try {
      const before = this.#last?.problem;
      this.#last = await this.client.status();
      if (before !== this.#last.problem) this.#events.status();
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#isAsking = false;
    }
  }

  #isFollowing(): boolean {
    return !this.#stopped.signal.aborted && !this.#isGone;
  }

  async #follow(): Promise<void> {
    let version = -1;
    while (this.#isFollowing()) {
      try {
        const now = await this.client.changes(version, this.#stopped.signal);
        if (version !== -1 && now !== version) this.#events.changed();
        version = now;
      } catch (error) {
        if (!this.#isFollowing()) return;
        this.#failed(error);
        await sleep(this.#ports.clock, pauseMs, this.#stopped.signal).catch(() => undefined);
      }
    }
  }

  /** Slow is not gone; refused is, and so is a stranger on the owner's port (the token is no longer right there). */
  #failed(error: unknown): void {
    if (tellsOwnerIsGone(error)) this.ownerIsGone();
    else this.#ports.log.debug(`The store's owner did not answer: ${String(error)}`);
  }
}
