import type { FlagFacts, PathFacts, SignalFacts, Totals } from '../model/facts';
import { codePathId } from '../model/reference';
import type { Coverage, Operation, OperationSeries, SeriesAnswer, Window } from '../model/signal';
import type { FactsRequest, FlagQuestion } from './api';
import type { Discovery, EvaluationCount, SignalBackend, Split } from './backend';
import { flagFacts, type FlagSource } from './factsFlag';
import { factsWindow, stepMs, sumSteps, totalsOf } from './factsTotals';
import { matchCodePaths } from './match/matchCodePaths';

/** How far back charts of arms and "since when" reach, when the window itself is shorter. */
const historyMinutes = 60;

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
  const known = await discover(backend, request.environment, signal);
  const { environment, discovery } = known;
  const listed = await backend.operations(environment, window, signal);
  signal.throwIfAborted();
  const operations = listed.filter((operation) => operation.environment === environment);

  const ask = async (ids: readonly string[], split: Split, of: Window): Promise<SeriesAnswer> =>
    backend.series({ environment, operations: ids, window: of, step: stepMs, split }, signal);
  const matched = matchCodePaths({ ...request, operations });
  const matchedIds = new Set([...matched.values()].flatMap((all) => all.map(({ operation }) => operation.id)));
  // Without a match one operation is asked for all the same: the answer carries how fresh and whole telemetry is.
  const wanted = matchedIds.size > 0 ? [...matchedIds] : operations.slice(0, 1).map(({ id }) => id);
  const whole = wanted.length > 0 ? await ask(wanted, { by: 'none' }, window) : null;
  signal.throwIfAborted();

  const paths = pathFacts(request, matched, whole?.series ?? [], window);
  const questions = request.flags.filter(({ key }) => Object.hasOwn(discovery.flags, key));
  const evaluations = questions.length > 0 ? await backend.evaluations?.(environment, window, signal) : undefined;
  const own = evaluations?.filter((each) => each.environment === environment) ?? null;
  const history = { from: Math.min(window.from, factsWindow(now, historyMinutes).from), to: window.to };
  const answers = await Promise.all(
    questions.map(async (question) => {
      const scopes = scopesOf(question, paths, operations, discovery.flags[question.key] ?? []);
      const ids = [...new Set(scopes.flatMap((scope) => scope.operations))];
      if (ids.length === 0) return { flags: [], coverage: null };
      const { series, coverage } = await ask(ids, { by: 'flag', key: question.key }, history);
      const made = { question, series, evaluations: own, window, historyFrom: history.from };
      return { flags: scopes.map((scope) => factsOfScope(made, scope)), coverage };
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
  };
}

/** What telemetry there is, and which environment's is joined to the asked one. */
async function discover(
  backend: SignalBackend,
  asked: string,
  signal: AbortSignal,
): Promise<{ readonly environment: string; readonly discovery: Discovery }> {
  const discovery = await backend.discover(asked, signal);
  signal.throwIfAborted();
  if (discovery.environments.includes(asked) || !discovery.environments.includes(''))
    return { environment: asked, discovery };
  const unnamed = await backend.discover('', signal);
  signal.throwIfAborted();
  return { environment: '', discovery: unnamed };
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

/** What one set of arms is of: one operation, or all entry operations of one service. */
interface Scope {
  readonly service: string;
  readonly path: PathFacts | null;
  readonly operations: readonly string[];
}

/**
 * The operations of the asked code paths, each once; and, where none was asked or some has no operation, every service
 * that evaluates the flag, each by itself (numbers are never added up across services).
 */
function scopesOf(
  question: FlagQuestion,
  paths: readonly PathFacts[],
  operations: readonly Operation[],
  evaluating: readonly string[],
): readonly Scope[] {
  const byOperation = new Map<string, Scope>();
  const asked = new Set(question.at);
  const found = paths.filter(({ codePathId: id }) => asked.has(id));
  for (const path of found) {
    const { id, service } = path.operation;
    if (!byOperation.has(id)) byOperation.set(id, { service, path, operations: [id] });
  }
  const scopes = [...byOperation.values()];
  if (found.length > 0 && found.length === asked.size) return scopes;
  const entries = operations.filter(({ kind }) => kind !== 'internal');
  for (const service of evaluating) {
    const ids = entries.filter((operation) => operation.service === service).map(({ id }) => id);
    if (ids.length > 0) scopes.push({ service, path: null, operations: ids });
  }
  return scopes;
}

function factsOfScope(all: Omit<FlagSource, 'service' | 'of'>, { path, service, operations }: Scope): FlagFacts {
  const ids = new Set(operations);
  const isOurs = (each: EvaluationCount): boolean => each.service === service && each.flag === all.question.key;
  return flagFacts({
    ...all,
    service,
    of: path && { operation: path.operation, match: path.match },
    series: all.series.filter(({ operation }) => ids.has(operation.id)),
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
