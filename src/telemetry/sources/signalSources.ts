import type { BackendConfig } from '../../model/config';
import type { SignalFacts } from '../../model/facts';
import { builtInSource } from '../../model/phrases';
import { sleep } from '../../platform/clock';
import { DisposableStack, type Disposable } from '../../platform/disposable';
import type { Log } from '../../platform/log';
import type { FactsRequest } from '../api';
import type { answerFacts } from '../facts';
import { countsCalls, makeBackend, type BackendPorts, type ConfiguredBackend } from './backends';
import { combineFacts, type SourceAnswer } from './combineFacts';

export interface SignalSourcesOf extends BackendPorts {
  readonly log: Log;
  /** The built-in store's own answer; null where nothing is received, which then is no source. */
  readonly builtIn: (request: FactsRequest, signal: AbortSignal) => Promise<SignalFacts> | null;
  readonly answerFacts: typeof answerFacts;
  /** A source answered after the answer it was wanted for had gone out: ask again. */
  readonly changed: () => void;
}

/** A source that answers from what it asked a moment ago is waited for; one that must ask first is not. */
const graceMs = 60;

/** What a source last said of one environment. */
interface Known {
  readonly facts: SignalFacts | null;
  /** Files and flags the facts were asked for. */
  readonly asked: ReadonlySet<string>;
  readonly failure: { readonly reason: string; readonly since: number } | null;
}

/**
 * The built-in store and the configured backends, asked together. The built-in answer never waits for another machine:
 * what is not there in time is said to be asked, its last answer stands, and `changed` tells when it has come.
 */
export class SignalSources implements Disposable {
  readonly #of: SignalSourcesOf;
  readonly #held = new DisposableStack();
  readonly #sources = new Map<string, AskedSource>();

  constructor(of: SignalSourcesOf) {
    this.#of = of;
    this.#held.add(
      of.remotes.onDidChange(() => {
        for (const source of this.#sources.values()) source.retry();
        of.changed();
      }),
    );
  }

  /** `patience`: for how many ms sources are waited for. Rejects when none has answered, with why. */
  async facts(request: FactsRequest, signal: AbortSignal, patience = graceMs): Promise<SignalFacts> {
    const { backends: configured = [], ...question } = request;
    const backends = configured.filter(countsCalls);
    const own = this.#of.builtIn(question, signal);
    if (backends.length === 0 && own) return own;
    const asked = this.#sourcesOf(backends);
    const [builtIn] = await Promise.all([
      own && this.#builtInAnswer(own),
      this.#wait(asked, question, own ? patience : null),
    ]);
    signal.throwIfAborted();
    const { environment } = question;
    const answers = [...(builtIn ? [builtIn] : []), ...asked.map((source) => source.answer(question))];
    const combined = combineFacts({ environment, answers });
    if (combined) return combined;
    const reasons = answers.flatMap(({ reason }) => reason ?? []);
    throw new Error(reasons.length > 0 ? reasons.join(' ') : this.#of.l10n.t('No source has answered yet.'));
  }

  dispose(): void {
    this.#held.dispose();
  }

  async #builtInAnswer(own: Promise<SignalFacts>): Promise<SourceAnswer> {
    const none = { id: 'builtin', name: builtInSource, counts: 'spans', holds: [], reason: null } as const;
    try {
      const facts = await own;
      return { ...none, name: facts.source, state: 'ok', since: null, facts };
    } catch (error) {
      return { ...none, state: 'unreachable', reason: wordsOf(error), since: this.#of.clock.now(), facts: null };
    }
  }

  /** Until all have answered, or for `patience` ms; null: until there is an answer of one at least. */
  async #wait(asked: readonly AskedSource[], question: FactsRequest, patience: number | null): Promise<void> {
    const waited = new AbortController();
    const refreshed = asked.map((source) => source.refresh(question));
    const hasAnswered = (source: AskedSource): boolean => source.answer(question).facts !== null;
    if (patience === null && !asked.some(hasAnswered)) {
      const answers = asked.map(async (source, index) => {
        await refreshed[index];
        if (!hasAnswered(source)) throw new Error('It did not answer');
      });
      await Promise.any(answers).catch(() => undefined);
    }
    await Promise.race([
      Promise.all(refreshed),
      sleep(this.#of.clock, patience ?? graceMs, waited.signal).catch(() => undefined),
    ]).finally(() => waited.abort());
  }

  #sourcesOf(backends: readonly BackendConfig[]): readonly AskedSource[] {
    const wanted = new Map(backends.map((config) => [JSON.stringify(config), config]));
    for (const key of this.#sources.keys()) if (!wanted.has(key)) this.#sources.delete(key);
    return [...wanted].map(([key, config]) => {
      const known = this.#sources.get(key);
      if (known) return known;
      const made = new AskedSource(config, makeBackend(config, this.#of), this.#of);
      this.#sources.set(key, made);
      return made;
    });
  }
}

/** One configured backend: what it last said, and one question at a time for each environment. */
class AskedSource {
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<void>>();

  constructor(
    private readonly config: BackendConfig,
    private readonly backend: ConfiguredBackend | null,
    private readonly of: SignalSourcesOf,
  ) {}

  retry(): void {
    this.backend?.retry();
  }

  /** Resolves when it has answered or failed; a question that comes while one is asked waits for that one. */
  refresh(question: FactsRequest): Promise<void> {
    const { environment } = question;
    const running = this.#asking.get(environment);
    if (running) return running;
    const began = this.of.clock.monotonic();
    const asking = this.#ask(question).finally(() => {
      this.#asking.delete(environment);
      if (this.of.clock.monotonic() - began >= graceMs) this.of.changed();
    });
    this.#asking.set(environment, asking);
    return asking;
  }

  answer(question: FactsRequest): SourceAnswer {
    const { environment, windowMinutes } = question;
    const { id, environments } = this.config;
    const known = this.#known.get(environment);
    const failure = known?.failure ?? null;
    // Numbers of another window are no answer to this one.
    const facts = known?.facts?.windowMinutes === windowMinutes ? known.facts : null;
    // Of a file just opened they say nothing, which is not to say that it has no traffic.
    const isOfOthers = this.#asking.has(environment) && askedOf(question).some((one) => !known?.asked.has(one));
    const state = failure ? 'unreachable' : facts && !isOfOthers ? 'ok' : 'asking';
    return {
      id: `backend:${id}`,
      name: this.backend?.name ?? id,
      counts: this.backend?.counts ?? 'metrics',
      holds: environments,
      state,
      reason: failure?.reason ?? null,
      since: failure?.since ?? null,
      facts,
    };
  }

  async #ask(question: FactsRequest): Promise<void> {
    const { clock, l10n, log } = this.of;
    const { environment } = question;
    const before = this.#known.get(environment);
    try {
      if (!this.backend)
        throw new Error(l10n.t('"{0}" is of a type that is not known: "{1}".', this.config.id, this.config.type));
      // Nobody can call it off: others wait for the same answer, and its own timeouts end it.
      const { signal } = new AbortController();
      const facts = await this.of.answerFacts(this.backend, question, clock.now(), signal);
      this.#known.set(environment, { facts, asked: new Set(askedOf(question)), failure: null });
    } catch (error) {
      const reason = wordsOf(error);
      if (before?.failure?.reason !== reason) log.warn(`${this.config.id} did not answer: ${reason}`);
      this.#known.set(environment, {
        facts: before?.facts ?? null,
        asked: before?.asked ?? new Set(),
        failure: { reason, since: before?.failure?.since ?? clock.now() },
      });
    }
  }
}

const askedOf = ({ codePaths, flags }: FactsRequest): readonly string[] => [
  ...new Set(codePaths.map(({ path }) => path)),
  ...new Set(flags.map(({ key }) => `flag ${key}`)),
];

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
