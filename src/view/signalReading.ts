import type { Answer } from '../model/answer';
import type { ArmFacts, ChartPoint, Exemplar, FlagFacts, PathFacts, SignalFacts } from '../model/facts';
import type { Environment, FlagState } from '../model/flag';
import { codePathId, type CodePath, type FileFacts, type Reference } from '../model/reference';
import type { ViewContext } from './input';
import { dataTime, sourceOf, tellsNoArms } from './signalSources';

/** Below this many calls an arm gets no rate beside the code (telemetry.md 7.2 C: the floor before any verdict). */
export const fewestCalls = 30;
/** Telemetry whose newest sample is older than three rollup steps of a minute says nothing of now (7.2 C). */
export const staleAfterMs = 3 * 60_000;
/** A question unanswered for so long is said to be so, even where an older answer could be shown. */
const patienceMs = 30_000;

/** What may be said of a flag's signals. `sinceMs`/`ageMs` are durations up to now. */
export type Reading =
  | { readonly kind: 'none' }
  | { readonly kind: 'notAsked' }
  | { readonly kind: 'asking'; readonly sinceMs: number }
  | { readonly kind: 'tooOld'; readonly ageMs: number; readonly seen: Seen | null }
  | { readonly kind: 'unreachable'; readonly reason: string; readonly since: number; readonly seen: Seen | null }
  | { readonly kind: 'noTraffic'; readonly facts: SignalFacts }
  | { readonly kind: 'noEvaluations'; readonly facts: SignalFacts; readonly path: PathFacts }
  | { readonly kind: 'armsUnknown'; readonly facts: SignalFacts; readonly path: PathFacts }
  | { readonly kind: 'tooLittle'; readonly calls: number; readonly seen: Seen }
  | { readonly kind: 'single'; readonly side: Side; readonly seen: Seen }
  | { readonly kind: 'arms'; readonly treatment: Side; readonly control: Side; readonly seen: Seen };

/** One side of a comparison: a variant, or (`variant` empty) all the others together. Seconds, shares 0..1. */
export interface Side {
  readonly variant: string;
  readonly calls: number;
  readonly errors: number;
  readonly perMinute: number;
  readonly errorRate: number | null;
  readonly p95: number | null;
  /** It is that or more: the histogram ends there. */
  readonly p95IsFloor: boolean;
  readonly points: readonly ChartPoint[];
  readonly exemplars: readonly Exemplar[];
}

/** The facts a reading rests on. `scope`: of the enclosing code path's operation, or of a service as a whole. */
export interface Seen {
  readonly facts: SignalFacts;
  readonly flag: FlagFacts;
  readonly scope: 'operation' | 'service';
}

/** The smallest code path around a line. */
export function enclosingPath(file: FileFacts | null, line: number): CodePath | null {
  let best: CodePath | null = null;
  for (const path of file?.codePaths ?? []) {
    if (line < path.startLine || line > path.endLine) continue;
    if (!best || path.endLine - path.startLine < best.endLine - best.startLine) best = path;
  }
  return best;
}

/** Facts of a code path, where an operation was matched to it. */
export function pathFactsOf(facts: SignalFacts, path: CodePath | null): PathFacts | null {
  if (!path) return null;
  const id = codePathId(path);
  return facts.paths.find((known) => known.codePathId === id) ?? null;
}

const callsOf = (flag: FlagFacts): number => flag.arms.reduce((sum, arm) => sum + arm.totals.calls, 0);
const busiest = (flags: readonly FlagFacts[]): FlagFacts | null =>
  [...flags].sort((a, b) => callsOf(b) - callsOf(a) || b.evaluations - a.evaluations)[0] ?? null;

/** The facts nearest to a reference: its own code path's operation, else the busiest service as a whole, else the busiest operation. */
export function nearestFacts(facts: SignalFacts, key: string, path: CodePath | null): Seen | null {
  const ofKey = facts.flags.filter((flag) => flag.key === key);
  const operation = pathFactsOf(facts, path)?.operation.id;
  // Of several sources, the flag's facts may be of another than the code path's.
  const id = path === null ? null : codePathId(path);
  const here =
    ofKey.find((flag) => flag.operation !== null && flag.operation.id === operation) ??
    ofKey.find(({ codePathIds }) => id !== null && codePathIds?.includes(id) === true);
  if (here) return { facts, flag: here, scope: 'operation' };
  const whole = busiest(ofKey.filter((flag) => flag.operation === null));
  if (whole) return { facts, flag: whole, scope: 'service' };
  const any = busiest(ofKey);
  return any ? { facts, flag: any, scope: 'operation' } : null;
}

/** Reads the signals of one environment for one key, at one reference (or nowhere in particular). */
export function readSignals(
  context: ViewContext,
  key: string,
  environment: Environment,
  state: FlagState | null,
  at: { readonly file: FileFacts | null; readonly reference: Reference } | null,
): Reading {
  // A file that is not live has no traffic of its own; joining another environment's would be a lie.
  if (environment.kind === 'definition') return { kind: 'none' };
  const answer = context.signals(environment.telemetryName);
  if (!answer) return { kind: 'none' };
  const path = at ? enclosingPath(at.file, at.reference.line) : null;
  return readAnswer(answer, key, environment, state, path, context.now);
}

function readAnswer(
  answer: Answer<SignalFacts>,
  key: string,
  environment: Environment,
  state: FlagState | null,
  path: CodePath | null,
  now: number,
): Reading {
  const read = (facts: SignalFacts, at: number): Reading => readFacts(facts, at, key, environment, state, path, now);
  const seenIn = (facts: SignalFacts | undefined): Seen | null => (facts ? nearestFacts(facts, key, path) : null);
  switch (answer.state) {
    case 'notAsked':
      return { kind: 'notAsked' };
    case 'asking':
      return answer.last && now - answer.since < patienceMs
        ? read(answer.last.value, answer.last.at)
        : { kind: 'asking', sinceMs: now - answer.since };
    case 'ok':
      return read(answer.value, answer.at);
    case 'tooOld':
      return { kind: 'tooOld', ageMs: now - dataTime(answer.value, answer.at, null), seen: seenIn(answer.value) };
    case 'unreachable':
      return { kind: 'unreachable', reason: answer.reason, since: answer.since, seen: seenIn(answer.last?.value) };
  }
}

function readFacts(
  facts: SignalFacts,
  at: number,
  key: string,
  environment: Environment,
  state: FlagState | null,
  path: CodePath | null,
  now: number,
): Reading {
  // The answer to another environment's question is no answer to this one.
  if (facts.environment !== environment.telemetryName) return { kind: 'notAsked' };
  // Nor is one to the question of other files: the busiest service it knows may have nothing to do with this one.
  if (path !== null && facts.askedFiles?.includes(path.path) === false) return { kind: 'asking', sinceMs: 0 };
  const seen = nearestFacts(facts, key, path);
  const around = pathFactsOf(facts, path);
  const of = seen && callsOf(seen.flag) > 0 ? seen.flag : around;
  const silent = silentSource(facts, of, seen, now);
  if (silent) return silent;
  const ageMs = now - dataTime(facts, at, of);
  const newest = sourceOf(facts, of)?.coverage ?? facts.coverage;
  if (ageMs > staleAfterMs && newest.newestSample !== null) return { kind: 'tooOld', ageMs, seen };
  if (!seen || callsOf(seen.flag) === 0) {
    if (!around || around.totals.calls === 0) return { kind: 'noTraffic', facts };
    return { kind: tellsNoArms(facts, around, key) ? 'armsUnknown' : 'noEvaluations', facts, path: around };
  }
  return readArms(seen, state);
}

/** The source whose numbers these are does not answer; or there are none, and one that may have them has not answered. */
function silentSource(
  facts: SignalFacts,
  of: FlagFacts | PathFacts | null,
  seen: Seen | null,
  now: number,
): Reading | null {
  const own = sourceOf(facts, of);
  const could = (facts.sources ?? []).filter(({ decided }) => decided === 'configured' || decided === 'unknown');
  const down = of ? own : (could.find(({ state }) => state === 'unreachable') ?? null);
  if (down?.state === 'unreachable')
    return { kind: 'unreachable', reason: down.reason ?? '', since: down.since ?? now, seen };
  // One that has answered for other files only is asked too.
  const open = (facts.sources ?? []).filter(({ decided }) => decided !== 'notThere');
  return of === null && open.some(({ state }) => state === 'asking') ? { kind: 'asking', sinceMs: 0 } : null;
}

function readArms(seen: Seen, state: FlagState | null): Reading {
  const served = onlyServed(state);
  if (served !== null) {
    const arm = seen.flag.arms.find(({ variant }) => variant === served);
    // Calls of a variant no longer served are of the past: they are in the hover, not beside the code.
    if (!arm || arm.totals.calls < fewestCalls) return { kind: 'tooLittle', calls: arm?.totals.calls ?? 0, seen };
    return { kind: 'single', side: sideOf(arm), seen };
  }
  const sides = armsOf(seen.flag, state);
  if (!sides.control) {
    const { treatment } = sides;
    const split = state?.effective.kind === 'split';
    if (split || treatment.calls < fewestCalls) {
      return { kind: 'tooLittle', calls: split ? 0 : treatment.calls, seen };
    }
    return { kind: 'single', side: treatment, seen };
  }
  const fewest = Math.min(sides.treatment.calls, sides.control.calls);
  return fewest < fewestCalls
    ? { kind: 'tooLittle', calls: fewest, seen }
    : { kind: 'arms', treatment: sides.treatment, control: sides.control, seen };
}

/** The variant everybody gets, or null when there is more than one or nobody can tell. */
function onlyServed(state: FlagState | null): string | null {
  const { effective } = state ?? {};
  if (effective?.kind !== 'everyone' || !effective.shares) return null;
  return Object.entries(effective.shares).find(([, share]) => share >= 1)?.[0] ?? null;
}

/** Treatment and control: as the comparison names them, else the off variant is the control, else the widest against the rest. */
export function armsOf(flag: FlagFacts, state: FlagState | null): { treatment: Side; control: Side | null } {
  const named = flag.comparison ?? flag.latency;
  const off = state?.offVariant ?? null;
  const treatment =
    flag.arms.find(({ variant }) => variant === named?.treatment) ??
    (off === null ? undefined : flag.arms.find(({ variant }) => variant !== off)) ??
    flag.arms[0];
  if (!treatment) return { treatment: together([], ''), control: null };
  const others = flag.arms.filter((arm) => arm !== treatment);
  const controlName = named?.control ?? off;
  const control =
    others.find(({ variant }) => variant === controlName) ?? (others.length === 1 ? others[0] : undefined);
  if (control) return { treatment: sideOf(treatment), control: sideOf(control) };
  return { treatment: sideOf(treatment), control: others.length > 0 ? together(others, controlName ?? '') : null };
}

export function sideOf(arm: ArmFacts): Side {
  const { calls, errors, perMinute, errorRate, p95, beyond } = arm.totals;
  const { variant, points, exemplars } = arm;
  const p95IsFloor = p95 !== null && p95 === beyond;
  return { variant, calls, errors, perMinute, errorRate: errorRate?.value ?? null, p95, p95IsFloor, points, exemplars };
}

/** Several arms as one: counts add up, percentiles do not and are left out. */
function together(arms: readonly ArmFacts[], variant: string): Side {
  const sides = arms.map(sideOf);
  const sum = (of: (side: Side) => number): number => sides.reduce((total, side) => total + of(side), 0);
  const steps = new Map<number, ChartPoint>();
  for (const point of sides.flatMap(({ points }) => points)) {
    const step = steps.get(point.at) ?? { at: point.at, calls: 0, errors: 0, p95: null };
    steps.set(point.at, { ...step, calls: step.calls + point.calls, errors: step.errors + point.errors });
  }
  const calls = sum((side) => side.calls);
  const errors = sum((side) => side.errors);
  return {
    variant,
    calls,
    errors,
    perMinute: sum(({ perMinute }) => perMinute),
    errorRate: calls > 0 ? errors / calls : null,
    p95: null,
    p95IsFloor: false,
    points: [...steps.values()].sort((a, b) => a.at - b.at),
    exemplars: sides.flatMap(({ exemplars }) => exemplars),
  };
}
