import type { Intent } from '../../model/change';
import type { L10n } from '../../platform/l10n';
import { PlanError } from '../system';
import type { Changed, Standing } from './standing';
import { idOf } from './rawState';
import { ON } from './strategies';

type Target = Extract<Intent, { kind: 'target' }>;
type Item = Readonly<Record<string, unknown>>;

/**
 * One user given the flag, or no longer: a strategy of its own for everyone of whom `userId IN` says so. Only strategies
 * that say nothing else are taken for ours. Nobody else gets anything by it: an environment that is off is switched on only
 * where nothing but the target would be let in, and off again when the last target goes. Throws {@link PlanError}.
 */
export function targetedState(standing: Standing, intent: Target, l10n: L10n): Changed {
  return intent.on ? added(standing, intent, l10n) : removed(standing, intent, l10n);
}

function added({ raw, key, environment, active }: Standing, intent: Target, { t }: L10n): Changed {
  if (intent.variant !== ON)
    throw new PlanError('unsupported', t('Unleash can give "{0}" to one user from here, no other variant.', ON));
  if (raw.enabled && active.length === 0 && raw.strategies.length === 0)
    throw new PlanError('nothingToDo', t('Everyone gets "{0}" in {1} already.', key, environment));
  const own = raw.strategies.find((each) => usersOf(each, intent.attribute) !== null);
  const others = active.filter(({ strategy }) => strategy.id !== idOf(own ?? {}));
  if (!raw.enabled && others.length > 0)
    throw new PlanError(
      'unsupported',
      t(
        '"{0}" is off in {1}: switching it on for one would let in whom its other strategies are about.',
        key,
        environment,
      ),
    );
  const users = (own && usersOf(own, intent.attribute)) ?? [];
  if (users.includes(intent.value)) return { raw: { ...raw, enabled: true }, notes: [] };
  const strategies = own
    ? raw.strategies.map((each) => (each === own ? withUsers(each, [...users, intent.value]) : each))
    : [...raw.strategies, newTarget(key, intent)];
  return { raw: { ...raw, strategies, enabled: true }, notes: [] };
}

function removed({ raw, key, environment }: Standing, { attribute, value }: Target, { t }: L10n): Changed {
  const own = raw.strategies.find((each) => usersOf(each, attribute)?.includes(value) === true);
  if (!own)
    throw new PlanError(
      'nothingToDo',
      t('No strategy of "{0}" in {1} is about {2} alone.', key, environment, `${attribute} ${JSON.stringify(value)}`),
    );
  const left = (usersOf(own, attribute) ?? []).filter((each) => each !== value);
  const strategies =
    left.length > 0
      ? raw.strategies.map((each) => (each === own ? withUsers(each, left) : each))
      : raw.strategies.filter((each) => each !== own);
  // Without any strategy that counts an environment that is on lets in everyone.
  const counts = strategies.some(({ disabled }) => disabled !== true);
  return { raw: { ...raw, strategies, enabled: raw.enabled && counts }, notes: [] };
}

/** The users of a strategy that names them one by one and says nothing else; null for any other. */
function usersOf(strategy: Item, attribute: string): readonly string[] | null {
  const { constraints, segments, variants, parameters, name, disabled } = strategy;
  const [only, another] = Array.isArray(constraints) ? (constraints as Item[]) : [];
  const empty = (list: unknown): boolean => !Array.isArray(list) || list.length === 0;
  const all = (parameters as Item | undefined)?.rollout === '100';
  if (!only || another || name !== 'flexibleRollout' || disabled === true) return null;
  if (!all || !empty(segments) || !empty(variants)) return null;
  const plain = only.contextName === attribute && only.operator === 'IN' && only.inverted !== true;
  return plain && Array.isArray(only.values) ? (only.values as string[]) : null;
}

const withUsers = (strategy: Item, values: readonly string[]): Item => ({
  ...strategy,
  constraints: (strategy.constraints as Item[]).map((constraint) => ({ ...constraint, values })),
});

const newTarget = (key: string, { attribute, value }: Target): Item => ({
  name: 'flexibleRollout',
  parameters: { rollout: '100', stickiness: 'default', groupId: key },
  constraints: [{ contextName: attribute, operator: 'IN', values: [value], caseInsensitive: false, inverted: false }],
  variants: [],
  segments: [],
  disabled: false,
});
