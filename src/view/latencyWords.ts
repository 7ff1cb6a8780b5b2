import type { L10n } from '../platform/l10n';
import { numbersFor } from './numbers';

/** A percentile as it is known: `isFloor` where the histogram ends there, and it is that or more. */
export interface Latency {
  readonly p95: number | null;
  readonly p95IsFloor: boolean;
}

/** `410 ms`, `over 10 s`; null without data. */
export function latencyWords({ p95, p95IsFloor }: Latency, l10n: L10n): string | null {
  if (p95 === null) return null;
  const { duration } = numbersFor(l10n);
  return p95IsFloor ? l10n.t('over {0}', duration(p95)) : duration(p95);
}

/** Both sides': in one unit where both are known, else each for itself; null where neither is. */
export function bothLatencies(one: Latency, other: Latency, none: string, l10n: L10n): string | null {
  if (one.p95 === null && other.p95 === null) return null;
  if (one.p95 !== null && other.p95 !== null && !one.p95IsFloor && !other.p95IsFloor)
    return numbersFor(l10n).durations(one.p95, ' / ', other.p95);
  return [one, other].map((side) => latencyWords(side, l10n) ?? none).join(' / ');
}
