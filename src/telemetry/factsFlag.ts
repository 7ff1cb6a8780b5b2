import type { ArmFacts, Exemplar, FlagFacts, Match } from '../model/facts';
import type { ArmSeries, Operation, Window } from '../model/signal';
import type { FlagQuestion } from './api';
import type { EvaluationCount } from './backend';
import { chooseSides } from './compare/sides';
import { compareSides } from './factsComparison';
import { chartPoints, isWithin, sumSteps, totalsOf, type Step } from './factsTotals';

const exemplarsKept = 6;

/** What flag facts are made of: arms split by this flag, of one service; several of the same are added up. */
export interface FlagSource {
  readonly question: FlagQuestion;
  readonly service: string;
  /** With its match when the facts are of one operation; null for the service as a whole. */
  readonly of: { readonly operation: Operation; readonly match: Match } | null;
  readonly arms: readonly ArmSeries[];
  /** Evaluations of this flag by this service, where the backend keeps them; else null. */
  readonly evaluations: readonly EvaluationCount[] | null;
  readonly window: Window;
  /** What rates are taken over. */
  readonly heard: Window;
  /** Start of the series (epoch ms), at or before the window's: evidence is gathered from all of it. */
  readonly seriesFrom: number;
  /** Charts show it from here on. */
  readonly chartFrom: number;
}

interface Arm {
  readonly variant: string;
  readonly steps: readonly Step[];
  readonly exemplars: readonly Exemplar[];
}

/** One flag on one operation or service: its arms, what was handed out, and one side against the other. */
export function flagFacts(source: FlagSource): FlagFacts {
  const { question, window, chartFrom } = source;
  const arms = armsOf(source);
  const facts = arms
    .map(({ variant, steps, exemplars }): ArmFacts => ({
      variant,
      totals: totalsOf(steps.filter(isWithin(window)), source.heard),
      points: chartPoints(steps.filter(({ at }) => at >= chartFrom)),
      exemplars: [...exemplars],
    }))
    .filter(({ totals }) => totals.calls > 0)
    .sort((a, b) => b.totals.calls - a.totals.calls || (a.variant < b.variant ? -1 : 1));
  const calls = new Map(facts.map(({ variant, totals }) => [variant, totals.calls]));
  const mixedCalls = callsOfMixed(source);
  const sides = facts.length === 0 ? null : chooseSides(question.effective, question.offVariant, calls);
  const stepsOf = (variant: string): readonly Step[] => arms.find((arm) => arm.variant === variant)?.steps ?? [];
  return {
    key: question.key,
    service: source.service,
    operation: source.of?.operation ?? null,
    match: source.of?.match ?? null,
    arms: facts,
    mixedCalls,
    ...observedShares(question, source.evaluations, calls),
    ...compareSides({
      ...{ sides, stepsOf, mixedCalls, window, seriesFrom: source.seriesFrom },
      changedAt: question.changedAt ?? null,
    }),
  };
}

/** The definition's name for what telemetry calls a variant. Not by `in`: telemetry's text may be `constructor`. */
function nameOf({ variantNames = {} }: FlagQuestion, said: string): string {
  return Object.hasOwn(variantNames, said) ? (variantNames[said] ?? said) : said;
}

function armsOf({ arms, question, window }: FlagSource): readonly Arm[] {
  const byVariant = new Map<string, ArmSeries[]>();
  for (const each of arms) {
    if (each.arm.kind !== 'variant' || each.arm.flag !== question.key) continue;
    const name = nameOf(question, each.arm.variant);
    const held = byVariant.get(name);
    if (held) held.push(each);
    else byVariant.set(name, [each]);
  }
  return [...byVariant].map(([variant, all]) => ({
    variant,
    steps: sumSteps(all.map(({ points }) => points)),
    exemplars: chooseExemplars(all.flatMap(({ exemplars }) => exemplars).filter(isWithin(window))),
  }));
}

/** Failures first, newest first; then the slowest. */
function chooseExemplars(exemplars: readonly Exemplar[]): readonly Exemplar[] {
  return [...exemplars]
    .sort((a, b) => Number(b.error) - Number(a.error) || (a.error ? b.at - a.at : b.seconds - a.seconds))
    .slice(0, exemplarsKept);
}

function callsOfMixed({ arms, question, window }: FlagSource): number {
  let sum = 0;
  for (const { arm, points } of arms)
    if (arm.kind === 'mixed' && arm.flag === question.key)
      for (const { calls } of points.filter(isWithin(window))) sum += calls;
  return sum;
}

/** Of the evaluations themselves where they are kept, else of the calls that carry a variant. */
function observedShares(
  question: FlagQuestion,
  evaluations: readonly EvaluationCount[] | null,
  calls: ReadonlyMap<string, number>,
): Pick<FlagFacts, 'observed' | 'evaluations'> {
  const counts = new Map<string, number>();
  for (const { variant, count } of evaluations ?? []) {
    const name = nameOf(question, variant);
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  const counted = counts.size > 0 ? counts : calls;
  const sum = [...counted.values()].reduce((total, count) => total + count, 0);
  const shares = [...counted]
    .filter(([, count]) => count > 0)
    .map(([variant, count]) => [variant, count / sum] as const);
  return { evaluations: sum, observed: Object.fromEntries(shares) };
}
