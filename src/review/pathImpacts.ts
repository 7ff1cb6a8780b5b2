import type { PathFacts, SignalFacts } from '../model/facts';
import { codePathId, type CodePath } from '../model/reference';
import { numbersFor } from '../view/numbers';
import { dotted } from '../view/text';
import type { CodeSide, FileChange, ReviewInput } from './input';
import { touched } from './lines';
import type { PathImpact, PathTraffic } from './report';

/** Functions, methods, routes and jobs in which lines are others, with what their operations get now. */
export function pathImpacts(input: ReviewInput): readonly PathImpact[] {
  const [before, after] = [byPath(input.codeBefore), byPath(input.codeAfter)];
  const impacts = input.changes.flatMap((change): PathImpact[] => {
    const was = change.before === null ? [] : (before.get(change.before) ?? []);
    const is = change.after === null ? [] : (after.get(change.after) ?? []);
    const changedWas = new Set(was.filter((path) => isTouched(path, was, change, 'base')));
    const changedIs = is.filter((path) => isTouched(path, is, change, 'head'));
    const same = (one: CodePath, other: CodePath): boolean => one.name === other.name && one.kind === other.kind;
    const now = [
      ...changedIs,
      ...is.filter((one) => !changedIs.includes(one) && [...changedWas].some(same.bind(null, one))),
    ];
    const gone = [...changedWas].filter((one) => !is.some((other) => same(one, other)));
    return [
      ...now.map((path) => {
        const earlier = was.find((one) => same(one, path));
        return impactOf(path, earlier ?? null, earlier ? 'changed' : 'added', input);
      }),
      ...gone.map((path) => impactOf(path, path, 'removed', input)),
    ];
  });
  return impacts.sort((a, b) => busiest(b) - busiest(a) || (a.place.path < b.place.path ? -1 : 1));
}

export const busiest = ({ traffic }: PathImpact): number => Math.max(0, ...traffic.map(({ perMinute }) => perMinute));

const byPath = ({ files }: CodeSide): Map<string, readonly CodePath[]> =>
  new Map(files.map(({ path, codePaths }) => [path, codePaths]));

/** Lines of functions within it are theirs. */
function isTouched(path: CodePath, all: readonly CodePath[], change: FileChange, side: 'base' | 'head'): boolean {
  const isWithin = (one: CodePath): boolean =>
    one !== path &&
    one.startLine >= path.startLine &&
    one.endLine <= path.endLine &&
    (one.startLine > path.startLine || one.endLine < path.endLine);
  const within = all.filter(isWithin);
  return touched(path, change, side).some(({ startLine, endLine }) => {
    for (let line = startLine; line <= endLine; line++)
      if (!within.some((one) => line >= one.startLine && line <= one.endLine)) return true;
    return false;
  });
}

function impactOf(
  path: CodePath,
  before: CodePath | null,
  change: PathImpact['change'],
  input: ReviewInput,
): PathImpact {
  const side = change === 'removed' ? 'base' : 'head';
  const code = side === 'base' ? input.codeBefore : input.codeAfter;
  const references = code.files.find((file) => file.path === path.path)?.references ?? [];
  const here = references.filter(
    ({ kind, line, regions }) =>
      kind === 'evaluation' &&
      ((line >= path.startLine && line <= path.endLine) ||
        regions.some(({ startLine, endLine }) => startLine <= path.startLine && endLine >= path.endLine)),
  );
  return {
    place: { side, path: path.path, line: path.startLine, endLine: path.endLine, function: path.name, kind: null },
    name: path.name,
    change,
    routes: path.routes.map(({ method, template }) => `${method} ${template}`),
    flags: [...new Set(here.flatMap(({ key, pattern }) => key ?? pattern ?? []))].sort(),
    traffic: before ? trafficOf(before, input) : [],
  };
}

/** What the operations of a code path get now, which has its numbers by where it is without the change. */
export function trafficOf(path: CodePath, { signals, now, l10n }: ReviewInput): readonly PathTraffic[] {
  const id = codePathId(path);
  return signals.flatMap(({ name, facts }) =>
    facts.paths.filter((one) => one.codePathId === id).map((one) => traffic(name, facts, one, now, l10n)),
  );
}

function traffic(
  environment: string,
  facts: SignalFacts,
  { operation, match, totals, source }: PathFacts,
  now: number,
  l10n: ReviewInput['l10n'],
): PathTraffic {
  const { percent, duration, perMinute, window, ago, count } = numbersFor(l10n);
  const { errorRate, p50, p99, calls } = totals;
  const by = facts.sources?.find(({ id }) => id === source)?.name ?? facts.source;
  const { newestSample } = facts.coverage;
  const words =
    calls === 0
      ? dotted(l10n.t('no traffic'), window(facts.windowMinutes), by)
      : dotted(
          perMinute(totals.perMinute),
          errorRate && l10n.t('err {0}', percent(errorRate.value)),
          p50 !== null && l10n.t('p50 {0}', duration(p50)),
          p99 !== null && l10n.t('p99 {0}', duration(p99)),
          l10n.t('{0} calls in {1}', count(calls), window(facts.windowMinutes)),
          match.via !== null && l10n.t('numbers of {0}', match.via),
          by,
          newestSample !== null && ago(newestSample, now),
        );
  return {
    environment,
    operation: operation.name,
    service: operation.service,
    match: match.reason,
    approximate: match.approximate,
    via: match.via,
    perMinute: totals.perMinute,
    calls,
    errors: totals.errors,
    errorRate: errorRate?.value ?? null,
    p50,
    p99,
    windowMinutes: facts.windowMinutes,
    source: by,
    asOf: facts.asOf,
    newestSample,
    words,
  };
}
