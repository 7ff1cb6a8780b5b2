import { budgetFor, type Budget } from '../model/guardrails';
import type { ReviewInput } from './input';
import type { EnvironmentState, FlagImpact, KnownFlag, PathImpact, PathTraffic } from './report';
import { failing } from './pathReasons';
import type { Guardrail, RolloutStage, SuggestedRollout } from './rolloutReport';

/** GrowthBook's published ramp (docs/features/safe-rollouts), and everybody behind it. */
const ladder = [0.01, 0.05, 0.1, 0.25, 0.5, 1];
/** Before a stage can be judged: so many calls of those who get it, and so many failures where it is as bad as allowed. */
const fewestCalls = 100;
const fewestFailures = 10;
/** No stage is shorter: caches, timeouts and polling SDKs take their time. */
const leastMinutes = 10;
/** Without a budget: so much worse than today, and an error rate of at least so much, is too much. */
const errorsTimes = 2;
const slowerTimes = 1.5;
/** Below so many calls today's numbers say little. */
const fewestToday = 30;

/**
 * How what the change puts behind a flag could be given to users: a suggestion by flag and environment, where its state is
 * known and not everybody gets it already. Environments are those of production or under protection; where a flag has
 * none, all but local ones; none in which the change itself gives it to somebody. What to watch is what the changed code paths that evaluate the flag get today.
 */
export function suggestedRollouts(
  flags: readonly FlagImpact[],
  paths: readonly PathImpact[],
  { guardrails }: Pick<ReviewInput, 'guardrails'>,
): readonly SuggestedRollout[] {
  return flags.flatMap((impact) => {
    const [flag, another] = impact.flags;
    if (!flag || another || flag.archived || !isPutBehind(impact)) return [];
    const behind = paths.filter(({ change, flags: keys }) => change !== 'removed' && keys.includes(impact.key));
    return environmentsOf(flag).flatMap((environment) => {
      const share = shareNow(environment);
      const { reach, reachAfter = 'off' } = environment;
      if (reach === 'everyone' || reach === 'unknown' || reachAfter !== 'off') return [];
      const watched = watchedOf(behind, impact.key, environment, guardrails);
      return [
        {
          flag: flag.ref,
          environment: environment.name,
          share,
          stages: stagesFrom(share ?? 0, watched),
          guardrails: watched.map(({ guardrail }) => guardrail),
          kill:
            environment.offVariant === null
              ? { variant: null, reason: environment.offVariantReason }
              : { variant: environment.offVariant, reason: null },
        },
      ];
    });
  });
}

/** New evaluations, or other code under those that were. */
const isPutBehind = ({ added, guarded }: FlagImpact): boolean =>
  guarded.length > 0 || added.some(({ kind }) => kind === 'evaluation');

function environmentsOf({ environments }: KnownFlag): readonly EnvironmentState[] {
  const inProduction = environments.filter(({ production, protected: guarded }) => production || guarded);
  return (inProduction.length > 0 ? inProduction : environments).filter(({ kind }) => kind !== 'local');
}

/** Of those who do not get the off variant, 0..1; null: it depends on who asks. */
function shareNow({ reach, shares, offVariant }: EnvironmentState): number | null {
  if (reach === 'off') return 0;
  return shares && offVariant !== null ? 1 - (shares[offVariant] ?? 0) : null;
}

interface Watched {
  readonly guardrail: Guardrail;
  readonly perMinute: number;
}

function watchedOf(
  paths: readonly PathImpact[],
  flag: string,
  { name, telemetryName }: EnvironmentState,
  budgets: ReviewInput['guardrails'],
): readonly Watched[] {
  const found = new Map<string, Watched>();
  const where = { flags: [flag], environments: [name, ...(telemetryName ? [telemetryName] : [])] };
  for (const traffic of paths.flatMap((path) => path.traffic)) {
    const isThere = traffic.environment === telemetryName || traffic.environment === '';
    const id = JSON.stringify([traffic.service, traffic.operation]);
    if (!isThere || traffic.calls < fewestToday || traffic.via !== null || found.has(id)) continue;
    const guardrail = guardrailOf(traffic, budgetFor(budgets, { ...where, operation: traffic.operation }));
    found.set(id, { guardrail, perMinute: traffic.perMinute });
  }
  return [...found.values()].sort((a, b) => b.perMinute - a.perMinute);
}

function guardrailOf(
  { service, operation, errorRate, p99, source, windowMinutes }: PathTraffic,
  budget: Budget | null,
): Guardrail {
  const allowed = budget?.errorRate ?? leastWorse(errorRate ?? 0);
  return {
    ...{ service, operation, source, windowMinutes },
    errorRate: { now: errorRate, most: allowed, isBudget: budget?.errorRate !== undefined },
    p95Seconds: budget?.p95Seconds ?? null,
    p99Seconds: p99 === null || budget?.p95Seconds !== undefined ? null : { now: p99, most: p99 * slowerTimes },
    isOver: errorRate !== null && errorRate > (budget?.errorRate ?? failing),
  };
}

/** Of what fails often already not all may fail: half of what still works. */
const leastWorse = (now: number): number => Math.max(failing, Math.min(now * errorsTimes, (1 + now) / 2));

/** Shares above what is given now; how long each takes until the busiest of what is watched can be judged. */
function stagesFrom(share: number, [busiest]: readonly Watched[]): readonly RolloutStage[] {
  return ladder
    .filter((step) => step > share + 1e-9)
    .map((step) => ({ share: step, minutes: busiest && step < 1 ? minutesFor(step, busiest) : null }));
}

function minutesFor(step: number, { guardrail, perMinute }: Watched): number | null {
  const { most } = guardrail.errorRate;
  if (perMinute <= 0 || most <= 0) return null;
  const calls = Math.max(fewestCalls, fewestFailures / most);
  return Math.max(leastMinutes, Math.ceil(calls / (perMinute * step)));
}
