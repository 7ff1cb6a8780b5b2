import type { FlagType, Serve, Variant } from '../../model/flag';
import type { Json } from '../../model/json';
import type { Problem } from '../../model/problem';
import type { Hash } from '../../platform/hash';
import type { L10n } from '../../platform/l10n';
import type { LineIndex } from '../textPosition';
import type { FlagEntry } from './document';
import { effectiveOf } from '../effective';
import type { DefinedFlag } from '../files/definedFlag';
import { flagIssues, keyIssues } from './flagSchema';
import type { FlagSyntax } from './flagSyntax';
import { isObject, type Issue, type JsonObject } from '../issue';
import { readTargeting, type Targeting } from './targeting';
import { conditionWords } from '../jsonLogicWords';

/** A flag as one file defines it. When `unreadable` is set the rest holds what could be read. */
export interface Definition extends DefinedFlag {
  readonly syntax: FlagSyntax;
  readonly disabled: boolean;
  readonly defaultVariant: string | null;
  readonly flagSetId: string | null;
  readonly targeting: Targeting | null;
  readonly warnings: readonly Problem[];
}

/** What a file gives all its flags. */
export interface DefinitionContext {
  readonly path: string;
  /** It came from a server: `path` is its address. */
  readonly remote: boolean;
  readonly lines: LineIndex;
  readonly form: 'map' | 'list' | 'none';
  readonly syntax: FlagSyntax;
  readonly evaluators: JsonObject;
  readonly metadata: JsonObject;
  readonly hash: Hash;
  readonly l10n: L10n;
}

const MAX_TAGS = 32;

export function readDefinition(entry: FlagEntry, key: string, context: DefinitionContext): Definition {
  const { lines, path, l10n, evaluators } = context;
  const value: JsonObject = isObject(entry.value) ? entry.value : {};
  const issues = [
    ...(context.form === 'list' ? keyIssues(entry.value, []) : []),
    ...issuesOf(entry.value, evaluators),
    ...(entry.issues ?? []),
  ];
  const variants = variantsOf(value.variants);
  const names = new Set(variants.map(({ name }) => name));
  const defaultVariant = typeof value.defaultVariant === 'string' ? value.defaultVariant : null;
  if (defaultVariant !== null && defaultVariant !== '' && !names.has(defaultVariant))
    issues.push({
      path: ['defaultVariant'],
      message: `"defaultVariant" is "${defaultVariant}", which is not a variant.`,
    });
  const problemAt = problems(entry, context);
  const disabled = value.state === 'DISABLED';
  // flagd takes an empty name for none.
  const fallback: Serve =
    defaultVariant === null || defaultVariant === ''
      ? { kind: 'codeDefault' }
      : { kind: 'variant', variant: defaultVariant };
  const hasTargeting = isObject(value.targeting) && Object.keys(value.targeting).length > 0;
  const [first] = issues;
  const targeting =
    !first && hasTargeting ? readTargeting(value.targeting, { variants: names, fallback, evaluators }) : null;
  const metadata = { ...context.metadata, ...(isObject(value.metadata) ? value.metadata : {}) };
  const inForce = disabled ? null : targeting;
  return {
    key,
    text: entry.text,
    offset: entry.offset,
    path,
    remote: context.remote,
    syntax: context.syntax,
    line: lines.at(entry.offset).line,
    endLine: lines.at(entry.offset + entry.text.length).line,
    version: context.hash
      .sha256(`${path}\n${entry.text}\n${entry.text.includes('$ref') ? JSON.stringify(evaluators) : ''}`)
      .slice(0, 20),
    disabled,
    defaultVariant: fallback.kind === 'variant' ? fallback.variant : null,
    type: typeOf(variants),
    variants,
    description: text(value.description) ?? text(metadata.description),
    owner: text(metadata.owner) ?? text(metadata.team),
    tags: (text(metadata.tags) ?? '')
      .split(/[\s,;]+/)
      .filter(Boolean)
      .slice(0, MAX_TAGS),
    flagSetId: text(metadata.flagSetId),
    targeting: inForce,
    defaultRule: first || disabled ? { kind: 'codeDefault' } : (inForce?.otherwise ?? fallback),
    rules: (inForce?.rules ?? []).map(({ when, serve }, index) => ({
      id: String(index),
      words: conditionWords(when, evaluators, l10n),
      serve,
    })),
    effective: first
      ? { kind: 'unknown', shares: null, defaultShares: null, ruleCount: 0, randomised: 'no', unreachable: [] }
      : effectiveOf(disabled, [...names], fallback, inForce),
    unreadable: first
      ? { ...problemAt('error', 'flagd.flag', first.path, unreadableWords(key, first, l10n)), key }
      : null,
    refusesFile: first !== undefined && isFatal(first),
    warnings: targeting ? warningsOf(key, targeting, problemAt, l10n) : [],
  };
}

/** `named`: the problem is about this word, which is its place where it stands there once. */
type ProblemAt = (
  severity: Problem['severity'],
  code: string,
  path: readonly (string | number)[],
  message: string,
  named?: string,
) => Problem;

function problems(entry: FlagEntry, { path, remote, lines, syntax }: DefinitionContext): ProblemAt {
  return (severity, code, at, message, named) => {
    const whole = syntax.spanOf(entry.text, at);
    const span = (named === undefined ? undefined : spanOfWord(entry.text, whole, named)) ?? whole;
    const start = lines.at(entry.offset + span.offset);
    const end = lines.at(entry.offset + span.offset + span.length);
    return placed(remote, path, { severity, code, message }, { ...start, endLine: end.line, endColumn: end.column });
  };
}

/** The one place in a part of a text where a word stands by itself, without its quotes. */
function spanOfWord(
  text: string,
  within: { readonly offset: number; readonly length: number },
  word: string,
): { readonly offset: number; readonly length: number } | undefined {
  const end = within.offset + within.length;
  const found: number[] = [];
  for (
    let at = text.indexOf(word, within.offset);
    at >= 0 && at + word.length <= end;
    at = text.indexOf(word, at + 1)
  ) {
    const isWhole =
      !/[\p{L}\p{N}_.-]/u.test(text.charAt(at - 1)) && !/[\p{L}\p{N}_.-]/u.test(text.charAt(at + word.length));
    if (isWhole) found.push(at);
    if (found.length > 1) return undefined;
  }
  const [offset] = found;
  return offset === undefined || word === '' ? undefined : { offset, length: word.length };
}

/** A problem at its place: in a file its line, of a server its address in the words. */
export function placed(
  remote: boolean,
  path: string,
  problem: Pick<Problem, 'severity' | 'code' | 'message'>,
  range: Pick<Problem, 'line' | 'column' | 'endLine' | 'endColumn'>,
): Problem {
  return remote ? { ...problem, message: `${path}: ${problem.message}` } : { ...problem, path, ...range };
}

/** An evaluator stands in for a whole targeting: flagd puts it in place before it looks at the schema. */
function issuesOf(value: unknown, evaluators: JsonObject): Issue[] {
  if (!isObject(value) || !isObject(value.targeting)) return flagIssues(value);
  const { $ref: name, ...rest } = value.targeting;
  const standsIn = typeof name === 'string' && Object.keys(rest).length === 0 && Object.hasOwn(evaluators, name);
  return flagIssues(standsIn ? { ...value, targeting: {} } : value);
}

/** flagd's in-process providers refuse the whole file for these two; its services then keep what they had. */
const isFatal = ({ path: [name] }: Issue): boolean => name === 'state' || name === 'defaultVariant';

function unreadableWords(key: string, issue: Issue, { t }: L10n): string {
  const words = t('Flag "{0}" cannot be read: {1}', key, issue.message);
  return isFatal(issue) ? `${words} ${t('flagd refuses the whole file until this is mended.')}` : words;
}

function warningsOf(key: string, targeting: Targeting, at: ProblemAt, { t }: L10n): Problem[] {
  const variants = targeting.unknownVariants.map((variant) =>
    at(
      ...(['warning', 'flagd.variant', ['targeting']] as const),
      t(
        'The targeting of "{0}" names "{1}", which is not a variant: who gets it gets the default in the code.',
        key,
        variant,
      ),
      variant,
    ),
  );
  const evaluators = targeting.unknownEvaluators.map((name) =>
    at(
      ...(['warning', 'flagd.evaluator', ['targeting']] as const),
      t('The targeting of "{0}" refers to the evaluator "{1}", which is not defined in this file.', key, name),
      name,
    ),
  );
  return [...variants, ...evaluators].map((problem) => ({ ...problem, key }));
}

function variantsOf(value: unknown): Variant[] {
  if (!isObject(value)) return [];
  return Object.entries(value).map(([name, item]) => ({ name, value: item as Json }));
}

function typeOf(variants: readonly Variant[]): FlagType {
  const value = variants[0]?.value;
  const type = typeof value;
  if (type === 'boolean' || type === 'string' || type === 'number') return type;
  return type === 'object' && value !== null ? 'object' : 'unknown';
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
