import type { Channel, Workers, WorkerHandle } from '../platform/channel';
import type { Clock } from '../platform/clock';
import { DisposableStack, type Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { Log } from '../platform/log';
import { rpcClient, RpcError, type RpcClient, type RpcMethods } from '../platform/rpc';

export type WorkerState =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'running' }
  | { readonly kind: 'restarting'; readonly reason: string; readonly since: number };

const firstDelay = 500;
const longestDelay = 60_000;
/** A worker that held this long starts over with the shortest delay. */
const steady = 60_000;

/**
 * Keeps one worker running: when it goes, it is started again after a delay that doubles, and `prepare` runs again on
 * the new one. What was asked of the one that went is rejected with RpcError; nothing is asked twice by itself.
 */
export class SupervisedWorker<
  Methods extends RpcMethods,
  Events extends Record<string, unknown>,
> implements Disposable {
  readonly #changed: Emitter<WorkerState>;
  readonly #started: Emitter<RpcClient<Methods, Events>>;
  #running: { client: RpcClient<Methods, Events>; held: DisposableStack } | undefined;
  #state: WorkerState = { kind: 'stopped' };
  #retry: Disposable | undefined;
  #delay = firstDelay;
  #disposed = false;
  readonly onDidChange: Event<WorkerState>;
  /** A worker is up: subscribe to its events and tell it what it must know. */
  readonly onDidStart: Event<RpcClient<Methods, Events>>;

  constructor(
    private readonly of: {
      readonly name: 'code' | 'telemetry';
      readonly workers: Workers;
      readonly data: unknown;
      readonly clock: Clock;
      readonly log: Log;
      /** Answers what the worker asks of the host. */
      readonly serve?: (channel: Channel) => Disposable;
    },
  ) {
    const report = (error: unknown): void => of.log.error('A listener failed', error);
    this.#changed = new Emitter(report);
    this.#started = new Emitter(report);
    this.onDidChange = this.#changed.event;
    this.onDidStart = this.#started.event;
  }

  get state(): WorkerState {
    return this.#state;
  }

  start(): void {
    if (this.#running || this.#disposed) return;
    this.#retry?.dispose();
    this.#retry = undefined;
    const { name, workers, data, clock, log } = this.of;
    const held = new DisposableStack();
    let handle: WorkerHandle;
    try {
      handle = held.add(workers.start(name, data));
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
      return;
    }
    const client = held.add(rpcClient<Methods, Events>(handle.channel));
    if (this.of.serve) held.add(this.of.serve(handle.channel));
    const began = clock.monotonic();
    held.add(
      handle.channel.onClose((reason) => {
        if (this.#running?.client !== client) return;
        this.#running = undefined;
        held.dispose();
        if (clock.monotonic() - began > steady) this.#delay = firstDelay;
        this.#fail(reason);
      }),
    );
    this.#running = { client, held };
    log.info(`${name} worker started`);
    this.#enter({ kind: 'running' });
    this.#started.fire(client);
  }

  call<Name extends keyof Methods & string>(
    name: Name,
    request: Parameters<Methods[Name]>[0],
    signal?: AbortSignal,
  ): Promise<Awaited<ReturnType<Methods[Name]>>> {
    if (!this.#running) return Promise.reject(new RpcError('Closed', `The ${this.of.name} worker is not running`));
    return this.#running.client.call(name, request, signal);
  }

  dispose(): void {
    this.#disposed = true;
    this.#retry?.dispose();
    const running = this.#running;
    this.#running = undefined;
    running?.held.dispose();
    this.#changed.dispose();
    this.#started.dispose();
  }

  #fail(reason: string): void {
    if (this.#disposed) return;
    this.of.log.warn(`${this.of.name} worker went: ${reason}; starting it again in ${this.#delay} ms`);
    this.#enter({ kind: 'restarting', reason, since: this.of.clock.now() });
    this.#retry = this.of.clock.after(this.#delay, () => this.start());
    this.#delay = Math.min(this.#delay * 2, longestDelay);
  }

  #enter(state: WorkerState): void {
    this.#state = state;
    this.#changed.fire(state);
  }
}
