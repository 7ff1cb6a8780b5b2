import type { SignalFacts } from '../../model/facts';
import { DisposableStack } from '../../platform/disposable';
import type { IncomingRequest, Listener, OutgoingResponse } from '../../platform/listen';
import type { ServiceGraph } from '../../model/serviceGraph';
import type { FactsRequest, GraphRequest, ReceiverStatus } from '../api';
import { BodyReader, type BodyLimits } from '../receiver/body';
import { otlpHandler, signalOf } from '../receiver/otlpHandler';
import { jsonReply } from '../receiver/reply';
import { storeFolder } from '../store/readStored';
import { Segments } from '../store/segments';
import { SignalStore } from '../store/signalStore';
import { storeBackend } from '../store/storeBackend';
import { storeGraph } from '../store/storeGraph';
import { isQueryPath, queryHandler } from './queryHandler';
import { ReceiverFileAccess, type ReceiverFile } from './receiverFile';
import type { TelemetryPorts } from './ports';
import { changesWaitMs } from './wire';

/** Killing the owner loses at most what came since the last write: well under five seconds. */
const flushEveryMs = 2_500;
const maintainEveryMs = 1_000;
/** How often those who asked are told of changes. */
const tellEveryMs = 500;
const checkEveryMs = 1_500;
const maxWaiting = 256;

export interface OwnerPorts extends TelemetryPorts {
  /** Whether another process answers as the store's owner. */
  readonly isAlive: (owner: ReceiverFile) => Promise<boolean>;
}

export interface OwnerOptions {
  readonly home: string;
  readonly homeId: string;
  readonly address: string;
  /** Asked of exporters. */
  readonly exporterToken: string | null;
  readonly bodyLimits?: BodyLimits;
}

export interface OwnerEvents {
  readonly changed: () => void;
  /** Another process has become the owner: this one is to be disposed. */
  readonly displaced: () => void;
}

/** Owns the store: takes OTLP, answers questions, writes to disk. */
export class StoreOwner {
  readonly #ports: OwnerPorts;
  readonly #options: OwnerOptions;
  readonly #events: OwnerEvents;
  readonly #store: SignalStore;
  readonly #segments: Segments;
  readonly #file: ReceiverFileAccess;
  readonly #token: string;
  readonly #held = new DisposableStack();
  readonly #waiting = new Set<(version: number) => void>();
  #listener: Listener | undefined;
  #record: ReceiverFile | undefined;
  #isReady = false;
  #isLeaving = false;
  #toldVersion = 0;
  #problem: string | null = null;

  constructor(ports: OwnerPorts, options: OwnerOptions, events: OwnerEvents) {
    this.#ports = ports;
    this.#options = options;
    this.#events = events;
    this.#store = new SignalStore(ports.clock);
    const folder = storeFolder(ports.paths, options.home);
    this.#segments = new Segments(ports, folder, this.#store.rollups);
    this.#file = new ReceiverFileAccess(ports.files, ports.paths, options.home);
    this.#token = ports.hash.random(32);
  }

  /** Binds the port: who can, owns the store. Rejects with ListenError. Requests are answered once `open` is done. */
  async bind(port: number): Promise<void> {
    this.#listener = await this.#ports.listen.http(this.#options.address, port, this.#handler());
  }

  /** Says who owns the store, reads it, and starts the clockwork. */
  async open(problem: string | null): Promise<void> {
    const { clock, pid } = this.#ports;
    this.#problem = problem;
    const port = this.#listener?.port ?? 0;
    const { address } = this.#options;
    this.#record = { pid, address, port, token: this.#token, startedAt: clock.now(), protocol: 1 };
    await this.#file.write(this.#record);
    this.#store.restored(await this.#segments.load(clock.now()));
    this.#isReady = true;
    this.#held.add(clock.every(tellEveryMs, () => this.#tell()));
    this.#held.add(clock.every(maintainEveryMs, () => this.#store.maintain()));
    this.#held.add(clock.every(flushEveryMs, () => void this.#segments.flush(clock.now())));
    this.#held.add(clock.every(checkEveryMs, () => void this.#check()));
    this.#ports.log.info(`Taking OTLP on ${address}:${port}`);
  }

  status(): ReceiverStatus {
    return {
      role: 'owner',
      address: this.#options.address,
      port: this.#listener?.port ?? null,
      problem: this.#problem,
      spansReceived: this.#store.spansReceived,
      rejected: this.#store.rejected,
      newest: this.#store.newest,
    };
  }

  facts(request: FactsRequest, signal: AbortSignal): Promise<SignalFacts> {
    return this.#ports.answerFacts(storeBackend(this.#store), request, this.#ports.clock.now(), signal);
  }

  instances: SignalStore['instancesSince'] = (flag, environment, since) =>
    this.#store.instancesSince(flag, environment, since);

  graph({ environment, windowMinutes }: GraphRequest): ServiceGraph {
    const now = this.#ports.clock.now();
    return storeGraph(this.#store, environment, { from: now - windowMinutes * 60_000, to: now });
  }

  /** Lets the port and the store go. Exporters are asked to come back, so that nothing falls between two owners. */
  async close(): Promise<void> {
    this.#isLeaving = true;
    this.#isReady = false;
    this.#held.dispose();
    for (const tell of [...this.#waiting]) tell(this.#store.version);
    if (this.#record) await this.#segments.flush(this.#ports.clock.now());
    await this.#listener?.close();
    await this.#file.removeOwn(this.#token);
  }

  /** As `close`, without a last write: the store is another's already. */
  async yield(): Promise<void> {
    this.#isLeaving = true;
    this.#isReady = false;
    this.#held.dispose();
    for (const tell of [...this.#waiting]) tell(this.#store.version);
    await this.#listener?.close();
  }

  #handler(): (request: IncomingRequest) => Promise<OutgoingResponse> {
    const { address, exporterToken, homeId, bodyLimits } = this.#options;
    const { log, compress } = this.#ports;
    const isReady = (): boolean => this.#isReady;
    const bodies = new BodyReader(compress, bodyLimits);
    const otlp = otlpHandler({
      address,
      token: exporterToken,
      bodies,
      log,
      isReady,
      take: (decoded) => this.#store.ingest(decoded),
      refused: () => this.#store.refused(),
    });
    const query = queryHandler({
      address,
      token: this.#token,
      homeId,
      bodies,
      log,
      isReady,
      status: () => this.status(),
      facts: (request) => this.facts(request, new AbortController().signal),
      instances: ({ flag, environment, since }) => this.instances(flag, environment, since),
      graph: (asked) => this.graph(asked),
      changes: (since) => this.#changes(since),
    });
    return async (request) => {
      const [path = '', search = ''] = request.target.split('?', 2);
      const signal = signalOf(path);
      if (signal) return otlp(request, signal);
      if (isQueryPath(path)) return query(request, path, new URLSearchParams(search));
      return jsonReply(404, { message: 'OTLP is taken at /v1/traces, /v1/logs and /v1/metrics' });
    };
  }

  #changes(since: number): Promise<number> {
    const { version } = this.#store;
    if (version !== since || this.#isLeaving || this.#waiting.size >= maxWaiting) return Promise.resolve(version);
    return new Promise((resolve) => {
      const tell = (now: number): void => {
        timer.dispose();
        this.#waiting.delete(tell);
        resolve(now);
      };
      const timer = this.#ports.clock.after(changesWaitMs, () => tell(this.#store.version));
      this.#waiting.add(tell);
    });
  }

  #tell(): void {
    const { version } = this.#store;
    if (version === this.#toldVersion) return;
    this.#toldVersion = version;
    for (const tell of [...this.#waiting]) tell(version);
    this.#events.changed();
  }

  #isOpen(): boolean {
    return this.#isReady && !this.#isLeaving;
  }

  /** Two processes that bound different ports at once find each other here: the one the file names stays. */
  async #check(): Promise<void> {
    if (!this.#record || !this.#isOpen()) return;
    try {
      const named = await this.#file.read();
      if (named?.token === this.#token || !this.#isOpen()) return;
      if (named && (await this.#ports.isAlive(named))) this.#events.displaced();
      else await this.#file.write(this.#record);
    } catch (error) {
      this.#ports.log.error('receiver.json could not be checked', error);
    }
  }
}
