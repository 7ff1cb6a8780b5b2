import type { Intent } from '../../model/change';
import type { L10n } from '../../platform/l10n';
import { PlanError } from '../system';
import { joined, short } from '../boundedWords';
import { idOf, type RawState } from './rawState';
import type { Changed, Standing } from './standing';
import { OFF, ON, type Reading } from './strategies';
import { targetedState } from './targets';

/** Works an intent out as another state. Throws {@link PlanError} where Unleash cannot say it. */
export function changedState(standing: Standing, intent: Intent, l10n: L10n): Changed {
  const { raw } = standing;
  const { t } = l10n;
  switch (intent.kind) {
    case 'kill':
      return { raw: { ...raw, enabled: false }, notes: [] };
    case 'switch':
      return { raw: { ...raw, enabled: intent.on }, notes: [] };
    case 'percentage':
      known(standing, intent.variant, l10n);
      if (intent.variant === OFF) return rollout(standing, null, 1 - intent.share, l10n);
      return rollout(standing, intent.variant, intent.share, l10n);
    case 'defaultVariant':
      known(standing, intent.variant, l10n);
      if (intent.variant === OFF) return { raw: { ...raw, enabled: false }, notes: [] };
      return everyone(standing, intent.variant, l10n);
    case 'target':
      return targetedState(standing, intent, l10n);
    case 'create':
      throw new PlanError('unsupported', t('"{0}" is in the Unleash project already.', standing.key));
    case 'undo':
      throw new PlanError('unsupported', t('An undo is planned from the change it takes back.'));
  }
}

/** `variant` null: whoever is let in, whatever they get. */
function rollout(standing: Standing, variant: string | null, share: number, l10n: L10n): Changed {
  const { t, locale } = l10n;
  const strategy = theRollout(standing, l10n);
  const percents = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const notes: string[] = [];
  let wanted = share;
  if (strategy && variant !== null) {
    const part = partOf(strategy, variant);
    if (part <= 0 || share > part + 1e-9)
      throw new PlanError(
        'unsupported',
        t(
          '"{0}" is for {1} of those who are let in: it cannot be given to {2}.',
          variant,
          percents.format(part),
          percents.format(share),
        ),
      );
    wanted = share / part;
    if (part < 1 && share > 0) notes.push(t('The other variants grow and shrink with it.'));
  }
  const percent = Math.round(wanted * 100 + 1e-9);
  if (percent === 0 && wanted > 0)
    throw new PlanError('unsupported', t('Unleash lets in whole percents: 1% is the least.'));
  if (Math.abs(percent / 100 - wanted) > 1e-9)
    notes.push(t('Unleash lets in whole percents: {0} are let in.', percents.format(percent / 100)));
  if (!strategy) {
    notes.push(t('It has no strategies in {0}: one with a percentage is added.', standing.environment));
    return { raw: added(standing, percent), notes };
  }
  if (strategy.condition !== null) notes.push(t('Only of those of whom is true: {0}.', strategy.condition));
  const { raw } = standing;
  return {
    raw: { ...withParameter(raw, strategy, percent), enabled: raw.enabled || percent > 0 },
    notes: [...notes, ...keptNotes(standing, strategy, l10n)],
  };
}

function everyone(standing: Standing, variant: string, l10n: L10n): Changed {
  const { raw, active, state } = standing;
  const shares = state.effective.defaultShares ?? {};
  const open = active.filter(({ condition }) => condition === null);
  // Nothing but the switch is in the way.
  const alreadyAll =
    variant === ON &&
    open.some(({ rollout: split, arms }) => split?.share === 1 && arms.every((arm) => arm.variant === ON));
  if (alreadyAll || (raw.enabled && shares[variant] === 1)) return { raw: { ...raw, enabled: true }, notes: [] };
  if (variant === ON) return rollout(standing, ON, 1, l10n);
  const strategy = theRollout(standing, l10n);
  if (!strategy || strategy.strategy.variants.length === 0)
    throw new PlanError(
      'unsupported',
      l10n.t(
        'The variants of "{0}" are of Unleash\'s old kind, which it no longer changes one environment at a time. Change them there.',
        standing.key,
      ),
    );
  const id = strategy.strategy.id;
  const strategies = withParameter(raw, strategy, 100).strategies.map((each) => {
    const variants = Array.isArray(each.variants) ? (each.variants as Readonly<Record<string, unknown>>[]) : [];
    return idOf(each) === id ? { ...each, variants: variants.map((arm) => weighted(arm, arm.name === variant)) } : each;
  });
  return { raw: { ...raw, strategies, enabled: true }, notes: keptNotes(standing, strategy, l10n) };
}

/** Unleash wants the weights to make 1,000 and one of them to be variable. */
function weighted(arm: Readonly<Record<string, unknown>>, all: boolean): Record<string, unknown> {
  return { ...arm, weight: all ? 1000 : 0, weightType: all ? 'variable' : 'fix' };
}

/** The one strategy whose percentage can be meant; null where there are no strategies at all. */
function theRollout({ active, raw, key, environment }: Standing, { t }: L10n): Reading | null {
  const candidates = active.filter((each) => each.rollout !== null && each.rollout.parameter !== null);
  const [only] = candidates;
  if (only && candidates.length === 1) return only;
  if (only)
    throw new PlanError(
      'unsupported',
      t(
        '"{0}" has {1} strategies with a percentage in {2}: which one is meant can be said in Unleash only.',
        key,
        candidates.length,
        environment,
      ),
    );
  if (raw.strategies.length === 0) return null;
  throw new PlanError(
    'unsupported',
    t('"{0}" has no strategy with a percentage in {1}. Add one in Unleash.', key, environment),
  );
}

/** The part of those a strategy lets in who get this variant, 0..1. */
function partOf({ arms }: Reading, variant: string): number {
  const total = arms.reduce((sum, { weight }) => sum + weight, 0);
  const own = arms.filter((arm) => arm.variant === variant).reduce((sum, { weight }) => sum + weight, 0);
  return total > 0 ? own / total : 0;
}

function withParameter(raw: RawState, { strategy, rollout: split }: Reading, percent: number): RawState {
  const strategies = raw.strategies.map((each) =>
    idOf(each) === strategy.id && split?.parameter
      ? // A text: Unleash refuses a number here.
        { ...each, parameters: { ...strategy.parameters, [split.parameter]: String(percent) } }
      : each,
  );
  return { ...raw, strategies };
}

function added({ raw, key }: Standing, percent: number): RawState {
  return { ...raw, enabled: true, strategies: [...raw.strategies, newRollout(key, percent)] };
}

export function newRollout(key: string, percent: number): Readonly<Record<string, unknown>> {
  return {
    name: 'flexibleRollout',
    parameters: { rollout: String(percent), stickiness: 'default', groupId: key },
    constraints: [],
    variants: [],
    segments: [],
    disabled: false,
  };
}

function keptNotes({ active }: Standing, changed: Reading, l10n: L10n): string[] {
  const others = active
    .filter((each) => each !== changed)
    .map(({ condition, strategy }) => condition ?? `"${short(strategy.name)}"`);
  return others.length > 0 ? [l10n.t('The other strategies stay: {0}.', joined(others, l10n))] : [];
}

function known({ variants, key }: Standing, variant: string, { t }: L10n): void {
  if (!variants.includes(variant)) throw new PlanError('unsupported', t('"{0}" has no variant "{1}".', key, variant));
}
