import type { Comparison } from '../model/comparison';
import type { L10n } from '../platform/l10n';
import type { DetailState } from '../protocol/detailPanel';
import type { Standing } from './environments';
import { numbersFor } from './numbers';
import type { Seen } from './signalReading';
import { sourceName } from './signalSources';
import { dotted, oneLine, quoted } from './text';
import { judgedSentence } from './verdictWords';

type Inputs = Pick<DetailState['verdict'], 'inputs' | 'method'>;

/** "How is this computed": every number the verdict rests on, both metrics. */
export function verdictInputs(seen: Seen | null, standing: Standing | null, now: number, l10n: L10n): Inputs {
  const judged = [seen?.flag.comparison, seen?.flag.latency].filter((one): one is Comparison => Boolean(one));
  if (!seen || judged.length === 0) return { inputs: [], method: '' };
  const numbers = numbersFor(l10n);
  const [first] = judged;
  const assigned = first?.randomised ?? standing?.state?.effective.randomised ?? 'unknown';
  return {
    inputs: [
      { label: l10n.t('Assignment'), value: randomisedWord(assigned, l10n) },
      {
        label: l10n.t('Window'),
        value: `${numbers.clock(seen.facts.window.from, now)} \u2013 ${numbers.clock(seen.facts.window.to, now)}`,
      },
      { label: l10n.t('Source'), value: sourceName(seen.facts, seen.flag, l10n) },
      ...judged.flatMap((one) => comparisonInputs(one, now, l10n)),
    ].map(({ label, value }) => ({ label, value: oneLine(value, 1_000) })),
    method: l10n.t(
      'Minutes are compared one by one, so drift and ramps do not count. The verdict is a window-stratified e-process, begun anew every quarter of an hour, with the 5 % of one day shared out among these and among errors and latency: a flag without a difference is called a regression here on at most 1 day in 20, however often one looks. The ratio is Mantel-Haenszel over the same minutes with its 95 % interval.',
    ),
  };
}

function randomisedWord(randomised: Comparison['randomised'], l10n: L10n): string {
  switch (randomised) {
    case 'yes':
      return l10n.t('by chance alone: the sides are comparable');
    case 'partly':
      return l10n.t('partly by rules: an association, not a comparison');
    case 'no':
      return l10n.t('by rules: an association, not a comparison');
    case 'unknown':
      return l10n.t('not known: an association, not a comparison');
  }
}

function comparisonInputs(one: Comparison, now: number, l10n: L10n): { label: string; value: string }[] {
  const numbers = numbersFor(l10n);
  const metric =
    one.metric === 'errors'
      ? l10n.t('Errors')
      : one.thresholdSeconds === null
        ? l10n.t('Slow requests')
        : l10n.t('Slower than {0}', numbers.duration(one.thresholdSeconds));
  const side = (name: string, bad: number, n: number): string =>
    l10n.t('{0}: {1} of {2}', quoted(name), numbers.count(bad), numbers.count(n));
  const { ratio } = one;
  const high = ratio?.high === null || ratio?.high === undefined ? l10n.t('no upper bound') : numbers.plain(ratio.high);
  return [
    { label: metric, value: judgedSentence(one, now, l10n).text },
    {
      label: l10n.t('{0}, counts', metric),
      value: dotted(side(one.treatment, one.bad1, one.n1), side(one.control, one.bad0, one.n0)),
    },
    ...(ratio
      ? [
          {
            label: l10n.t('{0}, ratio', metric),
            value: dotted(
              ratio.value === null ? l10n.t('no ratio: none on the other side') : numbers.ratio(ratio.value),
              l10n.t('95 %: {0} to {1}', numbers.plain(ratio.low), high),
            ),
          },
        ]
      : []),
    ...(one.difference
      ? [
          {
            label: l10n.t('{0}, difference', metric),
            value: dotted(
              l10n.t('{0} points', numbers.plain(one.difference.value * 100)),
              l10n.t(
                '95 %: {0} to {1}',
                numbers.plain(one.difference.low * 100),
                numbers.plain(one.difference.high * 100),
              ),
            ),
          },
        ]
      : []),
    ...(one.secondOpinion
      ? [{ label: l10n.t('{0}, second opinion', metric), value: opinionWords(one.secondOpinion, l10n) }]
      : []),
    {
      label: l10n.t('{0}, evidence', metric),
      value: dotted(
        one.p !== null && l10n.t('p at most {0}, valid at any time', numbers.plain(one.p)),
        one.logE !== null && l10n.t('log e {0}', numbers.plain(one.logE)),
        l10n.t('overdispersion {0}', numbers.plain(one.phi)),
        l10n.t('{0} minutes', numbers.count(one.windows)),
      ),
    },
  ];
}

/** Kayenta's words, and what they are worth: its test is for one look at the end. */
function opinionWords(opinion: NonNullable<Comparison['secondOpinion']>, l10n: L10n): string {
  switch (opinion) {
    case 'high':
      return l10n.t('High: minutes ranked against each other, as Kayenta judges a canary');
    case 'low':
      return l10n.t('Low: minutes ranked against each other, as Kayenta judges a canary');
    case 'pass':
      return l10n.t('Pass: minutes ranked against each other, as Kayenta judges a canary');
    case 'nodata':
      return l10n.t('too few minutes to rank against each other, as Kayenta judges a canary');
  }
}
