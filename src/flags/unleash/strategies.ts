import type { Serve } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import { joined, short, valueList } from '../boundedWords';
import { constraintWords, segmentWords } from './constraintWords';
import type { Segment, Strategy, UnleashVariant } from './schema';

/** What `getVariant` names when nobody is let in, and what off means in Unleash. */
export const OFF = 'disabled';
/** Ours for "on, without a variant of its own": `isEnabled` is true. */
export const ON = 'enabled';

/**
 * How a strategy splits. `share` is the part that is let in, 0..1; `parameter` is where it is written. Unleash hashes
 * into 1..100 and lets in whoever is at or below the number, so parts of a percent count for nothing, above 100 is
 * everyone and what is no number is nobody.
 */
export interface Rollout {
  readonly share: number;
  readonly parameter: 'rollout' | 'percentage' | null;
  readonly by: string;
  /** Equal for strategies whose splits let the same people in first; null where every call is drawn anew. */
  readonly hashedBy: string | null;
}

/** What one strategy does, in our terms. */
export interface Reading {
  readonly strategy: Strategy;
  /** Who it is about, in words; null = everyone. */
  readonly condition: string | null;
  /** Null for a strategy that only its SDK understands. */
  readonly rollout: Rollout | null;
  /** What those who are let in get, in thousandths. */
  readonly arms: readonly { readonly variant: string; readonly weight: number }[];
}

export function readStrategy(
  strategy: Strategy,
  environmentVariants: readonly UnleashVariant[],
  segments: ReadonlyMap<number, Segment>,
  l10n: L10n,
): Reading {
  const conditions = [
    ...ownCondition(strategy, l10n),
    ...strategy.segments.map((id) => segmentWords(id, segments, l10n)),
    ...strategy.constraints.map((constraint) => constraintWords(constraint, l10n)),
  ];
  return {
    strategy,
    condition: conditions.length > 0 ? joined(conditions, l10n) : null,
    rollout: rolloutOf(strategy, l10n),
    arms: armsOf(strategy.variants.length > 0 ? strategy.variants : environmentVariants),
  };
}

/** `parameters.rollout` is a text "0".."100" that the server does not check. */
export function rolloutOf({ name, parameters }: Strategy, { t }: L10n): Rollout | null {
  const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? `${value}` : '');
  const group = text(parameters.groupId);
  const percentage = wholePercent(parameters.percentage);
  switch (name) {
    case 'default':
    case 'userWithId':
    case 'remoteAddress':
    case 'applicationHostname':
      return { share: 1, parameter: null, by: '', hashedBy: null };
    case 'flexibleRollout': {
      const stickiness = text(parameters.stickiness) || 'default';
      return {
        share: wholePercent(parameters.rollout),
        parameter: 'rollout',
        by: stickinessWords(stickiness, t),
        hashedBy: stickiness === 'random' ? null : `${stickiness}:${group}`,
      };
    }
    case 'gradualRolloutUserId':
      return { share: percentage, parameter: 'percentage', by: 'userId', hashedBy: `userId:${group}` };
    case 'gradualRolloutSessionId':
      return { share: percentage, parameter: 'percentage', by: 'sessionId', hashedBy: `sessionId:${group}` };
    case 'gradualRolloutRandom':
      return { share: percentage, parameter: 'percentage', by: stickinessWords('random', t), hashedBy: null };
    default:
      return null;
  }
}

export function stickinessWords(stickiness: string, t: L10n['t']): string {
  if (stickiness === 'default') return t('userId, else sessionId');
  return stickiness === 'random' ? t('chance at every call') : short(stickiness);
}

function wholePercent(value: unknown): number {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  return number > 0 ? Math.min(Math.floor(number), 100) / 100 : 0;
}

function armsOf(variants: readonly UnleashVariant[]): Reading['arms'] {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  // Without weights nobody gets a variant: the flag is on, and getVariant says so without naming one.
  if (total <= 0) return [{ variant: ON, weight: 1000 }];
  return variants.map(({ name, weight }) => ({ variant: name, weight }));
}

/** What those get whom a strategy is about: native weights (percent times thousandths), the rest is off. */
export function serveOf({ rollout, arms, strategy }: Reading, l10n: L10n): Serve {
  if (!rollout)
    return { kind: 'dynamic', words: l10n.t('what the strategy "{0}" decides in the SDK', short(strategy.name)) };
  const percent = Math.round(rollout.share * 100);
  const given = arms.filter(({ weight }) => weight > 0);
  const [only] = given;
  if (percent === 0) return { kind: 'variant', variant: OFF };
  if (percent === 100 && only && given.length === 1) return { kind: 'variant', variant: only.variant };
  const total = arms.reduce((sum, { weight }) => sum + weight, 0);
  // A variant may itself be called "disabled".
  const weights = new Map<string, number>();
  for (const { variant, weight } of arms) weights.set(variant, (weights.get(variant) ?? 0) + percent * weight);
  if (percent < 100) weights.set(OFF, (weights.get(OFF) ?? 0) + (100 - percent) * total);
  const divisor = weights.size === 2 && arms.length === 1 ? total : 1;
  return {
    kind: 'split',
    by: rollout.by || stickinessWords(strategy.variants[0]?.stickiness ?? 'default', l10n.t),
    weights: [...weights].map(([variant, weight]) => ({ variant, weight: weight / divisor })),
  };
}

function ownCondition({ name, parameters }: Strategy, l10n: L10n): string[] {
  const { t } = l10n;
  const items = (value: unknown): string =>
    valueList(
      (typeof value === 'string' ? value : '')
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== ''),
      l10n,
    );
  switch (name) {
    case 'default':
    case 'flexibleRollout':
    case 'gradualRolloutUserId':
    case 'gradualRolloutSessionId':
    case 'gradualRolloutRandom':
      return [];
    case 'userWithId':
      return [t('{0} is one of {1}', 'userId', items(parameters.userIds ?? parameters.userId))];
    case 'remoteAddress':
      return [t('{0} is one of {1}', 'remoteAddress', items(parameters.IPs))];
    case 'applicationHostname':
      return [t('{0} is one of {1}', t('the host name'), items(parameters.hostNames))];
    default: {
      const all = Object.entries(parameters).map(([key, value]) => `${short(key)}: ${short(String(value))}`);
      const shown = all.slice(0, 6).join(', ');
      return [
        shown === ''
          ? t('custom strategy "{0}"', short(name))
          : t('custom strategy "{0}" ({1})', short(name), short(shown)),
      ];
    }
  }
}
