import type { Effective, Rule, Serve } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import { short, shortQuoted, valueList } from '../boundedWords';
import { effectiveOf } from '../effective';
import { whoWords } from './conditionWords';
import type { RawState } from './rawState';
import { stacked, type Step } from './rollouts';
import { isOnAt } from './schedule';
import type { GbRule } from './schema';
import { valuesOf, written, type Variants } from './variants';

/** A flag in one environment as readers meet it. */
export interface Reading {
  readonly defaultRule: Serve;
  readonly rules: readonly Rule[];
  readonly effective: Effective;
}

/** A rule that counts. `who` `''`: for everyone. `step` null: only GrowthBook knows what it gives, which `words` say. */
interface Part {
  readonly rule: GbRule;
  readonly who: string;
  readonly step: Step | null;
  readonly words: string;
}

/** The rules that are left to decide about everybody, at the end; and those before. */
export interface Arranged {
  readonly before: readonly Part[];
  readonly last: readonly (Part & { readonly step: Step })[];
}

/**
 * What a flag does at a time (epoch ms). Off: SDKs are not given it, calls get the default that stands in the code. On:
 * whose prerequisites fail get that too; then rules from the top decide, of which roll-outs let those that they do not
 * take go on to the next; then the default value (https://docs.growthbook.io/features/rules).
 */
export function readState(raw: RawState, variants: Variants, now: number, l10n: L10n): Reading {
  const { t } = l10n;
  const { before, last } = arranged(raw, variants, now, l10n);
  const otherwise = variants.nameOf(written(raw.defaultValue, raw.defaultConfig));
  const defaultRule = serveOf(last, otherwise);
  const holdout = raw.holdout && {
    id: `holdout:${raw.holdout.id}`,
    words: t('in holdout {0}', shortQuoted(raw.holdout.id)),
    serve: { kind: 'variant', variant: variants.nameOf(written(raw.holdout.value)) } as const,
  };
  const rules: Rule[] = [
    ...(holdout ? [holdout] : []),
    ...before.map((part, at) => ({
      id: part.rule.id,
      words: ruleWords(part, l10n),
      serve: ruleServe(part, at === before.length - 1 ? { last, otherwise } : null, l10n),
    })),
  ];
  if (!raw.enabled) {
    const fallback: Serve = { kind: 'codeDefault' };
    return { defaultRule: fallback, rules, effective: effectiveOf(true, variants.names, fallback, null) };
  }
  const failing = raw.prerequisites.map(() => ({ serve: { kind: 'codeDefault' } as const }));
  const all = [...failing, ...rules];
  const decides = all.length > 0 ? { rules: all, otherwise: defaultRule, also: [] } : null;
  return { defaultRule, rules, effective: effectiveOf(false, variants.names, defaultRule, decides) };
}

/** Rules that are on and give something to somebody, up to the first that decides about everybody. */
export function arranged(raw: RawState, variants: Variants, now: number, l10n: L10n): Arranged {
  const parts: Part[] = [];
  for (const rule of raw.rules) {
    if (!rule.enabled || !isOnAt(rule, now)) continue;
    const part: Part = { rule, who: whoWords(rule, l10n), step: stepOf(rule, variants), words: givesWords(rule, l10n) };
    if (part.step && part.step.coverage <= 0 && part.who !== '') continue;
    parts.push(part);
    if (part.who === '' && part.step && part.step.coverage >= 1) break;
  }
  const end = parts.findLastIndex(({ who, step }) => who !== '' || step === null) + 1;
  return {
    before: parts.slice(0, end),
    last: parts.slice(end).flatMap((part) => (part.step ? [{ ...part, step: part.step }] : [])),
  };
}

/** What a rule gives those it is for; null where that does not stand in it. */
function stepOf(rule: GbRule, variants: Variants): Step | null {
  const { type, value, config, coverage, status, controlValue, variationValue, namespace } = rule;
  const all = (text: string): Step => ({
    hash: rule.id,
    coverage: 1,
    portions: [{ variant: variants.nameOf(written(text, config)), weight: 1 }],
  });
  switch (type) {
    case 'force':
      return typeof value === 'string' ? all(value) : null;
    case 'rollout':
      // The seed is the rule's id unless said otherwise.
      return typeof value === 'string'
        ? {
            ...all(value),
            hash: JSON.stringify([rule.hashAttribute, rule.seed ?? rule.id, rule.hashVersion ?? 2]),
            coverage: coverage ?? 1,
          }
        : null;
    case 'experiment': {
      if (!Array.isArray(value) || !value.some(({ weight }) => weight > 0)) return null;
      const [from = 0, to = 1] = namespace?.enabled === true ? namespace.range : [];
      return {
        hash: `experiment ${rule.id}`,
        coverage: Math.min(1, Math.max(0, (coverage ?? 1) * (to - from))),
        portions: value.map((each) => ({ variant: variants.nameOf(written(each.value)), weight: each.weight })),
      };
    }
    case 'safe-rollout':
      if (status === 'released' && typeof variationValue === 'string') return all(variationValue);
      return status === 'rolled-back' && typeof controlValue === 'string' ? all(controlValue) : null;
    default:
      return null;
  }
}

function serveOf(steps: readonly { readonly rule: GbRule; readonly step: Step }[], otherwise: string): Serve {
  const shares = stacked(
    steps.map(({ step }) => step),
    otherwise,
  );
  const given = [...shares].filter(([, share]) => share > 0);
  const [only] = given;
  if (only && given.length === 1) return { kind: 'variant', variant: only[0] };
  const attributes = new Set(steps.map(({ rule }) => rule.hashAttribute ?? 'id'));
  return {
    kind: 'split',
    by: [...attributes].join(', '),
    weights: given.map(([variant, weight]) => ({ variant, weight })),
  };
}

/** `end`: what those get that it does not take, where no other rule stands before that. */
function ruleServe(
  { rule, step, words }: Part,
  end: { readonly last: Arranged['last']; readonly otherwise: string } | null,
  l10n: L10n,
): Serve {
  if (step === null) return { kind: 'dynamic', words };
  if (step.coverage >= 1) return serveOf([{ rule, step }], '');
  if (end) return serveOf([{ rule, step }, ...end.last], end.otherwise);
  const percent = new Intl.NumberFormat(l10n.locale, { style: 'percent', maximumFractionDigits: 2 });
  const given = step.portions.map(({ variant }) => shortQuoted(variant)).join(', ');
  return {
    kind: 'dynamic',
    words: l10n.t('{0} get {1}, others go on to the next rule', percent.format(step.coverage), given),
  };
}

function ruleWords({ rule, who, step, words }: Part, l10n: L10n): string {
  const { t } = l10n;
  const whom = who === '' ? t('everyone') : who;
  const what = step === null || rule.type === 'experiment' ? t('{0}: {1}', words, whom) : whom;
  return rule.description === null ? what : t('{0} ({1})', short(rule.description), what);
}

/** What decides where the rule itself does not say. */
function givesWords(rule: GbRule, l10n: L10n): string {
  const { t } = l10n;
  const values = valueList([...new Set(valuesOf(rule).map(({ text }) => text))], l10n);
  switch (rule.type) {
    case 'experiment':
      return t('experiment {0}', shortQuoted(rule.trackingKey ?? rule.id));
    case 'experiment-ref':
      return t('experiment {0} with {1}', shortQuoted(rule.experimentId ?? rule.id), values);
    case 'contextual-bandit-ref':
      return t('contextual bandit {0} with {1}', shortQuoted(rule.contextualBanditId ?? rule.id), values);
    case 'safe-rollout':
      return t('safe roll-out with {0} ({1})', values, short(rule.status ?? 'running'));
    default:
      return t('a rule of the kind {0}', shortQuoted(rule.type));
  }
}
