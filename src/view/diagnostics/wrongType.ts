import type { FlagType } from '../../model/flag';
import type { ValueType } from '../../model/reference';
import { quoted } from '../text';
import type { EvaluationRule } from './diagnosis';

/** Of these, every flag answers every kind of call: a variant of Unleash has a state and may have a payload. */
const withoutTypes: ReadonlySet<string> = new Set(['unleash']);

/** A call asks for another type than all the flags that it may be of have. */
export const wrongType: EvaluationRule = {
  code: 'flag-wrong-type',
  find({ reference: { key, valueType }, flags, lookup }, l10n) {
    if (valueType === undefined) return [];
    const others = flags.flatMap(({ type, ref, unreadable }) => {
      const system = lookup.projects.find(({ system, project }) => system === ref.system && project === ref.project);
      const isTyped = system !== undefined && !withoutTypes.has(system.systemType);
      return isTyped && unreadable === null && type !== 'unknown' && type !== valueType ? [type] : [];
    });
    const [type] = others;
    if (type === undefined || others.length < flags.length) return [];
    const words: Readonly<Record<ValueType, string>> = {
      boolean: l10n.t('a boolean'),
      string: l10n.t('a string'),
      number: l10n.t('a number'),
      object: l10n.t('an object'),
    };
    const named = (of: FlagType): string => (of === 'unknown' ? '' : words[of]);
    return [{ message: l10n.t('Asks for {0}, but flag {1} is {2}.', words[valueType], quoted(key), named(type)) }];
  },
};
