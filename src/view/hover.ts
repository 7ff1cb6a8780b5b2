import type { FlagSnapshot } from '../model/flag';
import { codePathId, type FileFacts, type Reference } from '../model/reference';
import { changeActions, lookActions } from './actions';
import { errorChart } from './chartSvg';
import { chosenStanding, fullName, namesNoEnvironment, standings, type Standing } from './environments';
import { flagNotes, observedOf } from './flagNotes';
import { subtitleOf } from './flagSubtitle';
import type { ViewContext, ViewInput } from './input';
import { bothLatencies, latencyWords } from './latencyWords';
import { numbersFor } from './numbers';
import type { ActionLink, ChartImage, HoverModel, HoverTable } from './output';
import { phrase } from './phrases';
import { stateInFull } from './shareWords';
import { armsOf, enclosingPath, readSignals, type Reading, type Seen } from './signalReading';
import { sourceWords } from './signalSources';
import { signalWords } from './signalWords';
import { subjectOf } from './subject';
import { dotted, oneLine, quoted } from './text';
import { sentenceOf } from './verdictWords';

export interface HoverPlace {
  readonly file: FileFacts | null;
  readonly reference: Reference;
}

/** The hover of one flag: at a reference, or (`at` null) of the flag as such, in one environment or the chosen one. */
export function flagHover(
  context: ViewContext,
  flag: FlagSnapshot,
  at: HoverPlace | null,
  among: Standing | null = null,
  more: readonly string[] = [],
): HoverModel {
  const { l10n, now } = context;
  const standing = among ?? chosenStanding(context, flag);
  const reading: Reading = standing
    ? readSignals(context, flag.ref.key, standing.environment, standing.state, at)
    : { kind: 'none' };
  const sentence = sentenceOf(reading, standing?.state ?? null, now, l10n);
  const seen = 'seen' in reading ? reading.seen : null;
  const path = at ? enclosingPath(at.file, at.reference.line) : null;
  const exemplars = seen?.flag.arms.reduce((sum, arm) => sum + arm.exemplars.length, 0) ?? 0;
  return {
    title: oneLine(flag.ref.key),
    subtitle: subtitleOf(context, flag),
    table: {
      columns: tableColumns(l10n),
      rows: standings(context, flag).map((row) => tableRow(context, flag, row, at)),
    },
    sentence: flag.unreadable ? oneLine(flag.unreadable.message) : sentence.text,
    tone: flag.unreadable ? 'unknown' : sentence.tone,
    chart: seen && standing ? chartOf(context, flag, standing, seen) : null,
    notes: [...more, ...(standing ? flagNotes(context, flag, standing, reading) : [])],
    provenance: dotted(provenance(context, reading, at), askedWords(context, standing)),
    actions: [
      ...(standing ? changeActions(context, flag, standing) : []),
      ...lookActions(context, flag, standing, exemplars, path ? codePathId(path) : null),
      ...(at ? [explain(context, at.reference)] : []),
    ],
  };
}

/** The hover of a reference, whatever it is about. `more`: notes to put first, such as why a region is dimmed. */
export function referenceHover(input: ViewInput, reference: Reference, more: readonly string[]): HoverModel {
  const { l10n } = input;
  const subject = subjectOf(input.flags, reference);
  const name = oneLine(reference.key ?? reference.pattern ?? '');
  const bare = (sentence: string, actions: readonly ActionLink[] = []): HoverModel => ({
    title: name,
    subtitle: '',
    table: null,
    sentence,
    tone: 'unknown',
    chart: null,
    notes: more,
    provenance: '',
    actions: [...actions, explain(input, reference)],
  });
  switch (subject.kind) {
    case 'silent':
      return bare(l10n.t('No flag system is connected that could say what this flag is.'), [
        { label: l10n.t('Connect flag system…'), action: { kind: 'connectFlags' } },
      ]);
    case 'notAsked':
      return bare(
        subject.reason === null ? l10n.t('The flag system has not been asked yet.') : oneLine(subject.reason),
        subject.reason === null ? [] : [{ label: l10n.t('Servers…'), action: { kind: 'allowServer', origin: '' } }],
      );
    case 'asking':
      return bare(
        l10n.t('The flag system was asked {0} ago, no answer yet.', numbersFor(l10n).span(input.now - subject.since)),
      );
    case 'unreachable':
      return bare(l10n.t('{0} is unreachable: {1}', oneLine(subject.project), oneLine(subject.reason)), [
        { label: l10n.t('Refresh'), action: { kind: 'refresh' } },
      ]);
    case 'unknown':
      return bare(
        subject.nearest === null
          ? l10n.t('No connected flag system knows this key.')
          : l10n.t('No connected flag system knows this key. The nearest known one is {0}.', quoted(subject.nearest)),
      );
    case 'dynamic': {
      const some = subject.keys.slice(0, 10).map(quoted).join(', ');
      const rest = subject.keys.length > 10 ? l10n.t(' and {0} more', subject.keys.length - 10) : '';
      return bare(
        subject.keys.length === 0
          ? l10n.t('The key is put together at run time; no known flag matches {0}.', quoted(subject.pattern))
          : l10n.t('The key is put together at run time. Known flags that match: {0}{1}.', some, rest),
      );
    }
    case 'several': {
      const links = subject.flags.map((flag): ActionLink => ({
        label: l10n.t('Details in {0}', oneLine(flag.ref.project, 40)),
        action: { kind: 'details', ref: flag.ref, environment: null },
      }));
      const each = subject.flags.map((flag) => {
        const state = stateInFull(flag, chosenStanding(input, flag) ?? { state: null }, l10n);
        return l10n.t('{0} in {1} ({2})', state, oneLine(flag.ref.project, 60), oneLine(flag.ref.system, 60));
      });
      const model = bare(l10n.t('The key exists in several projects: {0}.', each.join('; ')), links);
      return {
        ...model,
        table: sideBySide(input, subject.flags, { file: input.file, reference }),
        notes: [...more, ...sharedTelemetry(input, subject.flags)],
      };
    }
    case 'one':
      return flagHover(input, subject.flag, { file: input.file, reference }, null, more);
  }
}

function explain({ l10n }: ViewContext, { path, line, column }: Reference): ActionLink {
  return { label: l10n.t('Explain'), action: { kind: 'explain', path, line, column } };
}

const tableColumns = (l10n: ViewContext['l10n']): readonly string[] => [
  l10n.t('environment'),
  l10n.t('state'),
  l10n.t('observed'),
  l10n.t('errors'),
  l10n.t('p95'),
  l10n.t('requests'),
];

/** The same key in several projects or systems: every environment of each, under the name of its project. */
function sideBySide(context: ViewContext, flags: readonly FlagSnapshot[], at: HoverPlace): HoverTable {
  const rows = flags.flatMap((flag) =>
    standings(context, flag).map((standing) => {
      const [name = '', ...cells] = tableRow(context, flag, standing, at);
      return [dotted(name, oneLine(flag.ref.project, 40), oneLine(flag.ref.system, 40)), ...cells];
    }),
  );
  return { columns: tableColumns(context.l10n), rows };
}

/** Telemetry names the key and not the system: where two flags share an environment, its numbers are of both. */
function sharedTelemetry(context: ViewContext, flags: readonly FlagSnapshot[]): readonly string[] {
  const names = flags.map((flag) => {
    const live = context.flags.environments(flag.ref).filter(({ kind }) => kind === 'live');
    return new Set(live.map(({ telemetryName }) => telemetryName));
  });
  const shared = [...new Set(names.flatMap((own) => [...own]))].filter(
    (name) => names.filter((own) => own.has(name)).length > 1,
  );
  if (shared.length === 0) return [];
  const list = shared.map((name) => oneLine(name, 40)).join(', ');
  return [context.l10n.t('Telemetry of {0} names the key alone: its numbers are of all of them together.', list)];
}

const none = '\u2013';

function tableRow(
  context: ViewContext,
  flag: FlagSnapshot,
  standing: Standing,
  at: HoverPlace | null,
): readonly string[] {
  const { l10n } = context;
  const numbers = numbersFor(l10n);
  const reading = readSignals(context, flag.ref.key, standing.environment, standing.state, at);
  const knownAt = standing.silent?.knownAt ?? null;
  const shown = dotted(
    stateInFull(flag, standing, l10n),
    standing.state && knownAt !== null && l10n.t('state of {0}', numbers.ago(knownAt, context.now)),
  );
  const first = [fullName(standing.environment, l10n), shown].map((text) => oneLine(text));
  const observed = observedOf(flag, standing, reading);
  const share = observed === null ? none : numbers.percentInFull(observed);
  const pair = (treatment: string | null, control: string | null): string =>
    treatment === null && control === null ? none : `${treatment ?? none} / ${control ?? none}`;
  switch (reading.kind) {
    case 'arms': {
      const { treatment, control } = reading;
      const rate = (value: number | null): string | null => (value === null ? null : numbers.percentInFull(value));
      return [
        ...first,
        share,
        pair(rate(treatment.errorRate), rate(control.errorRate)),
        bothLatencies(treatment, control, none, l10n) ?? none,
        pair(numbers.count(treatment.calls), numbers.count(control.calls)),
      ];
    }
    case 'single': {
      const { errorRate, calls } = reading.side;
      return [
        ...first,
        share,
        errorRate === null ? none : numbers.percentInFull(errorRate),
        latencyWords(reading.side, l10n) ?? none,
        numbers.count(calls),
      ];
    }
    case 'tooLittle':
      return [...first, share, l10n.t('too few'), none, numbers.count(reading.calls)];
    case 'none':
      return [...first, share, none, none, none];
    default: {
      const words = signalWords(reading, standing.state, false, context.windowMinutes, l10n).texts[0] ?? none;
      return [...first, share, words, none, none];
    }
  }
}

const hourMs = 60 * 60_000;

function chartOf(context: ViewContext, flag: FlagSnapshot, { state }: Standing, seen: Seen): ChartImage | null {
  const to = seen.facts.asOf;
  const changes = flag.changed ? [flag.changed.at] : [];
  return errorChart({ ...armsOf(seen.flag, state), changes, from: to - hourMs, to }, context.theme, context.l10n);
}

/** Why these numbers stand here, where they come from and how old they are. */
function provenance({ l10n, now }: ViewContext, reading: Reading, at: HoverPlace | null): string {
  const facts = 'seen' in reading ? reading.seen?.facts : 'facts' in reading ? reading.facts : undefined;
  if (!facts) return '';
  const { window } = numbersFor(l10n);
  const flag = 'seen' in reading ? (reading.seen?.flag ?? null) : null;
  const source = sourceWords(facts, flag ?? ('path' in reading ? reading.path : null), now, l10n);
  const matched =
    flag?.match && flag.operation
      ? l10n.t('Matched {0} {1}', oneLine(flag.operation.name, 80), phrase(flag.match.reason, l10n, 80))
      : flag && at
        ? l10n.t('All requests of {0} that evaluate it', oneLine(flag.service, 60))
        : null;
  return dotted(
    matched,
    flag?.match?.via && l10n.t('via {0}', oneLine(flag.match.via, 80)),
    flag?.match?.approximate && l10n.t('approximate match'),
    l10n.t('last {0}', window(facts.windowMinutes)),
    source,
    namesNoEnvironment(facts) && l10n.t('telemetry that names no environment'),
  );
}

/** A state that nobody tells us of is as old as the last time it was asked for. */
function askedWords({ l10n }: ViewContext, standing: Standing | null): string | null {
  const askedMs = standing?.environment.askedMs;
  return askedMs === undefined ? null : l10n.t('flag asked every {0}', numbersFor(l10n).span(askedMs));
}
