import type { L10n } from '../../platform/l10n';
import { parseJson } from '../jsonText';
import { isObject } from '../issue';
import { conditionWords } from '../jsonLogicWords';

const MAX_LENGTH = 240;

/**
 * A query of a rule in words: JSON Logic, or the language of nikunjy/rules (https://github.com/nikunjy/rules), whose
 * operators are replaced by what they mean. Attributes and values come from outside, unescaped.
 */
export function queryWords(query: string, l10n: L10n): string {
  const trimmed = query.trim();
  if (trimmed.startsWith('{')) {
    try {
      const { value } = parseJson(trimmed);
      if (isObject(value)) return conditionWords([value], {}, l10n);
    } catch {
      // Shown as it is written.
    }
  }
  const text = nikunjyWords(trimmed, l10n);
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

function nikunjyWords(query: string, { t }: L10n): string {
  const operators: Readonly<Record<string, string>> = {
    eq: t('is'),
    '==': t('is'),
    ne: t('is not'),
    '!=': t('is not'),
    lt: '<',
    gt: '>',
    le: '≤',
    '<=': '≤',
    ge: '≥',
    '>=': '≥',
    co: t('contains'),
    sw: t('starts with'),
    ew: t('ends with'),
    in: t('is one of'),
    pr: t('is set'),
    and: t('and'),
    or: t('or'),
    not: t('not'),
  };
  return query
    .replace(/"(?:[^"\\]|\\.)*"|[<>=!]=|[A-Za-z_][\w.:-]*|\s+/g, (token) => {
      if (/^\s/.test(token)) return ' ';
      const known = operators[token.toLowerCase()];
      return known !== undefined && Object.hasOwn(operators, token.toLowerCase()) ? known : token;
    })
    .trim();
}
