import type { L10n } from '../../platform/l10n';
import { PlanError } from '../system';
import type { Edit, NewRule } from './nativePlan';
import { isForAll, withoutScope, type RawState } from './rawState';
import { arranged, type Arranged } from './reading';
import { isOnAt } from './schedule';
import type { GbRule, ScopedRule } from './schema';
import type { Changed, Standing } from './standing';
import { written, type NamedVariant } from './variants';

/** What GrowthBook itself hashes by where nobody says otherwise. */
const USUAL_ATTRIBUTE = 'id';

/**
 * `share` (0..1) of a variant among those that no rule with a condition is for, the rest to the off variant: by the
 * coverage of the one roll-out rule that is there, or of a new one at the end. A rule that is for other environments too
 * is made two, with the same seed, so that they keep what they have. Throws {@link PlanError}.
 */
export function rolledOut(standing: Standing, name: string, share: number, l10n: L10n): Changed {
  const { raw, variants, environment } = standing;
  const { t } = l10n;
  const variant = wantedOf(standing, name, l10n);
  const rest = restOf(standing, variant, l10n);
  const standard = variants.nameOf(written(raw.defaultValue, raw.defaultConfig));
  if (standard !== variant.name && standard !== rest.name)
    throw new PlanError(
      'unsupported',
      t(
        'The default value is "{0}": neither "{1}" nor "{2}" can be given to the rest.',
        standard,
        variant.name,
        rest.name,
      ),
    );
  // The rule gives what the default is not.
  const [given, coverage] = standard === rest.name ? [variant, share] : [rest, oneMinus(share)];
  const order = arranged(raw, variants, standing.now, l10n);
  const own = ruleOf(order, given, standing, l10n);
  const changed = own ? recovered(own, coverage, standing, l10n) : added(given, coverage, standing, l10n);
  const on: Edit[] = !raw.enabled && share > 0 ? [{ do: 'toggle', environment, enabled: true }] : [];
  const off: Edit[] = on.length > 0 ? [{ do: 'toggle', environment, enabled: false }] : [];
  return {
    raw: { ...raw, rules: changed.rules, enabled: raw.enabled || on.length > 0 },
    edits: [...changed.edits, ...on],
    undo: [...changed.undo, ...off],
    notes: [
      ...changed.notes(l10n),
      ...(order.before.length === 0 ? [] : [t('Rules before it come first: {0}.', order.before.length)]),
    ],
  };
}

interface Rules {
  readonly rules: RawState['rules'];
  readonly edits: readonly Edit[];
  readonly undo: readonly Edit[];
  readonly notes: (l10n: L10n) => readonly string[];
}

/** The coverage of a rule; where the rule is for others too, of a second one in its place. */
function recovered(
  rule: ScopedRule,
  coverage: number,
  { raw, environment, environments }: Standing,
  { t }: L10n,
): Rules {
  const was = rule.coverage ?? 1;
  const others = (isForAll(rule) ? environments : (rule.environments ?? [])).filter((name) => name !== environment);
  if (others.length === 0 && !isForAll(rule))
    return {
      rules: raw.rules.map((each) => (each.id === rule.id ? { ...each, coverage } : each)),
      edits: [{ do: 'rule', id: rule.id, patch: { coverage } }],
      undo: [{ do: 'rule', id: rule.id, patch: { coverage: was } }],
      notes: () => [],
    };
  if (rule.config !== null || rule.sparse === true || (rule.scheduleRules ?? []).length > 0)
    throw new PlanError(
      'unsupported',
      t(
        'The roll-out is also for {0}, and has a schedule or a config that a rule of its own would lose: give {1} one in GrowthBook.',
        others.join(', '),
        environment,
      ),
    );
  const made: NewRule = {
    ...newRule(typeof rule.value === 'string' ? rule.value : '', coverage, rule.hashAttribute, environment),
    // The seed of a rule is its id unless said otherwise.
    seed: rule.seed ?? rule.id,
    ...(rule.hashVersion === 1 && { hashVersion: 1 }),
  };
  const scope = isForAll(rule)
    ? { allEnvironments: true }
    : { allEnvironments: false, environments: rule.environments ?? [] };
  return {
    rules: [...raw.rules.filter(({ id }) => id !== rule.id), asRule(made)],
    edits: [
      { do: 'rule', id: rule.id, patch: { allEnvironments: false, environments: others } },
      { do: 'add', rule: made },
    ],
    undo: [
      { do: 'remove', id: '' },
      { do: 'rule', id: rule.id, patch: scope },
    ],
    notes: ({ t }) => [
      t(
        'The rule is also for {0}, which keep it: {1} gets one of its own, with the same seed.',
        others.join(', ') || '…',
        environment,
      ),
    ],
  };
}

function added(given: NamedVariant, coverage: number, standing: Standing, l10n: L10n): Rules {
  const { raw, environment, feature } = standing;
  if (given.written.config !== null)
    throw new PlanError('unsupported', l10n.t('"{0}" comes from a config: make the rule in GrowthBook.', given.name));
  const attribute = feature.rules.map((rule) => rule.hashAttribute).find((name) => name !== null) ?? null;
  const rule = newRule(given.written.text, coverage, attribute, environment);
  return {
    rules: [...raw.rules, asRule(rule)],
    edits: [{ do: 'add', rule }],
    undo: [{ do: 'remove', id: '' }],
    notes: ({ t }) => [t('A roll-out rule is added for {0}, by the attribute "{1}".', environment, rule.hashAttribute)],
  };
}

function newRule(value: string, coverage: number, attribute: string | null, environment: string): NewRule {
  return {
    type: 'rollout',
    enabled: true,
    value,
    coverage,
    hashAttribute: attribute ?? USUAL_ATTRIBUTE,
    allEnvironments: false,
    environments: [environment],
  };
}

/** As GrowthBook will show it, but for the id that it gives it. */
function asRule(rule: NewRule): GbRule {
  return {
    ...withoutScope(rule),
    id: '',
    description: null,
    condition: null,
    scheduleType: null,
    rampScheduleId: null,
    config: null,
    seed: rule.seed ?? null,
    trackingKey: null,
    experimentId: null,
    contextualBanditId: null,
    status: null,
  };
}

/** The one rule that is to be changed; undefined: there is none yet. */
function ruleOf({ last }: Arranged, given: NamedVariant, standing: Standing, { t }: L10n): ScopedRule | undefined {
  const { feature, environment, raw, now } = standing;
  const [only, another] = last;
  if (!only) return undefined;
  const { rule, step } = only;
  const scoped = feature.rules.find(({ id }) => id === rule.id);
  if (another || rule.type !== 'rollout' || step.portions[0]?.variant !== given.name || !scoped)
    throw new PlanError(
      'unsupported',
      t(
        'Rules of "{0}" in {1} decide about everyone in another way than one roll-out of "{2}": change them in GrowthBook. The flag can be switched off from here.',
        feature.id,
        environment,
        given.name,
      ),
    );
  if (rule.rampScheduleId !== null || rule.scheduleType === 'ramp')
    throw new PlanError(
      'unsupported',
      t(
        'A ramp schedule decides about "{0}" in {1}: pause or end it in GrowthBook first. The flag can be switched off from here.',
        feature.id,
        environment,
      ),
    );
  // What stands behind a rule that takes everyone sleeps, and wakes up when that leaves somebody.
  const behind = raw.rules.slice(raw.rules.indexOf(rule) + 1);
  if (behind.some((each) => each.enabled && isOnAt(each, now)))
    throw new PlanError(
      'unsupported',
      t(
        'Rules of "{0}" in {1} that stand after the roll-out to everyone would decide about those whom it leaves: change them in GrowthBook. The flag can be switched off from here.',
        feature.id,
        environment,
      ),
    );
  return scoped;
}

function wantedOf({ variants, feature }: Standing, name: string, { t }: L10n): NamedVariant {
  const found = variants.named(name);
  if (found) return found;
  throw new PlanError(
    'unsupported',
    t('"{0}" has no value "{1}". It has: {2}.', feature.id, name, variants.names.join(', ')),
  );
}

/** Who gets the rest: the off variant, or what that gives up the one other. */
function restOf({ variants, off, offReason, feature }: Standing, variant: NamedVariant, { t }: L10n): NamedVariant {
  if (!off) throw new PlanError('noOffVariant', offReason);
  if (off !== variant) return off;
  const [only, another] = variants.all.filter((each) => each !== off);
  if (only && !another) return only;
  throw new PlanError('unsupported', t('"{0}" has several other values: say the share of one of them.', feature.id));
}

/** Without the last digits that binary fractions leave: 1 - 0.9 is 0.1. */
const oneMinus = (share: number): number => Math.round((1 - share) * 1e9) / 1e9;
