import type { FlagFacts, PathFacts, SignalFacts, Totals } from '../model/facts';
import { codePathId } from '../model/reference';
import type { ArmSeries, Coverage, OperationSeries, Window } from '../model/signal';
import type { FactsRequest } from './api';
import type { Discovery, EvaluationCount, SignalBackend } from './backend';
import { startsFor } from './compare/endlessLook';
import { environmentJoined } from './environmentJoined';
import { flagFacts, type FlagSource } from './factsFlag';
import { scopesOf, sumsOf, type Scope } from './factsScopes';
import { factsWindow, heardWindow, stepMs, sumSteps, totalsOf } from './factsTotals';
import { matchCodePaths } from './match/matchCodePaths';

/** How far back charts of arms reach, when the window itself is shorter. */
const chartMinutes = 60;

/**
 * Answers one question for facts from `backend`, at `now` (epoch ms): two listings, one series query for all matched
 * operations together, and one for each asked flag that telemetry has seen; never one for a function.
 *
 * Telemetry of the asked environment is joined; that which names none is joined if and only if nothing names the
 * asked one (then `environments` of the answer lacks it, and every operation's `environment` is `''`).
 * Rejects with the backend's error, or the signal's reason.
 */
export async function answerFacts(
  backend: SignalBackend,
  request: FactsRequest,
  now: number,
  signal: AbortSignal,
): Promise<SignalFacts> {
  const window = factsWindow(now, request.windowMinutes);
  const keys = [...new Set(request.flags.map(({ key }) => key))];
  const known = await discover(backend, request.environment, keys, signal);
  const { environment, discovery } = known;
  const listed = await backend.operations(environment, window, signal);
  signal.throwIfAborted();
  const operations = listed.filter((operation) => operation.environment === environment);

  const matched = matchCodePaths({ ...request, operations });
  const matchedIds = new Set([...matched.values()].flatMap((all) => all.map(({ operation }) => operation.id)));
  // Without a match one operation is asked for all the same: the answer carries how fresh and whole telemetry is.
  const wanted = matchedIds.size > 0 ? [...matchedIds] : operations.slice(0, 1).map(({ id }) => id);
  const all = { environment, operations: wanted, window, step: stepMs, split: { by: 'none' } } as const;
  const whole = wanted.length > 0 ? await backend.series(all, signal) : null;
  signal.throwIfAborted();

  const heard = heardWindow(window, whole?.coverage.heardFrom);
  const paths = pathFacts(request, matched, whole?.series ?? [], heard);
  const questions = request.flags.filter(({ key }) => Object.hasOwn(discovery.flags, key));
  const evaluations = questions.length > 0 ? await backend.evaluations?.(environment, window, signal) : undefined;
  const own = evaluations?.filter((each) => each.environment === environment) ?? null;
  const chartFrom = Math.min(window.from, factsWindow(now, chartMinutes).from);
  const evidenceMinutes = startsFor(window.to - window.from).spanMs / stepMs;
  const history = { from: Math.min(chartFrom, factsWindow(now, evidenceMinutes).from), to: window.to };
  const answers = await Promise.all(
    questions.map(async (question) => {
      const scopes = scopesOf(question, paths, operations, discovery.flags[question.key] ?? []);
      if (scopes.length === 0) return { flags: [], coverage: null };
      const { groups, coverage } = await sumsOf(
        backend,
        {
          environment,
          groups: scopes.map((scope) => scope.operations),
          window: history,
          exemplarsFrom: window.from,
          step: stepMs,
          split: { by: 'flag', key: question.key },
        },
        signal,
      );
      const made = { question, evaluations: own, window, heard, seriesFrom: history.from, chartFrom };
      return { flags: scopes.map((scope, index) => factsOfScope(made, scope, groups[index] ?? [])), coverage };
    }),
  );
  signal.throwIfAborted();

  return {
    environment: request.environment,
    window,
    windowMinutes: request.windowMinutes,
    source: backend.name,
    asOf: now,
    coverage: together(
      whole?.coverage ?? null,
      answers.map(({ coverage }) => coverage),
    ),
    operationCount: operations.length,
    services: [...new Set([...discovery.services, ...operations.map(({ service }) => service)])].sort(),
    environments: [...discovery.environments],
    paths,
    flags: answers.flatMap(({ flags }) => flags),
    ...(discovery.toldApart && { toldApart: [...discovery.toldApart] }),
  };
}

/** What telemetry there is, and which environment's is joined to the asked one. */
async function discover(
  backend: SignalBackend,
  asked: string,
  keys: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly environment: string; readonly discovery: Discovery }> {
  const discovery = await backend.discover(asked, signal, keys);
  signal.throwIfAborted();
  const environment = environmentJoined(asked, discovery.environments);
  if (environment === asked) return { environment, discovery };
  const unnamed = await backend.discover(environment, signal, keys);
  signal.throwIfAborted();
  return { environment, discovery: unnamed };
}

type Matched = ReturnType<typeof matchCodePaths>;

/** The busiest operation of every matched code path; the others that match too are named. */
function pathFacts(
  request: FactsRequest,
  matched: Matched,
  series: readonly OperationSeries[],
  window: Window,
): PathFacts[] {
  const seen = new Map(series.map((each) => [each.operation.id, new OperationTotals(each, window)]));
  const facts = new Map<string, PathFacts>();
  for (const codePath of request.codePaths) {
    const id = codePathId(codePath);
    const byCalls = (matched.get(id) ?? [])
      .map((one) => ({ ...one, seen: seen.get(one.operation.id) }))
      .sort((a, b) => (b.seen?.calls ?? 0) - (a.seen?.calls ?? 0) || b.match.score - a.match.score);
    const [busiest, ...more] = byCalls;
    if (!busiest) continue;
    const { operation, match } = busiest;
    const totals = busiest.seen?.totals() ?? totalsOf([], window);
    facts.set(id, { codePathId: id, operation, match, totals, more: more.map((one) => one.operation) });
  }
  return [...facts.values()];
}

/** Calls of an operation at once, the rest when it is the busiest of some code path; worked out once for all of them. */
class OperationTotals {
  readonly calls: number;
  readonly #points: OperationSeries['arms'][number]['points'];
  readonly #window: Window;
  #totals: Totals | null = null;

  constructor({ arms }: OperationSeries, window: Window) {
    this.#points = arms.filter(({ arm }) => arm.kind === 'all').flatMap(({ points }) => points);
    this.#window = window;
    this.calls = this.#points.reduce((sum, { calls }) => sum + calls, 0);
  }

  totals(): Totals {
    this.#totals ??= totalsOf(sumSteps([this.#points]), this.#window);
    return this.#totals;
  }
}

function factsOfScope(
  all: Omit<FlagSource, 'service' | 'of' | 'arms'>,
  { path, service }: Scope,
  arms: readonly ArmSeries[],
): FlagFacts {
  const isOurs = (each: EvaluationCount): boolean => each.service === service && each.flag === all.question.key;
  return flagFacts({
    ...all,
    service,
    of: path && { operation: path.operation, match: path.match },
    arms,
    // Evaluations are counted by service: of one operation only the calls that carry a variant are known.
    evaluations: path ? null : (all.evaluations?.filter(isOurs) ?? null),
  });
}

/**
 * As doubtful as the most doubtful part. How whole and how fresh it is, is said of the window: the arms' answers look
 * further back, to where a young store has nothing.
 */
function together(whole: Coverage | null, arms: readonly (Coverage | null)[]): Coverage {
  const all = [whole, ...arms].filter((part) => part !== null);
  const joined = all.map(({ joinedShare }) => joinedShare).filter((share) => share !== null);
  return {
    sampled: all.some(({ sampled }) => sampled),
    approximate: all.some(({ approximate }) => approximate),
    partial: whole?.partial ?? false,
    joinedShare: whole?.joinedShare ?? (joined.length > 0 ? Math.min(...joined) : null),
    newestSample: whole?.newestSample ?? null,
  };
}
