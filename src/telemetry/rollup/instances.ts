import type { InstanceEvaluation } from '../../model/signal';
import type { EvaluationRecord, ResourceRecord } from '../otlp/record';

const maxEntries = 5_000;
/** Seconds of history per entry: longer than any change is watched by the second. */
const maxSeconds = 600;

interface Entry {
  readonly service: string;
  readonly environment: string;
  readonly instance: string;
  readonly flag: string;
  readonly variant: string;
  lastSeen: number;
  /** Second, count, second, count, ... ascending as they came. */
  seconds: number[];
}

/**
 * Which instance of which service evaluated a flag to what, by the second: how a change is seen to arrive. In memory
 * only; the least recently seen entries go when there are too many.
 */
export class Instances {
  readonly #entries = new Map<string, Entry>();
  /** Entries of the resource at hand, by flag and variant: a request names few of each, and keys are long. */
  #recent = new Map<string, Map<string, Entry>>();
  #resource: ResourceRecord | undefined;

  add(record: EvaluationRecord): void {
    if (record.resource !== this.#resource) {
      this.#resource = record.resource;
      this.#recent = new Map();
    }
    const recent = this.#recent.get(record.flag)?.get(record.variant);
    if (recent && record.at < recent.lastSeen + 1000) {
      recent.lastSeen = Math.max(recent.lastSeen, record.at);
      count(recent, Math.floor(record.at / 1000));
      return;
    }
    const { service, environment, instance } = record.resource;
    const key = `${service}\n${environment}\n${instance}\n${record.flag}\n${record.variant}`;
    let entry = this.#entries.get(key);
    const isRecent = entry !== undefined && record.at < entry.lastSeen + 1000;
    if (entry && !isRecent) this.#entries.delete(key);
    if (!entry) {
      const { flag, variant } = record;
      entry = { service, environment, instance, flag, variant, lastSeen: 0, seconds: [] };
      if (this.#entries.size >= maxEntries) this.#dropOldest();
    }
    // Kept in order of recency to the second, so that the first is the one to go.
    if (!isRecent) this.#entries.set(key, entry);
    this.#remember(entry);
    entry.lastSeen = Math.max(entry.lastSeen, record.at);
    count(entry, Math.floor(record.at / 1000));
  }

  /** Evaluations of `flag` in `environment` at or after `since` (epoch ms), to the second. */
  since(flag: string, environment: string, since: number): InstanceEvaluation[] {
    const first = Math.floor(since / 1000);
    const found: InstanceEvaluation[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.flag !== flag || entry.environment !== environment) continue;
      if (entry.lastSeen < since) continue;
      let total = 0;
      for (let at = 0; at < entry.seconds.length; at += 2)
        if ((entry.seconds[at] ?? 0) >= first) total += entry.seconds[at + 1] ?? 0;
      const { service, instance, variant, lastSeen } = entry;
      found.push({ service, instance, flag, variant, lastSeen, count: total });
    }
    return found;
  }

  #remember(entry: Entry): void {
    const variants = this.#recent.get(entry.flag);
    if (variants) variants.set(entry.variant, entry);
    else this.#recent.set(entry.flag, new Map([[entry.variant, entry]]));
  }

  #dropOldest(): void {
    // What is dropped must not be counted on through the short cut.
    this.#recent = new Map();
    for (const key of this.#entries.keys()) {
      this.#entries.delete(key);
      return;
    }
  }
}

function count(entry: Entry, second: number): void {
  const { seconds } = entry;
  // Batches arrive nearly in order: the second is almost always among the last few.
  for (let at = seconds.length - 2; at >= 0 && at >= seconds.length - 40; at -= 2) {
    if (seconds[at] !== second) continue;
    seconds[at + 1] = (seconds[at + 1] ?? 0) + 1;
    return;
  }
  seconds.push(second, 1);
  if (seconds.length > maxSeconds * 2) entry.seconds = seconds.slice(maxSeconds / 2);
}
