import type { FlagSnapshot } from '../model/flag';
import { environmentId, flagId } from '../model/identity';
import type { DetailChart, DetailState } from '../protocol/detailPanel';
import type { Standing } from './environments';
import type { DetailInput } from './input';
import { intentInWords } from './journalRows';
import { numbersFor } from './numbers';
import { armsOf, type Seen, type Side } from './signalReading';
import { dotted, oneLine, quoted } from './text';

const mostPoints = 1_440;
const mostMarkers = 100;

/** Error rate and p95 of both sides over one time axis. `why`: what is said when there is nothing of either. */
export function detailCharts(
  input: DetailInput,
  standing: Standing | null,
  seen: Seen | null,
  why: string,
): Pick<DetailState, 'times' | 'charts'> {
  const { l10n } = input;
  const { treatment, control } = seen ? armsOf(seen.flag, standing?.state ?? null) : { treatment: null, control: null };
  const sides = [treatment, control].filter((side): side is Side => side !== null && side.points.length > 0);
  const millis = [...new Set(sides.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  const times = millis.slice(-mostPoints);
  const valuesOf = (of: (point: Side['points'][number]) => number | null): (number | null)[][] =>
    sides.map(({ points }) => {
      const byTime = new Map(points.map((point) => [point.at, of(point)]));
      return times.map((at) => byTime.get(at) ?? null);
    });
  const arms = sides.map(({ variant }) => ({
    name: oneLine(variant),
    label: variant === '' ? l10n.t('the rest') : quoted(variant),
  }));
  const numbers = numbersFor(l10n);
  const chart = (
    id: string,
    title: string,
    unit: DetailChart['unit'],
    values: (number | null)[][],
    said: (side: Side) => string,
  ): DetailChart => ({
    id,
    title,
    unit,
    arms,
    values,
    empty: sides.length === 0 ? oneLine(why, 1_000) : l10n.t('Too little was measured for a line.'),
    summary:
      sides.length === 0
        ? ''
        : oneLine(sides.map((side, index) => `${arms[index]?.label ?? ''}: ${said(side)}`).join('; '), 1_000),
  });
  return {
    times: times.map((at) => Math.round(at / 1000)),
    charts: [
      chart(
        'errors',
        l10n.t('Error rate'),
        'share',
        valuesOf(({ calls, errors }) => (calls > 0 ? Math.min(1, errors / calls) : null)),
        ({ errorRate, errors, calls }) =>
          errorRate === null
            ? l10n.t('no requests')
            : dotted(
                numbers.percent(errorRate),
                l10n.t('{0} of {1} requests', numbers.count(errors), numbers.count(calls)),
              ),
      ),
      chart(
        'p95',
        l10n.t('p95 latency'),
        'seconds',
        valuesOf(({ p95 }) => p95),
        ({ p95 }) => (p95 === null ? l10n.t('not measured') : numbers.duration(p95)),
      ),
    ],
  };
}

/** Our own changes in this environment, and the system's last one. */
export function detailMarkers(
  { journal, l10n }: DetailInput,
  flag: FlagSnapshot,
  standing: Standing | null,
): DetailState['markers'] {
  if (!standing) return [];
  const place = environmentId(standing.environment.ref);
  const ours = journal
    .filter(({ plan }) => flagId(plan.ref) === flagId(flag.ref) && environmentId(plan.environment) === place)
    .filter(({ status }) => ['applied', 'written', 'verified', 'unknown'].includes(status))
    .map(({ consent, plan }) => ({ at: consent.at, label: oneLine(intentInWords(plan.intent, l10n)) }));
  const { changed } = flag;
  // The same change is known twice when we made it: ours has the words.
  const theirs =
    changed && !ours.some(({ at }) => Math.abs(at - changed.at) < 5_000)
      ? [{ at: changed.at, label: oneLine(changed.words || l10n.t('changed')) }]
      : [];
  return [...ours, ...theirs]
    .sort((a, b) => a.at - b.at)
    .slice(-mostMarkers)
    .map(({ at, label }) => ({ at: Math.round(at / 1000), label }));
}
