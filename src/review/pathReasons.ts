import { budgetFor, type Budget } from '../model/guardrails';
import { numbersFor } from '../view/numbers';
import { oneLine, quoted } from '../view/text';
import type { ReviewInput } from './input';
import { busiest } from './pathImpacts';
import type { PathImpact, PathTraffic, Reason, RemovedSpan } from './report';

/** Below so many calls a rate says little. */
const fewestCalls = 30;
/** A path that fails more often than that is said to be failing where no budget is set. */
export const failing = 0.01;

/** What of the code paths a reviewer should look at, in any order. */
export function pathReasons(paths: readonly PathImpact[], input: ReviewInput): readonly Reason[] {
  return paths.flatMap((path) => [...failingReasons(path, input), ...unguardedReasons(path, input)]);
}

function failingReasons(path: PathImpact, input: ReviewInput): Reason[] {
  const over = path.traffic.filter((traffic) => isOver(traffic, input));
  if (over.length === 0) return [];
  return [
    {
      code: 'failing-path',
      severity: 'warning',
      words: input.l10n.t('{0} is failing already, before this is deployed.', nameOf(path)),
      evidence: over.map((traffic) => evidenceOf(traffic, budgetWords(traffic, input))),
      key: null,
      places: [path.place],
    },
  ];
}

function isOver(traffic: PathTraffic, { guardrails }: ReviewInput): boolean {
  if (traffic.calls < fewestCalls || traffic.errorRate === null) return false;
  return traffic.errorRate > (budgetOf(traffic, guardrails)?.errorRate ?? failing);
}

/** Of the operation itself and its environment: which flag's share of it fails is not known here. */
const budgetOf = ({ operation, environment }: PathTraffic, guardrails: ReviewInput['guardrails']): Budget | null =>
  budgetFor(guardrails, { operation, environments: [environment] });

function budgetWords(traffic: PathTraffic, { guardrails, l10n }: ReviewInput): string {
  const budget = budgetOf(traffic, guardrails)?.errorRate;
  const { percent } = numbersFor(l10n);
  return budget === undefined
    ? l10n.t('no budget is set; {0} is taken', percent(failing))
    : l10n.t('budget {0}', percent(budget));
}

function unguardedReasons(path: PathImpact, { busyPerMinute, l10n }: ReviewInput): Reason[] {
  if (path.change !== 'changed' || path.flags.length > 0 || busiest(path) < busyPerMinute) return [];
  const { perMinute } = numbersFor(l10n);
  return [
    {
      code: 'busy-path-unguarded',
      severity: 'warning',
      words: l10n.t('{0} is busy and has no flag on it: the change reaches everybody on deploy.', nameOf(path)),
      evidence: path.traffic.map((traffic) =>
        evidenceOf(traffic, l10n.t('busy: {0} or more', perMinute(busyPerMinute))),
      ),
      key: null,
      places: [path.place],
    },
  ];
}

/** Spans that nobody starts any more. */
export function spanReasons(removed: readonly RemovedSpan[], { l10n }: ReviewInput): readonly Reason[] {
  return removed.map(({ name, place, traffic }) => ({
    code: 'telemetry-removed',
    severity: 'warning',
    words: l10n.t('The span {0} is no longer started: what watches it sees nothing any more.', quoted(name)),
    evidence: [
      l10n.t('was started in {0}', oneLine(place.function ?? place.path)),
      ...traffic.map((one) => evidenceOf(one, l10n.t('code that started it'))),
    ],
    key: null,
    places: [place],
  }));
}

const nameOf = ({ name, routes }: PathImpact): string => oneLine(routes[0] ?? name);

const evidenceOf = ({ environment, words, match }: PathTraffic, more: string): string =>
  `${environment === '' ? '' : `${oneLine(environment)}: `}${oneLine(words, 300)} · ${oneLine(match)} · ${more}`;
