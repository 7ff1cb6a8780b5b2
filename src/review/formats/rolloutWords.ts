import type { L10n } from '../../platform/l10n';
import { numbersFor } from '../../view/numbers';
import { dotted, oneLine, quoted } from '../../view/text';
import type { Guardrail, SuggestedRollout } from '../rolloutReport';

/** A suggested roll-out in words, each of them text from outside. */
export interface RolloutWords {
  /** `production, nobody gets it now` */
  readonly where: string;
  /** `1% for 12m`, `100%` */
  readonly stages: readonly string[];
  readonly watch: readonly string[];
  readonly wayBack: string;
}

export function rolloutWords(
  { environment, share, stages, guardrails, kill }: SuggestedRollout,
  l10n: L10n,
): RolloutWords {
  const { percent, span } = numbersFor(l10n);
  const now =
    share === null
      ? l10n.t('who gets it now depends on who asks')
      : share === 0
        ? l10n.t('nobody gets it now')
        : l10n.t('{0} get it now', percent(share));
  return {
    where: `${oneLine(environment)}: ${now}`,
    stages: stages.map(({ share: step, minutes }) =>
      minutes === null ? percent(step) : l10n.t('{0} for {1}', percent(step), span(minutes * 60_000)),
    ),
    watch:
      guardrails.length === 0
        ? [l10n.t('nothing is known of what the code behind it gets today')]
        : guardrails.map((one) => guardrailWords(one, l10n)),
    wayBack:
      kill.variant === null
        ? l10n.t('cannot be killed: {0}', oneLine(kill.reason))
        : l10n.t('kill the flag: everybody gets {0}', quoted(kill.variant)),
  };
}

/** `POST /checkout: errors over 2% (0.7% now) · p99 over 1.2 s (820 ms now)` */
function guardrailWords(
  { operation, errorRate, p95Seconds, p99Seconds, isOver, windowMinutes, source }: Guardrail,
  l10n: L10n,
): string {
  const { percent, duration, window } = numbersFor(l10n);
  const errors =
    errorRate.now === null
      ? l10n.t('errors over {0}', percent(errorRate.most))
      : l10n.t('errors over {0} ({1} now)', percent(errorRate.most), percent(errorRate.now));
  const limits = dotted(
    errors,
    errorRate.isBudget && l10n.t('its budget'),
    p95Seconds !== null && l10n.t('p95 over {0}, its budget', duration(p95Seconds)),
    p99Seconds && l10n.t('p99 over {0} ({1} now)', duration(p99Seconds.most), duration(p99Seconds.now)),
    isOver &&
      (errorRate.isBudget ? l10n.t('over it already: mend that first') : l10n.t('failing already: mend that first')),
    l10n.t('numbers of {0}, {1}', window(windowMinutes), oneLine(source)),
  );
  return `${oneLine(operation)}: ${limits}`;
}
