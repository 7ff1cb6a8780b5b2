import type { L10n } from '../../platform/l10n';
import { joined, short, valueList } from '../boundedWords';
import { kindOf } from './rawState';
import type { Clause, LdRule, Target } from './schema';

/** A rule's condition: `beta (user country is one of "NL", "BE" and in segment "staff")`. From outside, unescaped. */
export function ruleWords({ clauses, description }: LdRule, l10n: L10n): string {
  const words =
    clauses.length === 0
      ? l10n.t('nobody')
      : joined(
          clauses.map((each) => clauseWords(each, l10n)),
          l10n,
        );
  const title = description ?? '';
  return title === '' ? words : l10n.t('{0} ({1})', short(title), words);
}

/** The contexts that are named one by one: `user is one of "7", "8"`. */
export function targetWords(target: Target, l10n: L10n): string {
  const { t } = l10n;
  const kind = short(kindOf(target));
  const values = valueList(target.values, l10n);
  return target.values.length > 1 ? t('{0} is one of {1}', kind, values) : t('{0} is {1}', kind, values);
}

/** Operators: https://launchdarkly.com/docs/sdk/concepts/flag-evaluation-rules#operators. */
function clauseWords(clause: Clause, l10n: L10n): string {
  const { t } = l10n;
  const words = plainWords(clause, l10n);
  return clause.negate ? t('not ({0})', words) : words;
}

function plainWords(clause: Clause, l10n: L10n): string {
  const { t } = l10n;
  const { op, attribute } = clause;
  const values = clause.values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const many = valueList(values, l10n);
  const several = values.length > 1;
  const kind = kindOf(clause);
  const name = short(attribute === 'kind' ? t('kind') : attribute === 'key' ? kind : `${kind} ${attribute}`);
  switch (op) {
    case 'in':
      return several ? t('{0} is one of {1}', name, many) : t('{0} is {1}', name, many);
    case 'segmentMatch':
      return several ? t('in one of the segments {0}', many) : t('in segment {0}', many);
    case 'startsWith':
      return several ? t('{0} starts with one of {1}', name, many) : t('{0} starts with {1}', name, many);
    case 'endsWith':
      return several ? t('{0} ends with one of {1}', name, many) : t('{0} ends with {1}', name, many);
    case 'contains':
      return several ? t('{0} contains one of {1}', name, many) : t('{0} contains {1}', name, many);
    case 'matches':
      return t('{0} matches {1}', name, many);
    case 'before':
      return t('{0} is before {1}', name, timeWords(clause, l10n) ?? many);
    case 'after':
      return t('{0} is after {1}', name, timeWords(clause, l10n) ?? many);
    case 'semVerEqual':
    case 'semVerLessThan':
    case 'semVerGreaterThan':
      return t('{0} {1} {2} (as versions)', name, signs[op] ?? op, many);
    default:
      return `${name} ${signs[op] ?? short(op)} ${many}`;
  }
}

const signs: Readonly<Record<string, string>> = {
  lessThan: '<',
  lessThanOrEqual: '≤',
  greaterThan: '>',
  greaterThanOrEqual: '≥',
  semVerEqual: '=',
  semVerLessThan: '<',
  semVerGreaterThan: '>',
};

/** Times are epoch milliseconds or RFC 3339; null for anything else. */
function timeWords({ values }: Clause, { locale }: L10n): string | null {
  const [value] = values;
  const at = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15) return null;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}
