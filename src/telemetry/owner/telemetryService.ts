import type { SignalFacts } from '../../model/facts';
import type { InstanceEvaluation } from '../../model/signal';
import { sleep } from '../../platform/clock';
import { Emitter, type Event } from '../../platform/emitter';
import type { FactsRequest, ReceiverStatus } from '../api';
import { isLoopback } from '../receiver/guard';
import { claimPort, type StartRequest } from './claimPort';
import { OwnerAnswerError, OwnerClient, tellsOwnerIsGone } from './ownerClient';
import type { TelemetryPorts } from './ports';
import { ReceiverFileAccess, type ReceiverFile } from './receiverFile';
import { StoreOwner } from './storeOwner';
import { StoreReader } from './storeReader';

const electionRounds = 20;
const betweenRoundsMs = 150;
/** How long a question waits for a new owner. */
const patienceMs = 6_000;

/**
 * One window's (or the command line's) part in the store they share. Whoever binds the port owns it; the others ask the
 * owner and take over when it goes. Binding decides: two that try at once cannot both have the port, and the one
 * that finds it taken asks who has it.
 */
export class TelemetryService {
  readonly #ports: TelemetryPorts;
  readonly #changed: Emitter<void>;
  readonly #statusChanged: Emitter<ReceiverStatus>;
  #start: StartRequest | undefined;
  #owner: StoreOwner | undefined;
  #reader: StoreReader | undefined;
  #failure: string | null = null;
  #role: ReceiverStatus['role'] = 'stopped';
  #election: Promise<void> | undefined;
  #stopped = new AbortController();

  constructor(ports: TelemetryPorts) {
    this.#ports = ports;
    const report = (error: unknown): void => ports.log.error('A listener failed', error);
    this.#changed = new Emitter(report);
    this.#statusChanged = new Emitter(report);
  }

  /** The rollups changed; at most every 500 ms. */
  get onChanged(): Event<void> {
    return this.#changed.event;
  }

  get onStatus(): Event<ReceiverStatus> {
    return this.#statusChanged.event;
  }

  /** False before the first start and after `stop`: nothing is received here, and no owner is asked. */
  get isStarted(): boolean {
    return this.#start !== undefined;
  }

  /** Resolves when it is known who owns the store. A second start with other values moves there. */
  async start(request: StartRequest): Promise<ReceiverStatus> {
    if (this.#start) await this.stop();
    this.#start = request;
    this.#stopped = new AbortController();
    await this.#elect();
    return this.status();
  }

  status(): ReceiverStatus {
    if (this.#owner) return this.#owner.status();
    if (this.#reader) return this.#reader.status();
    return {
      role: this.#role,
      address: this.#start?.address ?? '',
      port: null,
      problem: this.#failure,
      spansReceived: 0,
      rejected: 0,
      newest: null,
    };
  }

  facts(request: FactsRequest, signal: AbortSignal): Promise<SignalFacts> {
    return this.#ask(
      signal,
      (owner) => owner.facts(request, signal),
      (client) => client.facts(request, signal),
    );
  }

  instances(
    request: { readonly flag: string; readonly environment: string; readonly since: number },
    signal: AbortSignal,
  ): Promise<readonly InstanceEvaluation[]> {
    const { flag, environment, since } = request;
    return this.#ask(
      signal,
      async (owner) => owner.instances(flag, environment, since),
      (client) => client.instances(request, signal),
    );
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#election?.catch(() => undefined);
    this.#reader?.dispose();
    this.#reader = undefined;
    const owner = this.#owner;
    this.#owner = undefined;
    this.#start = undefined;
    this.#role = 'stopped';
    await owner?.close();
  }

  /** Asks whoever owns the store; when the owner goes meanwhile, asks its successor. */
  async #ask<T>(
    signal: AbortSignal,
    own: (owner: StoreOwner) => Promise<T>,
    other: (client: OwnerClient) => Promise<T>,
  ): Promise<T> {
    const until = this.#ports.clock.monotonic() + patienceMs;
    for (;;) {
      signal.throwIfAborted();
      if (this.#owner) return own(this.#owner);
      const reader = this.#reader;
      try {
        if (reader) return await other(reader.client);
        if (this.#role !== 'starting' || this.#ports.clock.monotonic() > until)
          throw new Error(this.#failure ?? 'The receiver is not started');
      } catch (error) {
        const isGone = tellsOwnerIsGone(error);
        const isBusy = error instanceof OwnerAnswerError && error.isBusy;
        if ((!isGone && !isBusy) || this.#ports.clock.monotonic() > until) throw error;
        if (isGone) reader?.ownerIsGone();
      }
      if (this.#election) await this.#election;
      else await sleep(this.#ports.clock, betweenRoundsMs, this.#stopped.signal);
    }
  }

  #elect(): Promise<void> {
    this.#election ??= this.#runElection()
      .catch((error: unknown) => {
        this.#setRole('failed', error instanceof Error ? error.message : String(error));
        throw error;
      })
      .finally(() => (this.#election = undefined));
    return this.#election;
  }

  async #runElection(): Promise<void> {
    const start = this.#start;
    if (!start) return;
    this.#setRole('starting', null);
    if (!isLoopback(start.address) && start.token === null) {
      const problem = this.#ports.l10n.t(
        'Listening on {0}, which other machines reach, needs a token. Set one, or listen on 127.0.0.1.',
        start.address,
      );
      this.#setRole('failed', problem);
      return;
    }
    await this.#ports.files.makeFolder(start.home, 0o700);
    const file = new ReceiverFileAccess(this.#ports.files, this.#ports.paths, start.home);
    for (let round = 0; round < electionRounds && !this.#stopped.signal.aborted; round++) {
      const known = await file.read();
      if (known && (await this.#isAlive(known))) {
        this.#read(known);
        return;
      }
      const claim = await claimPort(this.#ports, start, known, (homeId) => this.#candidate(start, homeId));
      if (claim.kind === 'bound') return this.#own(claim.owner, claim.problem);
      if (claim.kind === 'failed') {
        this.#setRole('failed', claim.problem);
        return;
      }
      if (claim.isSilent && known) {
        this.#read(known);
        return;
      }
      // Somebody else has just bound it and will say so in a moment.
      await sleep(this.#ports.clock, betweenRoundsMs);
    }
    if (this.#stopped.signal.aborted) return;
    const last = await file.read();
    if (last) {
      this.#read(last);
      return;
    }
    this.#setRole('failed', this.#ports.l10n.t('Another Sightglass holds the port and does not answer. Close it.'));
  }

  async #isAlive(owner: ReceiverFile): Promise<boolean> {
    try {
      await new OwnerClient(this.#ports.http, owner).status();
      return true;
    } catch {
      return false;
    }
  }

  #candidate(start: StartRequest, homeId: string): StoreOwner {
    return new StoreOwner(
      { ...this.#ports, isAlive: (other) => this.#isAlive(other) },
      { home: start.home, homeId, address: start.address, exporterToken: start.token },
      { changed: () => this.#changed.fire(), displaced: () => this.#displaced() },
    );
  }

  async #own(owner: StoreOwner, problem: string | null): Promise<void> {
    this.#reader?.dispose();
    this.#reader = undefined;
    try {
      await owner.open(problem);
    } catch (error) {
      await owner.yield();
      this.#ports.log.error('The store could not be opened', error);
      const words = error instanceof Error ? error.message : String(error);
      this.#setRole('failed', this.#ports.l10n.t('The store could not be opened: {0}', words));
      return;
    }
    this.#owner = owner;
    this.#setRole('owner', null);
    this.#changed.fire();
  }

  #read(known: ReceiverFile): void {
    this.#reader?.dispose();
    const start = this.#start;
    const problem =
      start && known.port !== start.port
        ? this.#ports.l10n.t('Another window listens on port {0}.', String(known.port))
        : null;
    this.#reader = new StoreReader(this.#ports, new OwnerClient(this.#ports.http, known), problem, {
      changed: () => this.#changed.fire(),
      status: () => this.#statusChanged.fire(this.status()),
      gone: () => this.#electLater(),
    });
    this.#setRole('reader', null);
    this.#changed.fire();
  }

  #displaced(): void {
    const owner = this.#owner;
    if (!owner) return;
    this.#owner = undefined;
    this.#role = 'starting';
    owner.yield().then(
      () => this.#electLater(),
      (error: unknown) => this.#ports.log.error('The receiver could not be closed', error),
    );
  }

  /** Nobody waits for this election: what goes wrong is said in the status. */
  #electLater(): void {
    this.#elect().catch((error: unknown) => {
      this.#ports.log.error('Who owns the store could not be settled', error);
    });
  }

  #setRole(role: ReceiverStatus['role'], failure: string | null): void {
    this.#role = role;
    this.#failure = failure;
    this.#statusChanged.fire(this.status());
  }
}
