import { quoted } from '../text';
import { projectNames, type EvaluationRule } from './diagnosis';

/** An evaluation of a flag that is archived, or marked as no longer to be used, in every project that has it. */
export const archivedFlag: EvaluationRule = {
  code: 'flag-archived',
  find({ reference: { key }, flags }, l10n) {
    if (!flags.every(({ archived, deprecated }) => archived || deprecated === true)) return [];
    const where = projectNames(flags.map(({ ref }) => ref));
    const message = flags.every(({ archived }) => archived)
      ? l10n.t('Flag {0} is archived in {1}, and still evaluated here.', quoted(key), where)
      : l10n.t('Flag {0} is marked in {1} as no longer to be used.', quoted(key), where);
    return [{ message }];
  },
};
