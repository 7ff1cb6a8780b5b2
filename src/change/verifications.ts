import type { FlagSystem } from '../flags/system';
import type { JournalEntry, Verification } from '../model/change';
import type { Environment } from '../model/flag';
import type { EnvironmentRef } from '../model/identity';
import type { Disposable } from '../platform/disposable';
import type { Log } from '../platform/log';
import type { ChangeEnd } from './api';
import { DataPlaneProbe } from './dataPlaneProbe';
import { madeAt, placeOf, withStep } from './entry';
import type { Journal } from './journal';
import type { ProgressBoard } from './progressBoard';
import { standing } from './readBack';
import { boardWords, verificationOf, type Why } from './verificationWords';
import { verify, type Baseline, type VerifyPorts } from './verify';
import { stateWords } from './words';

export interface VerificationsPorts extends VerifyPorts {
  readonly journal: Journal;
  readonly board: ProgressBoard;
  readonly log: Log;
  /** True where a file is replaced by rename and configuration could ask for writing in place. */
  couldWriteInPlace(environment: EnvironmentRef): boolean;
  ended(end: ChangeEnd): void;
}

const superseded = Symbol('superseded');

/** The verifications running in this process: one a flag and environment, the newest change's. */
export class Verifications implements Disposable {
  readonly #ports: VerificationsPorts;
  readonly #running = new Map<string, AbortController>();
  readonly #started = new Set<string>();
  readonly #runs = new Set<Promise<void>>();

  constructor(ports: VerificationsPorts) {
    this.#ports = ports;
  }

  /**
   * Goes on in the background, then calls `release`. Resolves at the first conclusion, and also when the verification
   * is given up; never rejects.
   */
  start(
    entry: JournalEntry,
    system: FlagSystem,
    environment: Environment,
    baseline: Baseline,
    release: () => void,
  ): Promise<JournalEntry> {
    const place = placeOf(entry.plan.ref, entry.plan.environment);
    this.#running.get(place)?.abort(superseded);
    this.#started.add(entry.id);
    const controller = new AbortController();
    this.#running.set(place, controller);
    return new Promise((resolve) => {
      const run = this.#run(entry, system, environment, baseline, controller.signal, resolve).finally(() => {
        if (this.#running.get(place) === controller) this.#running.delete(place);
        this.#runs.delete(run);
        release();
      });
      this.#runs.add(run);
    });
  }

  /** Each process watches a change once; how that ended is in its entry. */
  hasStarted(id: string): boolean {
    return this.#started.has(id);
  }

  dispose(): void {
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }

  /** Resolves when nothing is being written any more; for after {@link dispose}. */
  async closed(): Promise<void> {
    await Promise.all(this.#runs);
  }

  async #run(
    entry: JournalEntry,
    system: FlagSystem,
    environment: Environment,
    baseline: Baseline,
    signal: AbortSignal,
    conclude: (entry: JournalEntry) => void,
  ): Promise<void> {
    let latest = entry;
    let hasConcluded = false;
    const progress = async (verification: Verification, concluded: boolean): Promise<void> => {
      latest = await this.#record(latest, verification);
      const end = concluded && !hasConcluded;
      hasConcluded = concluded;
      this.#ports.board.say(latest, boardWords(this.#ports.l10n, verification), concluded);
      if (!end) return;
      conclude(latest);
      this.#ports.ended({ entry: latest, needs: needsOf(verification) });
    };
    try {
      const flag = await system.detail(entry.plan.ref, signal).catch(() => null);
      await verify(
        {
          plan: entry.plan,
          variants: flag?.variants ?? null,
          environment,
          appliedAt: madeAt(entry),
          baseline,
          dataPlane: DataPlaneProbe.of(system, entry.plan.ref, environment.ref, this.#ports.clock),
          couldWriteInPlace: this.#ports.couldWriteInPlace(entry.plan.environment),
          stillStands: async (asking) => (await standing(system, entry.plan, asking)) !== 'different',
          progress,
        },
        this.#ports,
        signal,
      );
    } catch (error) {
      if (signal.reason === superseded) latest = await this.conclude(latest, 'superseded');
      else if (!signal.aborted) this.#ports.log.error(`verifying ${entry.id}`, error);
    } finally {
      conclude(latest);
    }
  }

  /** Ends a verification that no telemetry can conclude any more. */
  async conclude(entry: JournalEntry, why: Why): Promise<JournalEntry> {
    if (entry.verification && entry.verification.state !== 'waiting') return entry;
    const known = entry.verification;
    const verification = verificationOf(
      this.#ports.l10n,
      {
        state: 'unseen',
        why,
        seen: known?.instances ?? 0,
        moved: known?.onNew ?? 0,
        expected: null,
        oldShare: known?.oldShare ?? null,
        laggards: [],
        tookMs: null,
        dataPlane: 'none',
      },
      { state: stateWords(this.#ports.l10n, entry.plan.intent), patienceMs: 0, proposeInPlace: false },
    );
    return this.#record(entry, verification);
  }

  async #record(entry: JournalEntry, verification: Verification): Promise<JournalEntry> {
    const at = this.#ports.clock.now();
    const next = (fresh: JournalEntry): JournalEntry => {
      // What was written shows live: a definition that was deployed, or instances that begin to follow.
      const live = verification.onNew > 0 && fresh.status === 'written' ? 'applied' : fresh.status;
      const status = verification.state === 'verified' ? 'verified' : live;
      return status === fresh.status
        ? { ...fresh, verification }
        : withStep(fresh, { at, status, words: verification.words }, { verification });
    };
    try {
      return await this.#ports.journal.update(entry.id, next);
    } catch (error) {
      this.#ports.log.error(`journal entry ${entry.id}`, error);
      return next(entry);
    }
  }
}

function needsOf(verification: Verification): ChangeEnd['needs'] {
  if (verification.proposal === 'writeInPlace') return 'writeInPlace';
  return verification.state === 'laggards' ? 'laggards' : 'nothing';
}
