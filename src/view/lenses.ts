import { lastKnown } from '../model/answer';
import type { PathFacts, SignalFacts, Totals } from '../model/facts';
import { codePathId, type CodePath, type FileFacts, type Reference } from '../model/reference';
import { fileSignals } from './environments';
import type { ViewInput } from './input';
import type { ReferenceFact } from './inlineFact';
import { latencyWords } from './latencyWords';
import { numbersFor } from './numbers';
import type { Lens, LensPart } from './output';
import { phrase } from './phrases';
import { enclosingPath, pathFactsOf, staleAfterMs } from './signalReading';
import { dataTime, sourceOf, sourceWords } from './signalSources';
import { dotted, oneLine } from './text';

/**
 * Above functions and routes: their signals, their flags, example traces. Nothing where there is nothing to say, but
 * once a file says that nothing was matched, when telemetry did answer. With inline facts off the facts stand here.
 */
export function lenses(input: ViewInput, facts: readonly (ReferenceFact | null)[]): Lens[] {
  const { file } = input;
  if (!file) return [];
  const { answer } = fileSignals(input);
  const known = answer ? lastKnown(answer) : undefined;
  const made: Lens[] = [];
  for (const path of file.codePaths) {
    const matched = known ? pathFactsOf(known.value, path) : null;
    const signals =
      matched && known ? signalParts(input, file, path, matched, known, answer?.state === 'unreachable') : [];
    const carried = input.settings.inlineFacts ? [] : factParts(file, path, facts, input);
    if (signals.length + carried.length > 0) made.push({ line: path.lensLine, parts: [...signals, ...carried] });
  }
  if (!input.settings.inlineFacts) made.push(...outside(file, facts, input));
  const silent = answer?.state === 'ok' && made.length === 0 ? whyNothing(input, file, answer.value) : [];
  return oneALine([...made, ...silent]);
}

function signalParts(
  input: ViewInput,
  file: FileFacts,
  path: CodePath,
  matched: PathFacts,
  known: { readonly value: SignalFacts; readonly at: number },
  unreachable: boolean,
): LensPart[] {
  const { l10n } = input;
  if (matched.totals.calls === 0) return [];
  const id = codePathId(path);
  const age = input.now - dataTime(known.value, known.at, matched);
  const numbers = numbersFor(l10n);
  const text = dotted(
    totalsInWords(matched.totals, input),
    numbers.window(known.value.windowMinutes),
    matched.match.via && l10n.t('via {0}', oneLine(matched.match.via, 60)),
    matched.more.length > 0 && l10n.t('+{0} more', matched.more.length),
    (unreachable || sourceOf(known.value, matched)?.state === 'unreachable') && l10n.t('unreachable'),
    age > staleAfterMs && l10n.t('{0} old', numbers.span(age)),
  );
  const parts: LensPart[] = [
    {
      text,
      tooltip: lensTooltip(input, matched, known),
      action: { kind: 'explain', path: file.path, line: path.lensLine, column: path.startColumn },
    },
  ];
  const keys = new Set(evaluationsIn(file, path).map(({ key, pattern }) => key ?? pattern ?? ''));
  if (keys.size > 0) {
    parts.push({
      text: keys.size === 1 ? l10n.t('1 flag') : l10n.t('{0} flags', keys.size),
      tooltip: [...keys]
        .slice(0, 10)
        .map((key) => oneLine(key, 80))
        .join(', '),
      action: { kind: 'flagsAt', path: file.path, codePathId: id },
    });
  }
  const traced = known.value.flags.some(
    (flag) => flag.operation?.id === matched.operation.id && flag.arms.some(({ exemplars }) => exemplars.length > 0),
  );
  if (traced) {
    parts.push({
      text: l10n.t('traces'),
      tooltip: l10n.t('Example requests through this code'),
      action: { kind: 'traces', codePathId: id, ref: null },
    });
  }
  return parts;
}

/** `1.2k/min · err 0.7% · p50 84 ms · p95 410 ms`. */
export function totalsInWords(
  { perMinute, errorRate, p50, p95, beyond }: Totals,
  { l10n }: Pick<ViewInput, 'l10n'>,
): string {
  const numbers = numbersFor(l10n);
  const words = (value: number | null): string | null =>
    latencyWords({ p95: value, p95IsFloor: value === beyond }, l10n);
  const [half, most] = [words(p50), words(p95)];
  return dotted(
    numbers.perMinute(perMinute),
    errorRate && l10n.t('err {0}', numbers.percent(errorRate.value)),
    half !== null && l10n.t('p50 {0}', half),
    most !== null && l10n.t('p95 {0}', most),
  );
}

function lensTooltip(
  { l10n, now }: ViewInput,
  path: PathFacts,
  known: { readonly value: SignalFacts; readonly at: number },
): string {
  const { operation, match, totals, more } = path;
  const numbers = numbersFor(l10n);
  const others = more.map(({ name, service }) => l10n.t('{0} of {1}', oneLine(name, 80), oneLine(service, 40)));
  return [
    l10n.t(
      '{0} of {1}, matched {2}',
      oneLine(operation.name, 80),
      oneLine(operation.service, 60),
      phrase(match.reason, l10n, 80),
    ),
    l10n.t(
      '{0} requests, {1} errors in {2}',
      numbers.count(totals.calls),
      numbers.count(totals.errors),
      numbers.window(known.value.windowMinutes),
    ),
    sourceWords(known.value, path, now, l10n),
    ...(others.length > 0 ? [l10n.t('Also: {0}', others.slice(0, 5).join(', '))] : []),
  ].join('\n');
}

/** Evaluations whose innermost code path this is or that stand within it. */
function evaluationsIn(file: FileFacts, path: CodePath): readonly Reference[] {
  return file.references.filter(
    ({ kind, line }) => kind === 'evaluation' && line >= path.startLine && line <= path.endLine,
  );
}

function factParts(
  file: FileFacts,
  path: CodePath,
  facts: readonly (ReferenceFact | null)[],
  input: ViewInput,
): LensPart[] {
  return carriedParts(file, facts, input, (reference) => enclosingPath(file, reference.line) === path);
}

function outside(file: FileFacts, facts: readonly (ReferenceFact | null)[], input: ViewInput): Lens[] {
  const lines = new Set(
    file.references.filter(({ line }) => enclosingPath(file, line) === null).map(({ line }) => line),
  );
  return [...lines].flatMap((line) => {
    const parts = carriedParts(file, facts, input, (reference) => reference.line === line);
    return parts.length > 0 ? [{ line, parts }] : [];
  });
}

function carriedParts(
  file: FileFacts,
  facts: readonly (ReferenceFact | null)[],
  { l10n }: ViewInput,
  wanted: (reference: Reference) => boolean,
): LensPart[] {
  const parts = new Map<string, LensPart>();
  for (const [index, reference] of file.references.entries()) {
    const fact = facts[index];
    if (!fact || reference.kind !== 'evaluation' || !wanted(reference)) continue;
    const name = oneLine(reference.key ?? reference.pattern ?? '', 60);
    const { subject } = fact;
    const action =
      subject.kind === 'one'
        ? ({ kind: 'details', ref: subject.flag.ref, environment: null } as const)
        : ({ kind: 'explain', path: file.path, line: reference.line, column: reference.column } as const);
    if (!parts.has(name)) parts.set(name, { text: l10n.t('{0}: {1}', name, fact.text), tooltip: fact.label, action });
  }
  return [...parts.values()];
}

/** Only in a file that could have signals: one that evaluates flags, serves routes or starts spans. */
function whyNothing({ l10n }: ViewInput, file: FileFacts, facts: SignalFacts): Lens[] {
  const entry = file.codePaths.find(({ routes, spans }) => routes.length + spans.length > 0);
  const evaluation = file.references.find(({ kind }) => kind === 'evaluation');
  if (facts.operationCount === 0 || (!entry && !evaluation)) return [];
  const line = entry?.lensLine ?? file.codePaths[0]?.lensLine ?? evaluation?.line ?? 1;
  const text = l10n.t('No signals matched in this file: why?');
  return [{ line, parts: [{ text, tooltip: text, action: { kind: 'whyNothing', path: file.path } }] }];
}

/** Nested functions that begin on one line share it: the outermost, which the file lists first, speaks. */
function oneALine(all: readonly Lens[]): Lens[] {
  const byLine = new Map<number, Lens>();
  for (const lens of all) if (!byLine.has(lens.line)) byLine.set(lens.line, lens);
  return [...byLine.values()].sort((a, b) => a.line - b.line);
}
