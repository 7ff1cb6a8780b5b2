import type { L10n } from '../../platform/l10n';
import type { FliptConstraint, SegmentChoice, Segments } from './flagModel';

const MAX_LENGTH = 240;
const MOST_VALUES = 5;

/** Who is meant, in words: `beta-users (plan is "beta")`. All of it comes from outside, unescaped. */
export function choiceWords({ segments, all }: SegmentChoice, known: Segments, l10n: L10n): string {
  const { t } = l10n;
  const words = segments.map((key) => segmentWords(key, known, l10n));
  const said = words.length === 0 ? t('no segment') : words.join(all ? ` ${t('and')} ` : ` ${t('or')} `);
  return said.length > MAX_LENGTH ? `${said.slice(0, MAX_LENGTH - 1)}…` : said;
}

function segmentWords(key: string, known: Segments, l10n: L10n): string {
  const { t } = l10n;
  const segment = known.get(key);
  if (!segment) return t('segment {0}', key);
  if (segment.constraints.length === 0) return t('segment {0} (everyone)', key);
  const between = segment.all ? ` ${t('and')} ` : ` ${t('or')} `;
  return t('segment {0} ({1})', key, segment.constraints.map((each) => constraintWords(each, l10n)).join(between));
}

function constraintWords({ type, property, operator, values }: FliptConstraint, { t }: L10n): string {
  const what = type === 'ENTITY_ID_COMPARISON_TYPE' ? t('id') : property;
  const shown = values.slice(0, MOST_VALUES).map((value) => `"${value}"`);
  const more = values.length - shown.length;
  const value = more > 0 ? t('{0} and {1} more', shown.join(', '), more) : shown.join(', ');
  const operators: Readonly<Record<string, string>> = {
    eq: t('{0} is {1}', what, value),
    neq: t('{0} is not {1}', what, value),
    lt: `${what} < ${value}`,
    lte: `${what} ≤ ${value}`,
    gt: `${what} > ${value}`,
    gte: `${what} ≥ ${value}`,
    prefix: t('{0} starts with {1}', what, value),
    suffix: t('{0} ends with {1}', what, value),
    contains: t('{0} contains {1}', what, value),
    notcontains: t('{0} does not contain {1}', what, value),
    isoneof: t('{0} is one of {1}', what, value),
    isnotoneof: t('{0} is none of {1}', what, value),
    empty: t('{0} is empty', what),
    notempty: t('{0} is not empty', what),
    present: t('{0} is set', what),
    notpresent: t('{0} is not set', what),
    true: t('{0} is true', what),
    false: t('{0} is false', what),
  };
  return Object.hasOwn(operators, operator) ? (operators[operator] ?? '') : `${what} ${operator} ${value}`.trim();
}
