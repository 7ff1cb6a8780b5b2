import type { Answer } from '../model/answer';
import { lastKnown } from '../model/answer';
import type { ProjectSnapshot } from '../model/flag';
import type { Clock } from '../platform/clock';
import { DisposableStack, type Disposable } from '../platform/disposable';
import type { L10n } from '../platform/l10n';
import type { Log } from '../platform/log';
import { RemoteError } from '../platform/remotes';
import type { FlagSystem } from './system';

export interface Freshness {
  /** Asked again this often, besides whenever the system says something changed. */
  readonly refreshMs: number;
  /** What was not confirmed for this long is too old. */
  readonly staleMs: number;
  /** An answer that takes longer counts as none. */
  readonly timeoutMs: number;
}

export const FRESHNESS: Freshness = { refreshMs: 15_000, staleMs: 60_000, timeoutMs: 20_000 };

export interface LiveDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly l10n: L10n;
}

/** What is known of one project, kept up to date. Late answers are dropped; a value once known stays. */
export class LiveProject implements Disposable {
  readonly system: FlagSystem;
  readonly #deps: LiveDeps;
  readonly #freshness: Freshness;
  readonly #changed: () => void;
  readonly #held = new DisposableStack();
  readonly #abort = new AbortController();
  #answer: Answer<ProjectSnapshot> = { state: 'notAsked' };
  /** Numbers of the newest request and of the newest one that was answered. */
  #asked = 0;
  #answered = 0;
  #running: Promise<void> | undefined;
  #again: Promise<void> | undefined;
  #paused = false;

  constructor(system: FlagSystem, deps: LiveDeps, changed: () => void, freshness: Freshness = FRESHNESS) {
    this.system = system;
    this.#deps = deps;
    this.#changed = changed;
    this.#freshness = freshness;
    this.#held.add(system);
    this.#held.add(system.watch(() => void this.#unlessPaused()));
    this.#held.add(deps.clock.every(freshness.refreshMs, () => void this.#unlessPaused()));
    this.#held.add(deps.clock.every(Math.max(1000, freshness.staleMs / 12), () => this.#age()));
  }

  get answer(): Answer<ProjectSnapshot> {
    return this.#answer;
  }

  get snapshot(): ProjectSnapshot | undefined {
    return lastKnown(this.#answer)?.value;
  }

  /** Resolves when a request made after this call was answered or failed. Never rejects. */
  async refresh(): Promise<void> {
    if (this.#abort.signal.aborted) return;
    if (!this.#running) {
      this.#running = this.#ask().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    // One more after the one under way, however many ask for it.
    this.#again ??= this.#running.then(() => {
      this.#again = undefined;
      return this.refresh();
    });
    return this.#again;
  }

  setPaused(paused: boolean): void {
    const resumes = this.#paused && !paused;
    this.#paused = paused;
    this.system.setPaused?.(paused);
    if (resumes) void this.refresh();
  }

  dispose(): void {
    this.#abort.abort(new Error('disposed'));
    this.#held.dispose();
  }

  async #unlessPaused(): Promise<void> {
    if (!this.#paused) await this.refresh();
  }

  async #ask(): Promise<void> {
    const number = ++this.#asked;
    const { clock, l10n, log } = this.#deps;
    const last = lastKnown(this.#answer);
    // A fresh value stays on the screen while it is being confirmed, and so does what keeps it from being asked.
    const stays = this.#answer.state === 'notAsked' && this.#answer.reason !== undefined;
    if (this.#answer.state !== 'ok' && this.#answer.state !== 'unreachable' && !stays)
      this.#set({ state: 'asking', since: clock.now(), ...(last && { last }) });
    const request = new AbortController();
    const stop = (): void => request.abort(this.#abort.signal.reason);
    this.#abort.signal.addEventListener('abort', stop, { once: true });
    const settled = this.system.snapshot(request.signal).then(
      (value) => {
        if (number <= this.#answered || this.#abort.signal.aborted) return;
        this.#answered = number;
        this.#set({ state: 'ok', value, at: value.takenAt });
      },
      (error: unknown) => {
        if (number <= this.#answered || this.#abort.signal.aborted) return;
        this.#answered = number;
        // Nothing was sent, and that is shown where the person can do something about it.
        if (RemoteError.is(error)) {
          this.#notAsked(error.message);
          return;
        }
        log.warn(`${this.system.type} "${this.system.id}": ${String(error)}`);
        this.#fail(error instanceof Error ? error.message : String(error));
      },
    );
    let timer: Disposable | undefined;
    const late = new Promise<void>((resolve) => {
      timer = clock.after(this.#freshness.timeoutMs, () => {
        const reason = l10n.t('No answer for {0} s.', Math.round(this.#freshness.timeoutMs / 1000));
        request.abort(new Error(reason));
        if (number > this.#answered) this.#fail(reason);
        resolve();
      });
    });
    await Promise.race([settled, late]);
    timer?.dispose();
    this.#abort.signal.removeEventListener('abort', stop);
  }

  /** What was known before consent or token were taken back stays, and says that it is not asked for any more. */
  #notAsked(reason: string): void {
    if (lastKnown(this.#answer)) this.#fail(reason);
    else this.#set({ state: 'notAsked', reason });
  }

  #fail(reason: string): void {
    const since = this.#answer.state === 'unreachable' ? this.#answer.since : this.#deps.clock.now();
    const last = lastKnown(this.#answer);
    this.#set({ state: 'unreachable', reason, since, ...(last && { last }) });
  }

  #age(): void {
    if (this.#answer.state !== 'ok') return;
    const { staleMs } = this.#freshness;
    // What is asked for more rarely, as limits have it, is too old where it was due and did not come.
    const rarely = Math.max(0, ...this.#answer.value.environments.map(({ askedMs = 0 }) => askedMs)) + staleMs / 2;
    if (this.#deps.clock.now() - this.#answer.at > Math.max(staleMs, rarely))
      this.#set({ ...this.#answer, state: 'tooOld' });
  }

  #set(answer: Answer<ProjectSnapshot>): void {
    const before = this.#answer;
    this.#answer = answer;
    const reasonOf = (of: Answer<ProjectSnapshot>): string =>
      of.state === 'unreachable' || of.state === 'notAsked' ? (of.reason ?? '') : '';
    const same =
      before.state === answer.state &&
      reasonOf(before) === reasonOf(answer) &&
      lastKnown(before)?.value.version === lastKnown(answer)?.value.version;
    if (!same) this.#changed();
  }
}
