import type { Comparison } from '../model/comparison';
import type { FlagState } from '../model/flag';
import type { L10n } from '../platform/l10n';
import { numbersFor } from './numbers';
import type { Tone } from './output';
import { phrase } from './phrases';
import type { Reading, Seen, Side } from './signalReading';
import { sourceName } from './signalSources';
import { regressionOf } from './signalWords';
import { dotted, oneLine, quoted } from './text';

/** A verdict, or why there is none, in one sentence. Never says more than was tested. */
export interface Sentence {
  readonly text: string;
  readonly tone: Tone;
}

/** `state` is the flag's in the environment the reading is of. */
export function sentenceOf(reading: Reading, state: FlagState | null, now: number, l10n: L10n): Sentence {
  const numbers = numbersFor(l10n);
  const unknown = (text: string): Sentence => ({ text, tone: 'unknown' });
  switch (reading.kind) {
    case 'none':
      return unknown(l10n.t('No telemetry is joined to this environment.'));
    case 'notAsked':
      return unknown(l10n.t('Signals of this environment have not been asked for yet.'));
    case 'asking':
      return unknown(l10n.t('Asked {0} ago, no answer yet.', numbers.span(reading.sinceMs)));
    case 'tooOld':
      return {
        text: l10n.t('The newest telemetry is {0} old, too old to say what happens now.', numbers.span(reading.ageMs)),
        tone: 'stale',
      };
    case 'unreachable':
      return unknown(
        l10n.t('Telemetry unreachable since {0}: {1}', numbers.clock(reading.since, now), oneLine(reading.reason)),
      );
    case 'noTraffic':
      return unknown(l10n.t('No traffic in {0}.', numbers.window(reading.facts.windowMinutes)));
    case 'noEvaluations':
      return unknown(
        l10n.t(
          '{0} requests in {1}, but no evaluation of this flag was recorded: the service does not run this code, or lacks OpenFeature\u2019s telemetry hook.',
          numbers.count(reading.path.totals.calls),
          numbers.window(reading.facts.windowMinutes),
        ),
      );
    case 'armsUnknown':
      return unknown(
        l10n.t(
          '{0} does not say which variant a request got: {1} requests in {2}, {3} failed, all variants together.',
          sourceName(reading.facts, reading.path, l10n),
          numbers.count(reading.path.totals.calls),
          numbers.window(reading.facts.windowMinutes),
          numbers.count(reading.path.totals.errors),
        ),
      );
    case 'tooLittle':
      return unknown(tooLittle(reading.calls, reading.seen, l10n));
    case 'single':
      return { text: single(reading.side, reading.seen, l10n), tone: 'on' };
    case 'arms':
      return compared(reading.treatment, reading.control, reading.seen, state, now, l10n);
  }
}

function tooLittle(calls: number, { facts }: Seen, l10n: L10n): string {
  const numbers = numbersFor(l10n);
  return l10n.t(
    'Too little data for a verdict: {0} requests on the smaller side in {1}.',
    numbers.count(calls),
    numbers.window(facts.windowMinutes),
  );
}

function single(side: Side, { facts, flag }: Seen, l10n: L10n): string {
  const numbers = numbersFor(l10n);
  // After a kill, say, those who got something else are still in the window.
  if (flag.arms.some(({ variant, totals }) => variant !== side.variant && totals.calls > 0)) {
    return l10n.t(
      'Only {0} is handed out now: {1} errors in {2} requests, {3}.',
      quoted(side.variant),
      numbers.count(side.errors),
      numbers.count(side.calls),
      numbers.window(facts.windowMinutes),
    );
  }
  return l10n.t(
    'Everyone measured got {0}: {1} errors in {2} requests, {3}.',
    quoted(side.variant),
    numbers.count(side.errors),
    numbers.count(side.calls),
    numbers.window(facts.windowMinutes),
  );
}

function compared(
  treatment: Side,
  control: Side,
  seen: Seen,
  state: FlagState | null,
  now: number,
  l10n: L10n,
): Sentence {
  const judged = regressionOf(seen) ?? strongest(seen.flag.comparison, seen.flag.latency);
  if (!judged) {
    const text =
      state?.effective.randomised === 'yes'
        ? l10n.t('Not compared yet: {0}.', counts(treatment, control, l10n))
        : l10n.t('Not randomised: a difference may be due to who is targeted. {0}.', counts(treatment, control, l10n));
    return { text, tone: 'unknown' };
  }
  return judgedSentence(judged, now, l10n);
}

/** With no regression, the first that says something; errors before latency. */
function strongest(errors: Comparison | null, latency: Comparison | null): Comparison | null {
  return [errors, latency].find((judged) => judged && judged.verdict !== 'insufficient') ?? errors ?? latency;
}

function counts(treatment: Side, control: Side, l10n: L10n): string {
  const { count } = numbersFor(l10n);
  return l10n.t(
    '{0} of {1} against {2} of {3}',
    count(treatment.errors),
    count(treatment.calls),
    count(control.errors),
    count(control.calls),
  );
}

/** The words of telemetry.md 7.2 D for one comparison. */
export function judgedSentence(judged: Comparison, now: number, l10n: L10n): Sentence {
  const { count, clock } = numbersFor(l10n);
  const against = l10n.t(
    '{0} of {1} against {2} of {3}',
    count(judged.bad1),
    count(judged.n1),
    count(judged.bad0),
    count(judged.n0),
  );
  const because = phrase(judged.because, l10n);
  const since = judged.since === null ? '' : l10n.t(', since {0}', clock(judged.since, now));
  const difference = differenceWords(judged, l10n);
  switch (judged.verdict) {
    case 'regression':
      return { text: l10n.t('Regression: {0}{1}, {2}.', difference, since, against), tone: 'regression' };
    case 'improvement':
      return { text: l10n.t('Improvement: {0}{1}, {2}.', difference, since, against), tone: 'on' };
    case 'noEvidence':
      // An interval clear of 1 is not "no evidence" to a reader; the test that may be looked at all day has not crossed.
      if (judged.ratio && judged.ratio.low > 1) {
        return { text: l10n.t('No verdict yet: {0}, {1}; {2}.', difference, against, because), tone: 'partial' };
      }
      return { text: l10n.t('No evidence of harm: {0}, {1}.', difference, against), tone: 'partial' };
    case 'notWorse':
      return { text: l10n.t('Not worse than +25 %: {0}, {1}.', difference, against), tone: 'on' };
    case 'insufficient':
      return { text: sentence(l10n.t('Insufficient data: {0}', dotted(because, against))), tone: 'unknown' };
    case 'unhealthy':
      return {
        text: sentence(l10n.t('No verdict, the measurement is unhealthy: {0}', because || against)),
        tone: 'unknown',
      };
    case 'association':
      return {
        text: l10n.t(
          'Association, no verdict: {0}, {1}. {2}',
          difference,
          against,
          sentence(because || l10n.t('Who gets which is not decided by chance alone')),
        ),
        tone: 'partial',
      };
  }
}

const sentence = (text: string): string => (/[.!?]$/u.test(text) ? text : `${text}.`);

/** `errors 6.8 times higher with "on" (95 %: 4.1 to 11)`. */
function differenceWords(judged: Comparison, l10n: L10n): string {
  const numbers = numbersFor(l10n);
  const name = quoted(judged.treatment);
  const what =
    judged.metric === 'errors'
      ? l10n.t('errors')
      : judged.thresholdSeconds === null
        ? l10n.t('slow requests')
        : l10n.t('requests slower than {0}', numbers.duration(judged.thresholdSeconds));
  const { ratio } = judged;
  if (!ratio) return l10n.t('{0} with {1}', what, name);
  const low = numbers.plain(ratio.low);
  if (ratio.value === null || ratio.high === null) {
    return l10n.t('{0} only or mostly with {1} (95 %: at least {2} times)', what, name, low);
  }
  const value = numbers.plain(ratio.value);
  const high = numbers.plain(ratio.high);
  const percent = '95 %';
  if (ratio.value >= 1.05) {
    if (judged.metric === 'latency') {
      return l10n.t('{0} {1} times more often with {2} ({3}: {4} to {5})', what, value, name, percent, low, high);
    }
    return l10n.t('{0} {1} times higher with {2} ({3}: {4} to {5})', what, value, name, percent, low, high);
  }
  return l10n.t('{0} {1} times those without {2} ({3}: {4} to {5})', what, value, name, percent, low, high);
}
