import type { FlagSystem } from '../flags/system';
import type { InstanceEvaluation } from '../model/signal';
import type { EnvironmentRef, FlagRef } from '../model/identity';
import type { Clock } from '../platform/clock';

/** Stands for the data plane among the services of a baseline; no service of telemetry has an empty name. */
const dataPlaneService = '';
const atOnce = 16;
/** A split by tenths of a percent is told apart by then, or never. */
const mostEvaluations = 4_000;
const timeoutMs = 3_000;

/**
 * Asks the data plane of an environment for made-up users, a few at a time, and counts what they get. The users have a
 * targeting key and nothing else: what rules give to others it cannot see.
 */
export class DataPlaneProbe {
  readonly #system: Pick<FlagSystem, 'evaluate'>;
  readonly #ref: FlagRef;
  readonly #environment: EnvironmentRef;
  readonly #clock: Clock;
  readonly #counts = new Map<string, { count: number; lastSeen: number }>();
  #asked = 0;

  private constructor(system: FlagSystem, ref: FlagRef, environment: EnvironmentRef, clock: Clock) {
    this.#system = system;
    this.#ref = ref;
    this.#environment = environment;
    this.#clock = clock;
  }

  /** Undefined where no data plane is configured. */
  static of(system: FlagSystem, ref: FlagRef, environment: EnvironmentRef, clock: Clock): DataPlaneProbe | undefined {
    const can = system.evaluate !== undefined && system.describe(environment).evaluate === true;
    return can ? new DataPlaneProbe(system, ref, environment, clock) : undefined;
  }

  /** All that was counted so far, the answers to this call included; null when it gave none. Never rejects. */
  async ask(signal: AbortSignal): Promise<readonly InstanceEvaluation[] | null> {
    if (this.#asked >= mostEvaluations) return this.#evaluations();
    const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    // Each with a signal of its own: Node warns of more than ten listeners to one.
    const answers = await Promise.allSettled(
      Array.from({ length: atOnce }, () => this.#one(AbortSignal.any([bounded]))),
    );
    this.#asked += atOnce;
    return answers.some(({ status }) => status === 'fulfilled') ? this.#evaluations() : null;
  }

  async #one(signal: AbortSignal): Promise<void> {
    const targetingKey = `sightglass-${Math.random().toString(36).slice(2)}`;
    const answer = await this.#system.evaluate?.(this.#ref, this.#environment, { targetingKey }, signal);
    const variant = answer?.variant ?? '';
    const count = (this.#counts.get(variant)?.count ?? 0) + 1;
    this.#counts.set(variant, { count, lastSeen: this.#clock.now() });
  }

  #evaluations(): InstanceEvaluation[] {
    return [...this.#counts].map(([variant, { count, lastSeen }]) => ({
      service: dataPlaneService,
      instance: this.#environment.name,
      flag: this.#ref.key,
      variant,
      count,
      lastSeen,
    }));
  }
}

/** A baseline's evaluations by telemetry's instances, and those the data plane made. */
export function bySource(evaluations: readonly InstanceEvaluation[]): {
  readonly instances: readonly InstanceEvaluation[];
  readonly dataPlane: readonly InstanceEvaluation[];
} {
  return {
    instances: evaluations.filter(({ service }) => service !== dataPlaneService),
    dataPlane: evaluations.filter(({ service }) => service === dataPlaneService),
  };
}
