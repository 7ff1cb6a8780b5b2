import type { L10n } from '../../platform/l10n';
import { short } from '../boundedWords';
import type { GbRule, Ramp } from './schema';

const MOST = 5;

/**
 * Whether a rule is on at a time (epoch ms): until the first time that is still to come it is the other way round than
 * it will be then; after the last one it is as that said.
 */
export function isOnAt({ scheduleRules }: GbRule, now: number): boolean {
  const turns = scheduleRules ?? [];
  const next = turns.find(({ timestamp }) => (timeOf(timestamp) ?? Number.NEGATIVE_INFINITY) > now);
  return next ? !next.enabled : (turns.at(-1)?.enabled ?? true);
}

/** What rules do by themselves later, soonest first: `12 Jan 2027, 09:00: rule "beta" is turned on`. */
export function scheduleWords(rules: readonly GbRule[], now: number, l10n: L10n): string[] {
  const { t } = l10n;
  return rules
    .filter(({ enabled }) => enabled)
    .flatMap((rule) =>
      (rule.scheduleRules ?? []).flatMap(({ timestamp, enabled }) => {
        const at = timeOf(timestamp);
        return at !== null && at > now ? [{ at, rule, enabled }] : [];
      }),
    )
    .sort((a, b) => a.at - b.at)
    .slice(0, MOST)
    .map(({ at, rule, enabled }) => {
      const name = JSON.stringify(short(rule.description ?? rule.id));
      const when = timeWords(at, l10n);
      return enabled ? t('{0}: rule {1} is turned on', when, name) : t('{0}: rule {1} is turned off', when, name);
    });
}

/** A ramp schedule: `ramp "slow": step 2 of 5 (25%), next on 12 Jan 2027, 09:00`. It goes on while it is pending or running. */
export function rampWords(ramp: Ramp, l10n: L10n): string {
  const { t, locale } = l10n;
  const { steps, currentStepIndex, nextStepAt, awaitingApproval, lastRollbackReason, status } = ramp;
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const coverage = coverageOf(ramp, currentStepIndex);
  const next = coverageOf(ramp, currentStepIndex + 1);
  const at = timeOf(nextStepAt);
  const step = t('step {0} of {1}', Math.max(0, currentStepIndex + 1), steps.length);
  const parts = [
    coverage === null ? step : `${step} (${percent.format(coverage)})`,
    ...(status === 'running' ? [] : [statusWords(status, l10n)]),
    ...(at === null
      ? []
      : [
          next === null
            ? t('next on {0}', timeWords(at, l10n))
            : t('next on {0} ({1})', timeWords(at, l10n), percent.format(next)),
        ]),
    ...(awaitingApproval ? [t('waits for approval')] : []),
    ...(lastRollbackReason === null ? [] : [t('rolled back: {0}', short(lastRollbackReason))]),
  ];
  return t('ramp {0}: {1}', JSON.stringify(short(ramp.name ?? ramp.id)), parts.join(', '));
}

export const isOver = ({ status }: Ramp): boolean => status === 'completed' || status === 'rolled-back';

function coverageOf({ steps }: Ramp, at: number): number | null {
  const actions = steps[at]?.actions ?? [];
  return actions.map(({ patch }) => patch.coverage).find((coverage) => typeof coverage === 'number') ?? null;
}

function statusWords(status: string, { t }: L10n): string {
  switch (status) {
    case 'pending':
      return t('not begun');
    case 'ready':
      return t('ready to begin');
    case 'paused':
      return t('paused');
    case 'completed':
      return t('completed');
    case 'rolled-back':
      return t('rolled back');
    default:
      return short(status);
  }
}

/** Epoch milliseconds; null for none, and for what is no time. */
export function timeOf(timestamp: string | null): number | null {
  const at = timestamp === null ? Number.NaN : Date.parse(timestamp);
  return Number.isFinite(at) ? at : null;
}

const timeWords = (at: number, { locale }: L10n): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
