import { quoted } from '../text';
import { projectNames, type EvaluationRule } from './diagnosis';

/** An evaluation in a browser or an app of a flag that its system keeps from such SDKs. */
export const clientUnavailable: EvaluationRule = {
  code: 'flag-client-unavailable',
  find({ reference: { key, evaluatedOn }, flags }, l10n) {
    if (evaluatedOn !== 'browser' && evaluatedOn !== 'mobile') return [];
    if (!flags.every(({ availableTo }) => availableTo?.[evaluatedOn] === false)) return [];
    const where = projectNames(flags.map(({ ref }) => ref));
    const message =
      evaluatedOn === 'browser'
        ? l10n.t('Flag {0} is not available to browsers in {1}, so they get the default.', quoted(key), where)
        : l10n.t('Flag {0} is not available to mobile apps in {1}, so they get the default.', quoted(key), where);
    return [{ message }];
  },
};
