import type { L10n } from '../platform/l10n';
import { isObject } from './issue';

const MAX_LENGTH = 240;
const MAX_LIST = 6;
const MAX_DEPTH = 12;

/** Conditions of one rule in words, joined by "and". Attribute names and values come from outside, unescaped. */
export function conditionWords(
  when: readonly unknown[],
  evaluators: Readonly<Record<string, unknown>>,
  l10n: L10n,
): string {
  const words = new Words(evaluators, l10n);
  const text = when.map((condition) => words.test(condition, when.length > 1 ? 1 : 0)).join(l10n.t(' and '));
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

class Words {
  readonly #evaluators: Readonly<Record<string, unknown>>;
  readonly #l10n: L10n;

  constructor(evaluators: Readonly<Record<string, unknown>>, l10n: L10n) {
    this.#evaluators = evaluators;
    this.#l10n = l10n;
  }

  /** `depth` > 0 puts "or" in brackets, which binds less than what stands around it. */
  test(logic: unknown, depth: number): string {
    const { t } = this.#l10n;
    if (!isObject(logic) || depth > MAX_DEPTH) return this.#value(logic, depth);
    const name = Object.keys(logic)[0] ?? '';
    const operand = logic[name];
    const args: readonly unknown[] = Array.isArray(operand) ? (operand as unknown[]) : [operand];
    const value = (index: number): string => this.#value(args[index], depth + 1);
    switch (name) {
      case '$ref':
        return this.#reference(operand, depth);
      case 'and':
      case 'or': {
        const joint = name === 'and' ? t(' and ') : t(' or ');
        const text = args.map((item) => this.test(item, depth + 1)).join(joint);
        return depth > 0 && args.length > 1 && name === 'or' ? `(${text})` : text;
      }
      case '!':
        return isObject(args[0]) && 'var' in args[0]
          ? t('{0} is missing or false', value(0))
          : t('not ({0})', this.test(args[0], 0));
      case '!!':
        return this.test(args[0], depth);
      case 'var':
        return t('{0} is set', this.#value(logic, depth));
      case '==':
      case '===':
        return t('{0} is {1}', ...this.#subjectFirst(args, depth));
      case '!=':
      case '!==':
        return t('{0} is not {1}', ...this.#subjectFirst(args, depth));
      case '<':
      case '<=':
      case '>':
      case '>=':
        return this.#ordered(name, args, depth);
      case 'in':
        return this.#in(args, depth);
      case 'starts_with':
        return t('{0} starts with {1}', value(0), value(1));
      case 'ends_with':
        return t('{0} ends with {1}', value(0), value(1));
      case 'sem_ver':
        return this.#version(args, depth);
      case 'some':
        return t('some of {0} match', value(0));
      case 'all':
        return t('all of {0} match', value(0));
      case 'none':
        return t('none of {0} match', value(0));
      case 'missing':
        return t('{0} is missing', args.map(plain).join(', '));
      default:
        return this.#value(logic, depth);
    }
  }

  #reference(name: unknown, depth: number): string {
    const known = typeof name === 'string' && Object.hasOwn(this.#evaluators, name);
    const { t } = this.#l10n;
    if (!known) return t('evaluator {0}, which is not defined', quoted(name));
    const text = this.test(this.#evaluators[name], depth + 4);
    return t('{0} ({1})', plain(name), text);
  }

  #ordered(operator: string, args: readonly unknown[], depth: number): string {
    const { t } = this.#l10n;
    const [a, b, c] = args.map((item) => this.#value(item, depth + 1));
    if (c !== undefined) return `${a ?? ''} ${sign(operator)} ${b ?? ''} ${sign(operator)} ${c}`;
    const seconds = args[1];
    if (isTimestamp(args[0]) && typeof seconds === 'number' && Number.isFinite(seconds) && Math.abs(seconds) < 8e12) {
      const date = new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
      return operator.startsWith('<') ? t('before {0}', date) : t('after {0}', date);
    }
    return `${a ?? ''} ${sign(operator)} ${b ?? ''}`;
  }

  #in(args: readonly unknown[], depth: number): string {
    const { t } = this.#l10n;
    const [item, list] = args;
    const subject = this.#value(item, depth + 1);
    if (Array.isArray(list)) return t('{0} is one of {1}', subject, this.#value(list, depth + 1));
    // A text in a text: JsonLogic's "in" is then "contains".
    return typeof list === 'string'
      ? t('{0} is part of {1}', subject, this.#value(list, depth + 1))
      : t('{0} contains {1}', this.#value(list, depth + 1), subject);
  }

  #version(args: readonly unknown[], depth: number): string {
    const { t } = this.#l10n;
    const [a, operator, b] = [this.#value(args[0], depth + 1), String(args[1]), this.#value(args[2], depth + 1)];
    if (operator === '^') return t('{0} has the major version of {1}', a, b);
    if (operator === '~') return t('{0} has the minor version of {1}', a, b);
    return t('{0} {1} {2} (as versions)', a, sign(operator), b);
  }

  #subjectFirst(args: readonly unknown[], depth: number): [string, string] {
    const [a, b] = isObject(args[0]) ? [args[0], args[1]] : [args[1], args[0]];
    return [this.#value(a, depth + 1), this.#value(b, depth + 1)];
  }

  #value(logic: unknown, depth: number): string {
    const { t } = this.#l10n;
    if (Array.isArray(logic)) {
      const items = (logic as unknown[]).slice(0, MAX_LIST).map((item) => this.#value(item, depth + 1));
      return logic.length > MAX_LIST
        ? t('{0} and {1} more', items.join(', '), logic.length - MAX_LIST)
        : items.join(', ');
    }
    if (!isObject(logic)) return quoted(logic);
    const { var: attribute } = logic;
    if (attribute !== undefined) {
      const name: unknown = Array.isArray(attribute) ? attribute[0] : attribute;
      if (name === '$flagd.timestamp') return t('the time');
      if (name === '$flagd.flagKey') return t('the flag key');
      return typeof name === 'string' && name !== '' ? name : t('the context');
    }
    if (depth <= MAX_DEPTH && Object.keys(logic).some((name) => TESTS.has(name))) return `(${this.test(logic, 0)})`;
    return quoted(logic);
  }
}

const TESTS = new Set(
  'and or ! !! == === != !== < <= > >= in starts_with ends_with sem_ver some all none missing $ref'.split(' '),
);

const isTimestamp = (logic: unknown): boolean => isObject(logic) && logic.var === '$flagd.timestamp';

const sign = (operator: string): string => ({ '<=': '≤', '>=': '≥', '!=': '≠' })[operator] ?? operator;

const plain = (value: unknown): string => (typeof value === 'string' ? value : quoted(value));

function quoted(value: unknown): string {
  const text = (JSON.stringify(value) as string | undefined) ?? '';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
