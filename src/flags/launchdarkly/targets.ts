import type { Intent } from '../../model/change';
import type { L10n } from '../../platform/l10n';
import { PlanError } from '../system';
import { kindOf, type RawState } from './rawState';
import type { Target } from './schema';
import type { Changed, Standing } from './standing';

type Wanted = Extract<Intent, { kind: 'target' }>;

/** What other systems call the key of a user. */
const USER_KEYS = new Set(['key', 'targetingKey', 'userId', 'userID', 'user', 'user.key', 'user key']);

/**
 * One context given a variation whatever the rules say, or no longer: LaunchDarkly's individual targets, which know
 * contexts by kind and key. It is one variation's at most, so that it is taken out of any other. Throws
 * {@link PlanError}.
 */
export function targetedState(standing: Standing, wanted: Wanted, at: number, l10n: L10n): Changed {
  const { t } = l10n;
  const { raw, variants, flag, environment } = standing;
  const kind = kindOfAttribute(wanted.attribute, l10n);
  const list = kind === 'user' ? 'targets' : 'contextTargets';
  // Those of kind user stand beside the others in accounts that were moved over.
  const own = (target: Target): boolean => kindOf(target) === kind && target.values.includes(wanted.value);
  const holders = [...raw.targets, ...raw.contextTargets].filter(own);
  const held = holders.some(({ variation }) => variation === at);
  if (!wanted.on && holders.length === 0)
    throw new PlanError(
      'nothingToDo',
      t('No target of "{0}" in {1} is {2}.', flag.key, environment, `${kind} ${JSON.stringify(wanted.value)}`),
    );
  if (wanted.on && held) throw new PlanError('nothingToDo', t('It is given "{0}" already.', variants[at] ?? ''));
  const without = (targets: readonly Target[]): Target[] =>
    targets.map((each) => (own(each) ? { ...each, values: each.values.filter((one) => one !== wanted.value) } : each));
  const emptied: RawState = { ...raw, targets: without(raw.targets), contextTargets: without(raw.contextTargets) };
  const notes = [
    ...holders
      .filter(({ variation }) => wanted.on && variation !== at)
      .map(({ variation }) => t('It was given "{0}" until now.', variants[variation] ?? '')),
    ...(raw.on ? [] : [t('The flag is off in {0}: targets count once it is on.', environment)]),
    ...(raw.prerequisites.length > 0 && wanted.on ? [t('Prerequisites come first, for targets as well.')] : []),
  ];
  if (!wanted.on) return { raw: emptied, notes };
  const known = emptied[list].some((each) => each.variation === at && kindOf(each) === kind);
  const added = known
    ? emptied[list].map((each) =>
        each.variation === at && kindOf(each) === kind ? { ...each, values: [...each.values, wanted.value] } : each,
      )
    : [...emptied[list], { variation: at, values: [wanted.value], contextKind: kind }];
  return { raw: { ...emptied, [list]: added }, notes };
}

/** `organization.key` and `organization` are kinds of context; any other attribute is for rules. */
function kindOfAttribute(attribute: string, { t }: L10n): string {
  if (USER_KEYS.has(attribute)) return 'user';
  const kind = /^([\w.-]+?)(?:[. ]key)?$/.exec(attribute)?.[1];
  if (kind !== undefined && /[. ]key$/.test(attribute)) return kind;
  throw new PlanError(
    'unsupported',
    t(
      'LaunchDarkly targets contexts by their key: say "key" for users, or KIND.key ("organization.key"), not "{0}".',
      attribute,
    ),
  );
}
