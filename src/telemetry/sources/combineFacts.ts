import type { FlagFacts, PathFacts, SignalFacts, SignalSource } from '../../model/facts';
import type { Coverage } from '../../model/signal';
import { environmentJoined } from '../environmentJoined';

/** What one source said, or last said, to a question; `facts` null while it has said nothing. */
export interface SourceAnswer {
  readonly id: string;
  readonly name: string;
  /** What it counts calls by: of spans some may have been left out on their way. */
  readonly counts: 'spans' | 'metrics';
  /** Environments that the configuration says it holds. */
  readonly holds: readonly string[];
  readonly state: SignalSource['state'];
  readonly reason: string | null;
  readonly since: number | null;
  readonly facts: SignalFacts | null;
}

/**
 * One answer of several sources; each number is one source's, and says whose. Which of them speak for the environment:
 * those that the configuration says hold it; those found to name it; and, only when nothing names it, those whose
 * telemetry names none. Where several know a code path or a flag, the one with calls goes first, then metrics that
 * counted more than spans did ({@link shortAmong}), then an exact match, then (for a flag) who can tell its variants
 * apart, then the order given.
 */
export function combineFacts(asked: {
  readonly environment: string;
  readonly answers: readonly SourceAnswer[];
}): SignalFacts | null {
  const { environment, answers } = asked;
  const named = [...new Set(answers.flatMap(({ holds, facts }) => [...holds, ...(facts?.environments ?? [])]))];
  // One that has not answered yet may name it: until then nothing else is taken for it.
  const isOpen = answers.some(({ state, facts }) => state === 'asking' && facts === null);
  const joined = isOpen ? environment : environmentJoined(environment, named);
  const sources = answers.map((answer) => ({ answer, decided: decide(answer, environment, joined) }));
  const speaking = sources
    .filter(({ answer, decided }) => answer.facts !== null && decided !== 'notThere')
    .sort((a, b) => Number(b.decided === 'configured') - Number(a.decided === 'configured'))
    .map(({ answer: { id, name, counts, facts } }) => ({ id, name, counts, facts }))
    .filter((one): one is Speaking => one.facts !== null);
  const [first] =
    speaking.length > 0 ? speaking : answers.filter((one): one is SourceAnswer & Speaking => one.facts !== null);
  if (!first) return null;
  const facts = speaking.map((one) => one.facts);
  const short = shortAmong(speaking);
  const coverage = coverageOf(facts);
  return {
    environment,
    window: first.facts.window,
    windowMinutes: first.facts.windowMinutes,
    source: (speaking.length > 0 ? speaking : [first]).map(({ name }) => name).join(', '),
    asOf: Math.max(first.facts.asOf, ...facts.map(({ asOf }) => asOf)),
    coverage: { ...coverage, partial: coverage.partial || short.size > 0 },
    // The same operation may be known to several.
    operationCount: Math.max(0, ...facts.map(({ operationCount }) => operationCount)),
    services: [...new Set(facts.flatMap(({ services }) => services))].sort(),
    environments: named.sort(),
    paths: choosePaths(speaking),
    flags: chooseFlags(speaking),
    sources: sources.map(({ answer, decided }): SignalSource => ({
      id: answer.id,
      name: answer.name,
      decided,
      state: answer.state,
      reason: answer.reason,
      since: answer.since,
      asOf: answer.facts?.asOf ?? null,
      coverage: coverageWith(answer.facts, short.has(answer.id)),
      toldApart: answer.facts?.toldApart ?? null,
    })),
  };
}

type Speaking = Pick<SourceAnswer, 'id' | 'name' | 'counts'> & {
  readonly facts: SignalFacts;
};

/** Fewer calls than this do not tell whether spans are missing. */
const fewestToTell = 30;
/** Spans that are fewer than this share of what was counted are not all there (telemetry.md 7.2 H). */
const leastShare = 0.8;

/** Whether metrics counted so many more calls of the same service's code path that spans of them must be missing. */
const isShortOf = (spans: PathFacts, metrics: PathFacts): boolean =>
  spans.operation.service === metrics.operation.service &&
  spans.totals.calls > 0 &&
  metrics.totals.calls >= fewestToTell &&
  spans.totals.calls < leastShare * metrics.totals.calls;

/**
 * The sources (ids) whose spans fall short of what another counted. Why is not to be told from here (they are sampled
 * without saying so, sent to others too, or have been taken for a while only), so they are said to be incomplete; what
 * senders say themselves (tracestate `ot=th:`) is `sampled` already.
 */
function shortAmong(speaking: readonly Speaking[]): ReadonlySet<string> {
  const counted = speaking
    .filter(({ counts }) => counts === 'metrics')
    .map(({ facts }) => new Map(facts.paths.map((path) => [path.codePathId, path])));
  const isShort = (path: PathFacts): boolean =>
    counted.some((paths) => {
      const metrics = paths.get(path.codePathId);
      return metrics !== undefined && isShortOf(path, metrics);
    });
  const short = speaking.filter(({ counts, facts }) => counts === 'spans' && facts.paths.some(isShort));
  return new Set(short.map(({ id }) => id));
}

const coverageWith = (facts: SignalFacts | null, isShort: boolean): Coverage | null =>
  facts && { ...facts.coverage, partial: facts.coverage.partial || isShort };

function decide({ holds, facts }: SourceAnswer, asked: string, joined: string): SignalSource['decided'] {
  if (holds.includes(asked)) return 'configured';
  if (!facts) return 'unknown';
  if (!facts.environments.includes(joined)) return 'notThere';
  return joined === asked ? 'found' : 'namesNone';
}

function choosePaths(speaking: readonly Speaking[]): PathFacts[] {
  const chosen = new Map<string, Chosen>();
  for (const { id, counts, facts } of speaking) {
    for (const path of facts.paths) {
      const one = { counts, path: { ...path, source: id } };
      const known = chosen.get(path.codePathId);
      if (!known || isBetter(one, known)) chosen.set(path.codePathId, one);
    }
  }
  return [...chosen.values()].map(({ path }) => path);
}

type Chosen = Pick<Speaking, 'counts'> & { readonly path: PathFacts };

function isBetter(one: Chosen, other: Chosen): boolean {
  const { path } = one;
  const known = other.path;
  if (one.counts === 'metrics' && other.counts === 'spans' && isShortOf(known, path)) return true;
  if (one.counts === 'spans' && other.counts === 'metrics' && isShortOf(path, known)) return false;
  const [has, had] = [path.totals.calls > 0, known.totals.calls > 0];
  return has === had ? has && !path.match.approximate && known.match.approximate : has;
}

/** All of a flag's facts come from one source: arms of two are not comparable. */
function chooseFlags(speaking: readonly Speaking[]): FlagFacts[] {
  const chosen = new Map<string, { readonly worth: number; readonly flags: readonly FlagFacts[] }>();
  for (const { id, facts } of speaking) {
    for (const key of new Set(facts.flags.map((flag) => flag.key))) {
      const own = facts.flags.filter((flag) => flag.key === key);
      const worth = own.some(({ arms }) => arms.length > 0)
        ? 2
        : own.some(({ evaluations }) => evaluations > 0)
          ? 1
          : 0;
      if (worth <= (chosen.get(key)?.worth ?? -1)) continue;
      const flags = own.map((flag): FlagFacts => ({ ...flag, source: id, codePathIds: pathsOf(flag, facts) }));
      chosen.set(key, { worth, flags });
    }
  }
  return [...chosen.values()].flatMap(({ flags }) => flags);
}

const pathsOf = ({ operation }: FlagFacts, { paths }: SignalFacts): string[] =>
  operation === null
    ? []
    : paths.filter((path) => path.operation.id === operation.id).map(({ codePathId }) => codePathId);

/** As doubtful as the most doubtful, as fresh as the freshest: each source's own is with `sources`. */
function coverageOf(facts: readonly SignalFacts[]): Coverage {
  const all = facts.map(({ coverage }) => coverage);
  const newest = all.map(({ newestSample }) => newestSample).filter((at) => at !== null);
  const joined = all.map(({ joinedShare }) => joinedShare).filter((share) => share !== null);
  return {
    sampled: all.some(({ sampled }) => sampled),
    approximate: all.some(({ approximate }) => approximate),
    partial: all.some(({ partial }) => partial),
    joinedShare: joined.length > 0 ? Math.min(...joined) : null,
    newestSample: newest.length > 0 ? Math.max(...newest) : null,
  };
}
