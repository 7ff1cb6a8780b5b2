import type { Comparison } from '../model/comparison';
import type { FlagState } from '../model/flag';
import type { L10n } from '../platform/l10n';
import { numbersFor, type Numbers } from './numbers';
import type { Tone } from './output';
import type { Reading, Seen, Side } from './signalReading';
import { dotted } from './text';

/**
 * What stands behind a flag's share inline. `texts` go from the fullest to the shortest; `mayDrop`: they may be left
 * out for want of room (plain numbers may; a state or a regression may not).
 */
export interface SignalWords {
  readonly texts: readonly string[];
  readonly tone: Tone | null;
  readonly mayDrop: boolean;
}

const nothing: SignalWords = { texts: [], tone: null, mayDrop: true };

/** The six states, each in words of its own, and the numbers with their window. */
export function signalWords(
  reading: Reading,
  state: FlagState | null,
  off: boolean,
  windowMinutes: number,
  l10n: L10n,
): SignalWords {
  const numbers = numbersFor(l10n);
  const window = numbers.window(windowMinutes);
  const unknown = (...texts: string[]): SignalWords => ({ texts, tone: 'unknown', mayDrop: false });
  switch (reading.kind) {
    case 'none':
      return nothing;
    case 'notAsked':
      return unknown('…');
    case 'asking':
      return unknown(l10n.t('asking…'));
    case 'tooOld':
      return { texts: [l10n.t('{0} old', numbers.span(reading.ageMs))], tone: 'stale', mayDrop: false };
    case 'unreachable':
      return unknown(l10n.t('unreachable'));
    case 'noTraffic':
      return unknown(dotted(l10n.t('no traffic'), window));
    case 'noEvaluations':
      return unknown(dotted(l10n.t('no evaluations'), window));
    case 'armsUnknown': {
      const { errorRate } = reading.path.totals;
      return errorRate ? plain([l10n.t('err {0} of all', numbers.percent(errorRate.value))], window) : nothing;
    }
    case 'tooLittle':
      return unknown(dotted(l10n.t('n {0}, too few', numbers.count(reading.calls)), window));
    case 'single': {
      const { errorRate } = reading.side;
      if (off || errorRate === null) return nothing;
      return plain([l10n.t('err {0}', numbers.percent(errorRate))], window);
    }
    case 'arms':
      return arms(reading.treatment, reading.control, reading.seen, state, window, l10n);
  }
}

const plain = (texts: readonly string[], window: string): SignalWords => ({
  texts: texts.map((text) => dotted(text, window)),
  tone: null,
  mayDrop: true,
});

/** Whether `vs` may be said: only a split by chance alone makes the sides comparable (telemetry.md 7.2 G). */
export function isRandomised(seen: Seen, state: FlagState | null): boolean {
  const said = seen.flag.comparison?.randomised ?? seen.flag.latency?.randomised;
  return (said ?? state?.effective.randomised) === 'yes';
}

/** Errors before latency: the first that regressed. */
export function regressionOf(seen: Seen): Comparison | null {
  const { comparison, latency } = seen.flag;
  return [comparison, latency].find((judged) => judged?.verdict === 'regression') ?? null;
}

function arms(
  treatment: Side,
  control: Side,
  seen: Seen,
  state: FlagState | null,
  window: string,
  l10n: L10n,
): SignalWords {
  const numbers = numbersFor(l10n);
  const regression = regressionOf(seen);
  const joint = isRandomised(seen, state) ? l10n.t(' vs ') : ' / ';
  if (regression) {
    const texts = regression.metric === 'errors' ? worseErrors : worseLatency;
    return {
      texts: texts(treatment, control, regression, joint, numbers, l10n).map((text) =>
        dotted(l10n.t('▲ {0}', text), window),
      ),
      tone: 'regression',
      mayDrop: false,
    };
  }
  if (treatment.errorRate === null || control.errorRate === null) return nothing;
  return plain(
    [l10n.t('err {0}', `${numbers.percent(treatment.errorRate)}${joint}${numbers.percent(control.errorRate)}`)],
    window,
  );
}

type Worse = (
  treatment: Side,
  control: Side,
  judged: Comparison,
  joint: string,
  numbers: Numbers,
  l10n: L10n,
) => readonly string[];

/** A ratio whose 95 % interval is wider than this factor is no number to say by itself: one error more would change it. */
const widestRatio = 10;

const worseErrors: Worse = (treatment, control, { ratio }, joint, numbers, l10n) => {
  // With hardly an error on the other side there is no ratio to say, only the two rates.
  if (
    ratio?.value !== undefined &&
    ratio.value !== null &&
    ratio.high !== null &&
    ratio.high <= widestRatio * ratio.low
  )
    return [l10n.t('err {0}', numbers.ratio(ratio.value))];
  const rate = numbers.percent(treatment.errorRate ?? 0);
  return [l10n.t('err {0}', `${rate}${joint}${numbers.percent(control.errorRate ?? 0)}`), l10n.t('err {0}', rate)];
};

const worseLatency: Worse = (treatment, control, { ratio }, joint, numbers, l10n) => {
  const isKnown = !treatment.p95IsFloor && !control.p95IsFloor;
  if (isKnown && treatment.p95 !== null && control.p95 !== null && control.p95 > 0) {
    return [
      l10n.t('p95 {0}', numbers.durations(treatment.p95, joint, control.p95)),
      l10n.t('p95 {0}', numbers.ratio(treatment.p95 / control.p95)),
    ];
  }
  return ratio?.value === null || ratio?.value === undefined
    ? [l10n.t('slower')]
    : [l10n.t('slow calls {0}', numbers.ratio(ratio.value))];
};
