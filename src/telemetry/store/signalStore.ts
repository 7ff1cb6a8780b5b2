import type { InstanceEvaluation } from '../../model/signal';
import type { Clock } from '../../platform/clock';
import { environmentJoined } from '../environmentJoined';
import { TraceBuffer, type TraceBufferLimits } from '../join/traceBuffer';
import type { DecodedSignals, ResourceRecord } from '../otlp/record';
import { Instances } from '../rollup/instances';
import { minuteMs, type RollupLimits } from '../rollup/limits';
import { Rollups } from '../rollup/rollups';
import type { ServiceEntry } from '../rollup/tables';

/** Clocks differ; further ahead than this is no clock but a mistake. */
const aheadMs = 5 * minuteMs;
const dayMs = 24 * 60 * minuteMs;

/** What became of a request. `rejected` counts what the decoder rejected too. */
export interface IngestResult {
  readonly rejected: number;
  readonly reasons: readonly string[];
}

/** Everything the built-in receiver knows: the rollups, what they are made of for a minute, and counters since the start. */
export class SignalStore {
  readonly rollups: Rollups;
  readonly instances = new Instances();
  readonly #traces: TraceBuffer;
  readonly #clock: Clock;
  #version = 0;
  #spansReceived = 0;
  #rejected = 0;
  #newest: number | null = null;

  constructor(clock: Clock, limits?: RollupLimits, traceLimits?: TraceBufferLimits) {
    this.#clock = clock;
    this.rollups = new Rollups(limits);
    this.#traces = new TraceBuffer(this.rollups, traceLimits);
  }

  /** Rises whenever the rollups change. */
  get version(): number {
    return this.#version;
  }

  get spansReceived(): number {
    return this.#spansReceived;
  }

  get rejected(): number {
    return this.#rejected;
  }

  /** End of the newest span or evaluation, epoch ms. */
  get newest(): number | null {
    return this.#newest;
  }

  /** Traces, and spans and evaluations in them, that wait for their other parts. */
  get heldTraces(): number {
    return this.#traces.size;
  }

  get heldItems(): number {
    return this.#traces.items;
  }

  /** Counts one decoded request at once, and labels what it decided. */
  ingest(decoded: DecodedSignals): IngestResult {
    const now = this.#clock.now();
    const monotonic = this.#clock.monotonic();
    const reasons = [...decoded.reasons];
    let late = 0;
    const { operations } = this.rollups;
    // A request names few resources, one after the other.
    let last: { readonly resource: ResourceRecord; readonly service: ServiceEntry } | undefined;
    const serviceOf = (resource: ResourceRecord): ServiceEntry => {
      if (last?.resource !== resource) last = { resource, service: operations.service(resource, now) };
      return last.service;
    };
    for (const span of decoded.spans) {
      if (!this.#isInTime(span.endMs, now)) {
        late++;
        continue;
      }
      this.#spansReceived++;
      this.#newest = Math.max(this.#newest ?? 0, span.endMs);
      const service = serviceOf(span.resource);
      if (span.sampled) service.lastSampled = Math.max(service.lastSampled, span.endMs);
      this.#traces.addSpan(span, service, monotonic);
    }
    for (const evaluation of decoded.evaluations) {
      const record = evaluation.at > 0 ? evaluation : { ...evaluation, at: now };
      if (!this.#isInTime(record.at, now)) continue;
      this.#newest = Math.max(this.#newest ?? 0, record.at);
      this.instances.add(record);
      this.#traces.addEvaluation(record, serviceOf(record.resource), monotonic);
    }
    this.#traces.settle();
    if (decoded.spans.length > 0 || decoded.evaluations.length > 0) this.#version++;
    if (late > 0) reasons.push('a span ended more than 24 hours ago or in the future');
    this.#rejected += decoded.rejected + late;
    return { rejected: decoded.rejected + late, reasons };
  }

  /** Counts a request that was refused as a whole. */
  refused(): void {
    this.#rejected++;
  }

  /** The variants each instance was seen evaluating since a time (epoch ms). */
  instancesSince(flag: string, environment: string, since: number): readonly InstanceEvaluation[] {
    const named = [...this.rollups.operations.services].map((service) => service.environment);
    return this.instances.since(flag, environmentJoined(environment, named), since);
  }

  /** Lets go of what waited long enough and of what is over the limits. Call every second or so. */
  maintain(): void {
    this.#traces.expire(this.#clock.monotonic());
    this.rollups.maintain(this.#clock.now());
  }

  /** The rollups were filled from disk. */
  restored(newest: number | null): void {
    if (newest !== null) this.#newest = Math.max(this.#newest ?? 0, newest);
    this.#version++;
  }

  #isInTime(at: number, now: number): boolean {
    return at > now - dayMs && at < now + aheadMs;
  }
}
