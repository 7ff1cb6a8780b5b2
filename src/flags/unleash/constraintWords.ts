import type { L10n } from '../../platform/l10n';
import { joined, short, shortQuoted, valueList } from '../boundedWords';
import type { Constraint, Segment } from './schema';

/** One constraint in words: `country is one of "NL", "BE"`. Names and values come from outside, unescaped. */
export function constraintWords(constraint: Constraint, l10n: L10n): string {
  const words = plainWords(constraint, l10n);
  return constraint.inverted === true ? l10n.t('not ({0})', words) : words;
}

/** `segment "Benelux" (country is one of "NL", "BE")`. */
export function segmentWords(id: number, segments: ReadonlyMap<number, Segment>, l10n: L10n): string {
  const { t } = l10n;
  const segment = segments.get(id);
  if (!segment) return t('in segment {0}, which cannot be read', id);
  const conditions = segment.constraints.map((constraint) => constraintWords(constraint, l10n));
  if (conditions.length === 0) return t('in segment "{0}" (everyone)', short(segment.name));
  return t('in segment "{0}" ({1})', short(segment.name), joined(conditions, l10n));
}

/** Operators: https://docs.getunleash.io/concepts/activation-strategies#constraints; REGEX since 8. */
function plainWords(constraint: Constraint, l10n: L10n): string {
  const { t } = l10n;
  const { operator, values } = constraint;
  const name = constraint.contextName === 'currentTime' ? t('the time') : short(constraint.contextName);
  const single = shortQuoted(constraint.value ?? '');
  const many = valueList(values, l10n);
  const several = values.length > 1;
  const cased = (words: string): string =>
    constraint.caseInsensitive === true ? t('{0} (in any case)', words) : words;
  switch (operator) {
    case 'IN':
      return cased(several ? t('{0} is one of {1}', name, many) : t('{0} is {1}', name, many));
    case 'NOT_IN':
      return cased(several ? t('{0} is none of {1}', name, many) : t('{0} is not {1}', name, many));
    case 'STR_STARTS_WITH':
      return cased(several ? t('{0} starts with one of {1}', name, many) : t('{0} starts with {1}', name, many));
    case 'STR_ENDS_WITH':
      return cased(several ? t('{0} ends with one of {1}', name, many) : t('{0} ends with {1}', name, many));
    case 'STR_CONTAINS':
      return cased(several ? t('{0} contains one of {1}', name, many) : t('{0} contains {1}', name, many));
    case 'REGEX':
      return cased(t('{0} matches {1}', name, single));
    case 'DATE_BEFORE':
      return isTime(constraint) ? t('before {0}', short(constraint.value ?? '')) : t('{0} is before {1}', name, single);
    case 'DATE_AFTER':
      return isTime(constraint) ? t('after {0}', short(constraint.value ?? '')) : t('{0} is after {1}', name, single);
    default: {
      const [kind, sign] = compared(operator);
      if (sign === undefined) return t('{0} {1} {2}', name, short(operator), several ? many : single);
      const value = short(constraint.value ?? '');
      return kind === 'SEMVER' ? t('{0} {1} {2} (as versions)', name, sign, value) : `${name} ${sign} ${value}`;
    }
  }
}

const isTime = ({ contextName }: Constraint): boolean => contextName === 'currentTime';

/** `NUM_GTE` to its sign; undefined for an operator of a later Unleash. */
function compared(operator: string): [kind: string, sign: string | undefined] {
  const [, kind = '', order = ''] = /^(NUM|SEMVER)_(EQ|GTE?|LTE?)$/.exec(operator) ?? [];
  return [kind, { EQ: '=', GT: '>', GTE: '≥', LT: '<', LTE: '≤' }[order]];
}
