import { lastKnown } from '../model/answer';
import type { FlagSnapshot } from '../model/flag';
import type { L10n } from '../platform/l10n';
import type { DetailFact } from '../protocol/detailPanel';
import { fullName, standings, type Standing } from './environments';
import { flagFact } from './flagFact';
import { observedOf } from './flagNotes';
import type { DetailInput } from './input';
import { bothLatencies, latencyWords } from './latencyWords';
import { numbersFor } from './numbers';
import { configuredShare, shareWords } from './shareWords';
import { sideOf, type Reading, type Side } from './signalReading';
import { dataTime, sourceWords } from './signalSources';
import { signalWords } from './signalWords';
import { sourceOf } from './subject';
import { clip, dotted, oneLine, quoted } from './text';

const nothing = '\u2013';

const mostOthers = 8;

/** What the flag is, and what its people get, in each other live environment: side by side with the one shown. */
export function otherEnvironments(input: DetailInput, flag: FlagSnapshot, shown: Standing | null): DetailFact[] {
  const others = standings(input, flag).filter(
    ({ environment }) => environment.kind === 'live' && environment !== shown?.environment,
  );
  return others.slice(0, mostOthers).map((standing) => {
    const { whole, tone } = flagFact(input, flag, null, { among: standing });
    return fact(fullName(standing.environment, input.l10n), whole, '', tone);
  });
}

/** Configured and observed share, errors, latency, traffic, age: each with what it rests on. */
export function detailFacts(
  input: DetailInput,
  flag: FlagSnapshot,
  standing: Standing | null,
  reading: Reading,
): DetailFact[] {
  const { l10n } = input;
  const configured = configuredFact(input, flag, standing);
  if (reading.kind === 'arms') {
    return [configured, ...measured(input, flag, standing, reading, [reading.treatment, reading.control])];
  }
  if (reading.kind === 'single') {
    return [configured, ...measured(input, flag, standing, reading, [reading.side, ...past(reading)])];
  }
  const said = signalWords(reading, standing?.state ?? null, false, input.windowMinutes, l10n).texts[0];
  return said === undefined ? [configured] : [configured, fact(l10n.t('Signals'), said, '', 'unknown')];
}

/** Who got something else earlier in the window, before a kill say: what that was like is the reason for it. */
function past({ side, seen }: Extract<Reading, { kind: 'single' }>): readonly Side[] {
  return seen.flag.arms.filter(({ variant, totals }) => variant !== side.variant && totals.calls > 0).map(sideOf);
}

function fact(label: string, value: string, detail: string, tone: DetailFact['tone'] = null): DetailFact {
  return { label: oneLine(label), value: oneLine(value, 300), detail: oneLine(detail, 300), tone };
}

function configuredFact(input: DetailInput, flag: FlagSnapshot, standing: Standing | null): DetailFact {
  const { l10n, now } = input;
  const shown = standing ?? { state: null };
  const answer = sourceOf(input.flags, flag)?.answer;
  const read = answer ? lastKnown(answer) : undefined;
  const { share, by } = configuredShare(flag, shown, l10n);
  const at = standing?.silent ? standing.silent.knownAt : read?.at;
  const detail = dotted(
    by !== null && l10n.t('split by {0}', by),
    typeof at === 'number' && l10n.t('read {0}', numbersFor(l10n).ago(at, now)),
  );
  return fact(l10n.t('Configured'), share, detail, shareWords(flag, shown, l10n).tone);
}

function measured(
  input: DetailInput,
  flag: FlagSnapshot,
  standing: Standing | null,
  reading: Extract<Reading, { kind: 'arms' | 'single' }>,
  sides: readonly Side[],
): DetailFact[] {
  const { l10n, now } = input;
  const numbers = numbersFor(l10n);
  const { facts, flag: seen } = reading.seen;
  const window = numbers.window(facts.windowMinutes);
  const observed = standing ? observedOf(flag, standing, reading) : null;
  const newest = numbers.ago(dataTime(facts, facts.asOf, seen), now);
  const each = (of: (side: Side) => string): string => sides.map(of).join(' / ');
  const name = ({ variant }: Side): string => (variant === '' ? l10n.t('the rest') : quoted(clip(variant, 24)));
  const toneOf = (judged: typeof seen.comparison): DetailFact['tone'] =>
    judged?.verdict === 'regression' ? 'regression' : null;
  return [
    fact(
      l10n.t('Observed'),
      observed === null ? nothing : numbers.percentInFull(observed),
      dotted(l10n.t('{0} evaluations', numbers.count(seen.evaluations)), window),
    ),
    fact(
      l10n.t('Errors'),
      each(({ errorRate }) => (errorRate === null ? nothing : numbers.percentInFull(errorRate))),
      dotted(
        each((side) => l10n.t('{0} {1} of {2}', name(side), numbers.count(side.errors), numbers.count(side.calls))),
        window,
      ),
      toneOf(seen.comparison),
    ),
    fact(
      l10n.t('p95'),
      latencies(sides, l10n),
      dotted(
        l10n.t(
          'n {0}',
          each(({ calls }) => numbers.count(calls)),
        ),
        window,
      ),
      toneOf(seen.latency),
    ),
    fact(
      l10n.t('Requests'),
      each(({ perMinute }) => numbers.perMinute(perMinute)),
      dotted(seen.operation ? oneLine(seen.operation.name, 80) : oneLine(seen.service, 80), window),
    ),
    fact(l10n.t('Newest sample'), newest, sourceWords(facts, seen, now, l10n, newest)),
  ];
}

function latencies(sides: readonly Side[], l10n: L10n): string {
  const [first, second] = sides;
  if (first && second && sides.length === 2) return bothLatencies(first, second, nothing, l10n) ?? nothing;
  return sides.map((side) => latencyWords(side, l10n) ?? nothing).join(' / ');
}
