import type { Answer } from '../model/answer';
import { lastKnown } from '../model/answer';
import type { SignalFacts } from '../model/facts';
import type { InstanceEvaluation } from '../model/signal';
import type { Clock } from '../platform/clock';
import { DisposableStack, type Disposable } from '../platform/disposable';
import { Emitter, type Event } from '../platform/emitter';
import type { Log } from '../platform/log';
import { RpcError } from '../platform/rpc';
import type { FactsRequest, ReceiverStatus, TelemetryEvents, TelemetryMethods } from '../telemetry/api';
import type { SupervisedWorker } from './supervisedWorker';

/** How often facts may be asked, by what the reader can see. */
const paces = { watched: 1_000, unfocused: 60_000 } as const;
/** Windows of time slide even when nothing new arrives. */
const slide = 15_000;
/** Asking for very many flags costs the extension host time: less often. */
const manyFlags = { from: 1_000, pace: 10_000 } as const;
const patience = 20_000;

export type Attention = 'focused' | 'unfocused' | 'hidden';

/** Where and how the receiver listens. */
export interface ReceiverPlace {
  readonly home: string;
  readonly address: string;
  readonly port: number;
  readonly token: string | null;
}

type Question = Omit<FactsRequest, 'environment'>;

/**
 * Facts by telemetry environment, asked as often as they are looked at: when rollups changed, when the question
 * changed, and as the window slides. What was known stays whatever happens.
 */
export class SignalFeed implements Disposable {
  readonly #held = new DisposableStack();
  readonly #answers = new Map<string, Answer<SignalFacts>>();
  readonly #lastAsked = new Map<string, number>();
  readonly #asking = new Map<string, AbortController>();
  /** How many flags the last question named. */
  readonly #flagCount = new Map<string, number>();
  readonly #changed: Emitter<void>;
  readonly #statusChanged: Emitter<void>;
  #status: ReceiverStatus | null = null;
  #isStarted = false;
  /** Where the receiver listens; null while other sources alone are asked. */
  #place: ReceiverPlace | null = null;
  #environments: readonly string[] = [];
  #dirty = false;
  /** Starts that are under way: until they end it is not known whom to ask. */
  #starting = 0;
  #timer: Disposable | undefined;
  #attention: Attention = 'focused';
  #urgent = false;
  readonly onDidChange: Event<void>;
  readonly onDidChangeStatus: Event<void>;

  constructor(
    private readonly of: {
      readonly worker: SupervisedWorker<TelemetryMethods, TelemetryEvents>;
      readonly clock: Clock;
      readonly log: Log;
      /** What to ask, as things are now. */
      question(environment: string): Question;
    },
  ) {
    const report = (error: unknown): void => of.log.error('A listener failed', error);
    this.#changed = new Emitter(report);
    this.#statusChanged = new Emitter(report);
    this.onDidChange = this.#changed.event;
    this.onDidChangeStatus = this.#statusChanged.event;
    this.#held.add(of.worker);
    this.#held.add(
      of.worker.onDidStart((client) => {
        client.on('changed', () => {
          this.#dirty = true;
          this.#schedule();
        });
        client.on('status', (status) => this.#takeStatus(status));
        void this.#startReceiver();
      }),
    );
    this.#held.add(
      of.worker.onDidChange((state) => {
        if (state.kind !== 'restarting') return;
        // Nobody listens any more: what was said of the one that went is no longer so.
        this.#status = null;
        this.#statusChanged.fire();
        for (const environment of this.#environments) this.#unreachable(environment, state.reason);
        this.#changed.fire();
      }),
    );
    this.#held.add(
      of.clock.every(slide, () => {
        this.#dirty = true;
        this.#schedule();
      }),
    );
  }

  /** null: nothing is connected for this environment (neither receiver nor backend, or not a trusted workspace). */
  answer(environment: string): Answer<SignalFacts> | null {
    if (!this.#isStarted) return null;
    return this.#answers.get(environment) ?? { state: 'notAsked' };
  }

  get environments(): readonly string[] {
    return this.#environments;
  }

  get status(): ReceiverStatus | null {
    return this.#status;
  }

  /** What senders must prove themselves with; null where only this machine can reach the receiver. For the clipboard alone. */
  get senderToken(): string | null {
    return this.#place?.token ?? null;
  }

  /** `place` null: nothing is received, the backends that the question names are asked all the same. */
  start(place: ReceiverPlace | null): void {
    this.#isStarted = true;
    this.#place = place;
    if (!place) this.#takeStatus(null);
    this.#changed.fire();
    if (this.of.worker.state.kind === 'running') void this.#startReceiver();
    else this.of.worker.start();
  }

  async stop(): Promise<void> {
    this.#isStarted = false;
    this.#place = null;
    this.#status = null;
    this.#cancelAll();
    this.#answers.clear();
    this.#statusChanged.fire();
    this.#changed.fire();
    if (this.of.worker.state.kind === 'running') await this.of.worker.call('stop', {}).catch(() => undefined);
  }

  /** Environments whose facts are shown. Asked at once when the question is another. */
  setEnvironments(environments: readonly string[]): void {
    this.#environments = [...new Set(environments)];
  }

  setAttention(attention: Attention): void {
    const woke = this.#attention !== 'focused' && attention === 'focused';
    this.#attention = attention;
    if (woke) this.#dirty = true;
    this.#schedule();
  }

  /** A change is being verified: never slowed down by the window's state. */
  setUrgent(urgent: boolean): void {
    this.#urgent = urgent;
    this.#schedule();
  }

  /** The question changed (another file, environment or window): asked now, whatever the pace. */
  askNow(): void {
    if (this.#attention === 'hidden' && !this.#urgent) {
      this.#dirty = true;
      return;
    }
    this.#lastAsked.clear();
    this.#dirty = true;
    this.#schedule();
  }

  async instances(
    asked: { readonly flag: string; readonly environment: string; readonly since: number },
    signal: AbortSignal,
  ): Promise<readonly InstanceEvaluation[]> {
    if (!this.#place) throw new Error('No telemetry is received in this window');
    return this.of.worker.call('instances', asked, signal);
  }

  dispose(): void {
    this.#cancelAll();
    this.#held.dispose();
    this.#changed.dispose();
    this.#statusChanged.dispose();
  }

  /** What is still answered is not taken for an answer of whom is asked next. */
  #cancelAll(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    for (const asking of this.#asking.values()) asking.abort(new RpcError('Cancelled', 'nobody waits for it any more'));
  }

  async #startReceiver(): Promise<void> {
    if (!this.#isStarted) return;
    const { worker } = this.of;
    const place = this.#place;
    this.#starting++;
    try {
      const begun = place ? worker.call('start', place) : worker.call('stop', {}).then(() => null);
      this.#takeStatus(await begun.finally(() => this.#starting--));
      this.askNow();
    } catch (error) {
      this.#report(error);
      const reason = error instanceof Error ? error.message : String(error);
      for (const environment of this.#environments) this.#unreachable(environment, reason);
      this.#changed.fire();
    }
  }

  #takeStatus(status: ReceiverStatus | null): void {
    this.#status = status;
    this.#statusChanged.fire();
  }

  #pace(environment: string): number | undefined {
    if (this.#urgent) return paces.watched;
    if (this.#attention === 'hidden') return undefined;
    if (this.#attention === 'unfocused') return paces.unfocused;
    const flags = this.#flagCount.get(environment) ?? 0;
    return flags >= manyFlags.from ? manyFlags.pace : paces.watched;
  }

  /** One timer: to the earliest moment at which some environment may be asked. */
  #schedule(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    if (!this.#dirty || !this.#isStarted || this.#starting > 0 || this.of.worker.state.kind !== 'running') return;
    const now = this.of.clock.monotonic();
    const waits = this.#environments.flatMap((environment) => {
      const pace = this.#pace(environment);
      return pace === undefined ? [] : [Math.max(0, (this.#lastAsked.get(environment) ?? -Infinity) + pace - now)];
    });
    if (waits.length === 0) return;
    this.#timer = this.of.clock.after(Math.max(20, Math.min(...waits)), () => {
      this.#timer = undefined;
      this.#askDue();
    });
  }

  #askDue(): void {
    const now = this.of.clock.monotonic();
    let left = false;
    for (const environment of this.#environments) {
      const pace = this.#pace(environment);
      const due = pace !== undefined && (this.#lastAsked.get(environment) ?? -Infinity) + pace <= now + 1;
      if (due) void this.#ask(environment);
      else left = true;
    }
    this.#dirty = left;
    if (left) this.#schedule();
  }

  async #ask(environment: string): Promise<void> {
    if (this.#asking.has(environment)) {
      // One question at a time an environment: the next one waits for this answer.
      this.#dirty = true;
      return;
    }
    const controller = new AbortController();
    this.#asking.set(environment, controller);
    const timeout = this.of.clock.after(patience, () =>
      controller.abort(new RpcError('Timeout', `No answer in ${patience / 1_000} s`)),
    );
    this.#lastAsked.set(environment, this.of.clock.monotonic());
    const before = this.answer(environment);
    // What could not be reached stays so until it answers: numbers of before must not come back meanwhile as if they were new.
    if (before?.state === 'notAsked') {
      this.#answers.set(environment, { state: 'asking', since: this.of.clock.now() });
      this.#changed.fire();
    }
    try {
      const question = this.of.question(environment);
      this.#flagCount.set(environment, question.flags.length);
      const facts = await this.of.worker.call('facts', { ...question, environment }, controller.signal);
      const value = { ...facts, askedFiles: [...new Set(question.codePaths.map(({ path }) => path))] };
      this.#answers.set(environment, { state: 'ok', value, at: this.of.clock.now() });
    } catch (error) {
      if (error instanceof RpcError && error.remoteName === 'Cancelled') return;
      this.#unreachable(environment, error instanceof Error ? error.message : String(error));
      this.#report(error);
    } finally {
      timeout.dispose();
      this.#asking.delete(environment);
    }
    this.#changed.fire();
    this.#schedule();
  }

  #unreachable(environment: string, reason: string): void {
    const before = this.#answers.get(environment);
    const last = before ? lastKnown(before) : undefined;
    const since = before?.state === 'unreachable' ? before.since : this.of.clock.now();
    this.#answers.set(environment, { state: 'unreachable', reason, since, ...(last ? { last } : {}) });
  }

  #report(error: unknown): void {
    if (!(error instanceof RpcError && error.remoteName === 'Closed'))
      this.of.log.error('Telemetry did not answer', error);
  }
}
