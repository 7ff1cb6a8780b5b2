import type { InstanceEvaluation } from '../model/signal';
import { isOldVariant, judge, total, type Counts, type Judgement, type Proof } from './evidence';

interface Instance {
  /** Totals of the last observation, by variant. */
  totals: Counts;
  /** Evaluations since the last one that a changed instance could not have made. */
  stretch: Record<string, number>;
  lastSeen: number;
  lastOld: number;
  lastNew: number;
  /** Where the stretch began. */
  stretchFrom: number;
  /** From when the evidence is that it still followed the old state. */
  oldSince: number;
  movedAt: number;
  judged: Judgement;
}

/** Where the instances stand. Times epoch ms. */
export interface Standing {
  /** Instances seen evaluating since the change, and those of them that follow it. */
  readonly seen: number;
  readonly moved: number;
  /** `service/instance` of those that made old evaluations later than a poll interval after the change. */
  readonly laggards: readonly string[];
  /** When the last of the moved ones moved. */
  readonly lastMovedAt: number | null;
  /** Share of the newest evaluations that were still old ones; null without any, or where evaluations cannot say. */
  readonly oldShare: number | null;
  /** All evaluations in the instances' current stretches, by variant. */
  readonly pooled: Counts;
}

/**
 * Follows each service instance across a change by what it evaluates. Counts come as totals since some time before
 * the change; only their growth between two observations counts, so neither minute-wide rollups nor spans that arrive
 * late are taken for new evaluations by mistake: growth with an old evaluation in it starts the instance over.
 */
export class InstanceTracker {
  readonly #proof: Proof;
  readonly #appliedAt: number;
  readonly #pollMs: number;
  readonly #instances = new Map<string, Instance>();
  #oldShare: number | null = null;
  #started = false;

  constructor(proof: Proof, appliedAt: number, pollMs: number) {
    this.#proof = proof;
    this.#appliedAt = appliedAt;
    this.#pollMs = pollMs;
  }

  observe(evaluations: readonly InstanceEvaluation[]): void {
    const grown: Record<string, number> = {};
    for (const [id, variants] of byInstance(evaluations)) {
      const growth = this.#observeOne(id, variants);
      for (const [variant, count] of Object.entries(growth)) grown[variant] = (grown[variant] ?? 0) + count;
    }
    this.#started = true;
    const all = total(grown);
    if (this.#proof.kind !== 'excluded' || all === 0) return;
    const old = Object.keys(grown).filter((variant) => isOldVariant(this.#proof, variant));
    this.#oldShare = old.reduce((so, variant) => so + (grown[variant] ?? 0), 0) / all;
  }

  standing(): Standing {
    const seen = [...this.#instances].filter(([, instance]) => instance.lastSeen > this.#appliedAt);
    const pooled: Record<string, number> = {};
    for (const [, { stretch }] of seen) {
      for (const [variant, count] of Object.entries(stretch)) pooled[variant] = (pooled[variant] ?? 0) + count;
    }
    const moved = seen.filter(([, { judged }]) => judged === 'moved');
    const late = this.#appliedAt + this.#pollMs;
    return {
      seen: seen.length,
      moved: moved.length,
      laggards: seen.filter(([, { judged, oldSince }]) => judged === 'old' && oldSince > late).map(([id]) => id),
      lastMovedAt: moved.reduce<number | null>((last, [, { movedAt }]) => Math.max(last ?? 0, movedAt), null),
      oldShare: this.#oldShare,
      pooled,
    };
  }

  #observeOne(id: string, variants: readonly InstanceEvaluation[]): Counts {
    const instance = this.#instances.get(id) ?? fresh();
    this.#instances.set(id, instance);
    const totals = Object.fromEntries(variants.map(({ variant, count }) => [variant, count]));
    // The first look is where counting starts; an instance that comes later has all its evaluations since.
    const growth = this.#started ? difference(totals, instance.totals) : {};
    instance.totals = totals;
    for (const { variant, lastSeen } of variants) {
      instance.lastSeen = Math.max(instance.lastSeen, lastSeen);
      if (isOldVariant(this.#proof, variant)) instance.lastOld = Math.max(instance.lastOld, lastSeen);
      else if (variant !== '') instance.lastNew = Math.max(instance.lastNew, lastSeen);
    }
    this.#judge(instance, growth);
    return growth;
  }

  /** Undecided leaves the last judgement standing: once old means old until shown otherwise. */
  #judge(instance: Instance, growth: Counts): void {
    const { stretch } = instance;
    for (const [variant, count] of Object.entries(growth)) stretch[variant] = (stretch[variant] ?? 0) + count;
    const excluded = this.#proof.kind === 'excluded';
    const judged = judge(this.#proof, stretch);
    if (judged === 'old') {
      instance.judged = 'old';
      instance.oldSince = excluded ? instance.lastOld : instance.stretchFrom;
      instance.stretch = {};
      instance.stretchFrom = instance.lastSeen;
    } else if (instance.judged !== 'moved' && (judged === 'moved' || this.#quietFor(instance))) {
      instance.judged = 'moved';
      // Without a last old evaluation, the newest one that showed the new state is the best there is.
      instance.movedAt = excluded ? Math.max(instance.lastOld, this.#appliedAt) : instance.lastSeen;
    }
  }

  /** A whole poll interval of new evaluations and no old one: whatever the odds, the new state has arrived. */
  #quietFor({ lastNew, lastOld }: Instance): boolean {
    if (this.#proof.kind !== 'excluded') return false;
    return lastNew > this.#appliedAt && lastNew - Math.max(lastOld, this.#appliedAt) >= this.#pollMs;
  }
}

function fresh(): Instance {
  return {
    totals: {},
    stretch: {},
    lastSeen: 0,
    lastOld: 0,
    lastNew: 0,
    stretchFrom: 0,
    oldSince: 0,
    movedAt: 0,
    judged: 'undecided',
  };
}

function byInstance(evaluations: readonly InstanceEvaluation[]): Map<string, InstanceEvaluation[]> {
  const grouped = new Map<string, InstanceEvaluation[]>();
  for (const evaluation of evaluations) {
    const id = `${evaluation.service}/${evaluation.instance}`;
    grouped.set(id, [...(grouped.get(id) ?? []), evaluation]);
  }
  return grouped;
}

/** A total that shrank was counted anew (another process took the store over): all of it is growth. */
function difference(now: Counts, before: Counts): Counts {
  const grown: Record<string, number> = {};
  for (const [variant, count] of Object.entries(now)) {
    const was = before[variant] ?? 0;
    const by = count < was ? count : count - was;
    if (by > 0) grown[variant] = by;
  }
  return grown;
}
