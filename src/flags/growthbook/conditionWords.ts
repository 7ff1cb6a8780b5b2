import type { L10n } from '../../platform/l10n';
import { joined, short, valueList } from '../boundedWords';
import { isObject } from '../issue';
import type { GbRule } from './schema';

const MAX_DEPTH = 8;

/** Whom a rule is for: `country is one of "NL", "BE" and in saved group "staff"`; `''`: everyone. From outside, unescaped. */
export function whoWords(rule: GbRule, l10n: L10n): string {
  const { t } = l10n;
  const { condition, savedGroupTargeting, prerequisites, allProjects, projects } = rule;
  const parts = [
    ...(isConditional(condition) ? [conditionWords(condition ?? '', l10n)] : []),
    ...(savedGroupTargeting ?? [])
      .filter(({ savedGroups }) => savedGroups.length > 0)
      .map(({ matchType, savedGroups }) => {
        const groups = valueList(savedGroups, l10n);
        if (matchType === 'none') return t('in none of the saved groups {0}', groups);
        if (savedGroups.length === 1) return t('in saved group {0}', groups);
        return matchType === 'all' ? t('in all saved groups {0}', groups) : t('in one of the saved groups {0}', groups);
      }),
    ...(prerequisites ?? []).map(({ id, condition: needed }) =>
      t('flag {0} gives: {1}', JSON.stringify(short(id)), conditionWords(needed, l10n)),
    ),
    ...(allProjects === false ? [t('in the projects {0}', valueList(projects ?? [], l10n))] : []),
  ];
  return joined(parts, l10n);
}

/** `{}` and nothing at all hold for everyone. */
export function isConditional(condition: string | null): boolean {
  return condition !== null && !/^\s*(?:\{\s*\}\s*)?$/.test(condition);
}

/** A condition in MongoDB's syntax (https://docs.growthbook.io/lib/build-your-own#conditions), as JSON. */
export function conditionWords(condition: string, l10n: L10n): string {
  try {
    return allOf(JSON.parse(condition) as unknown, l10n, 0);
  } catch {
    return l10n.t('a condition that cannot be read: {0}', short(condition));
  }
}

function allOf(value: unknown, l10n: L10n, depth: number): string {
  if (!isObject(value) || depth > MAX_DEPTH) return quoted(value);
  return joined(
    Object.entries(value).map(([name, wanted]) => one(name, wanted, l10n, depth)),
    l10n,
  );
}

function one(name: string, wanted: unknown, l10n: L10n, depth: number): string {
  const { t } = l10n;
  const each = (joint: string): string =>
    (Array.isArray(wanted) ? wanted : [wanted])
      .map((part) => bracketed(part, allOf(part, l10n, depth + 1)))
      .join(joint);
  switch (name) {
    case '$and':
      return each(t(' and '));
    case '$or':
      return Array.isArray(wanted) && wanted.length > 1 ? `(${each(t(' or '))})` : each('');
    case '$nor':
      return t('not ({0})', each(t(' or ')));
    case '$not':
      return t('not ({0})', allOf(wanted, l10n, depth + 1));
    default:
      return attribute(name, wanted, l10n, depth);
  }
}

const bracketed = (part: unknown, words: string): string =>
  isObject(part) && Object.keys(part).length > 1 ? `(${words})` : words;

function attribute(name: string, wanted: unknown, l10n: L10n, depth: number): string {
  const { t } = l10n;
  const subject = short(name);
  if (!isObject(wanted) || !Object.keys(wanted).some((key) => key.startsWith('$')))
    return t('{0} is {1}', subject, quoted(wanted));
  return joined(
    Object.entries(wanted).map(([operator, value]) => compared(subject, operator, value, l10n, depth)),
    l10n,
  );
}

function compared(subject: string, operator: string, value: unknown, l10n: L10n, depth: number): string {
  const { t } = l10n;
  const many = valueList(
    (Array.isArray(value) ? value : [value]).map((each) => (typeof each === 'string' ? each : JSON.stringify(each))),
    l10n,
  );
  const few = Array.isArray(value) && value.length === 1;
  switch (operator) {
    case '$eq':
      return t('{0} is {1}', subject, quoted(value));
    case '$ne':
      return t('{0} is not {1}', subject, quoted(value));
    case '$in':
    case '$ini':
      return few ? t('{0} is {1}', subject, many) : t('{0} is one of {1}', subject, many);
    case '$nin':
    case '$nini':
      return few ? t('{0} is not {1}', subject, many) : t('{0} is none of {1}', subject, many);
    case '$inGroup':
      return t('{0} is in saved group {1}', subject, many);
    case '$notInGroup':
      return t('{0} is not in saved group {1}', subject, many);
    case '$regex':
    case '$regexi':
      return t('{0} matches {1}', subject, many);
    case '$notRegex':
    case '$notRegexi':
      return t('{0} does not match {1}', subject, many);
    case '$exists':
      return value === false ? t('{0} is missing', subject) : t('{0} is set', subject);
    case '$all':
    case '$alli':
      return t('{0} has all of {1}', subject, many);
    case '$size':
      return t('{0} has {1} entries', subject, isObject(value) ? allOf({ n: value }, l10n, depth + 1) : many);
    case '$elemMatch':
      return t('{0} has one with {1}', subject, allOf(value, l10n, depth + 1));
    case '$not':
      return t('not ({0})', attribute(subject, value, l10n, depth + 1));
    default: {
      const sign = signs[operator];
      if (sign !== undefined) return `${subject} ${sign} ${quoted(value)}`;
      const version = versionSigns[operator];
      if (version !== undefined) return t('{0} {1} {2} (as versions)', subject, version, quoted(value));
      return `${subject} ${short(operator)} ${quoted(value)}`;
    }
  }
}

const signs: Readonly<Record<string, string>> = { $lt: '<', $lte: '≤', $gt: '>', $gte: '≥' };
const versionSigns: Readonly<Record<string, string>> = {
  $veq: '=',
  $vne: '≠',
  $vlt: '<',
  $vlte: '≤',
  $vgt: '>',
  $vgte: '≥',
};

function quoted(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return short(text ?? '');
}
