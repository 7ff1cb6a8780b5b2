import type { Intent } from '../../model/change';
import type { L10n } from '../../platform/l10n';
import { PlanError } from '../system';
import type { Edit } from './nativePlan';
import { rolledOut } from './percentage';
import type { Changed, Standing } from './standing';

/** Works an intent out as edits of a draft. Throws {@link PlanError} where GrowthBook cannot say it. */
export function changedState(standing: Standing, intent: Intent, l10n: L10n): Changed {
  const { t } = l10n;
  switch (intent.kind) {
    case 'switch':
      return toggled(standing, intent.on, l10n);
    case 'kill':
      if (!standing.off) throw new PlanError('noOffVariant', standing.offReason);
      return toggled(standing, false, l10n);
    case 'percentage':
      return rolledOut(standing, intent.variant, intent.share, l10n);
    case 'defaultVariant':
      throw new PlanError(
        'unsupported',
        t('GrowthBook has one default value for all environments: give a percentage of 100% here instead.'),
      );
    case 'target':
      throw new PlanError('unsupported', t('GrowthBook has no individual targets: make a rule for it there.'));
    case 'create':
    case 'undo':
      throw new PlanError('unsupported', t('This is planned another way.'));
  }
}

function toggled({ raw, environment, off }: Standing, on: boolean, { t }: L10n): Changed {
  const toggle = (enabled: boolean): Edit => ({ do: 'toggle', environment, enabled });
  return {
    raw: { ...raw, enabled: on },
    edits: [toggle(on)],
    undo: [toggle(!on)],
    notes: on
      ? []
      : [
          t(
            'Off leaves it out of what SDKs in {0} are given: isOn says no, values are the default in the code.',
            environment,
          ),
          ...(off === null
            ? []
            : [t('Rules stay as they are. A call whose default is not "{0}" gets another.', off.name)]),
        ],
  };
}
