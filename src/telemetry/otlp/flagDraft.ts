import { cut, maxNameLength, maxVariantLength } from './bounds';
import type { Scalar } from './scalar';
import { WantedNames } from './wantedNames';

/** Names of evaluation events and spans in the wild: semantic conventions since 1.29, and before (LaunchDarkly's hooks). */
export const isEvaluationName = (name: string): boolean =>
  name === 'feature_flag.evaluation' || name === 'feature_flag';

/** The span that OpenFeature's SpanHook makes for an evaluation; an ordinary span may well be called `feature_flag`. */
export const isEvaluationSpanName = (name: string): boolean => name === 'feature_flag.evaluation';

/** Attributes that say something of an evaluation. */
export const flagAttributeNames = [
  'feature_flag.key',
  'feature_flag.result.variant',
  'feature_flag.evaluation.variant',
  'feature_flag.variant',
  'feature_flag.result.value',
  'feature_flag.evaluation.value',
  'feature_flag.result.variationIndex',
  'feature_flag.result.reason',
  'feature_flag.evaluation.reason',
  'error.type',
] as const;

export const flagAttributes = new WantedNames(flagAttributeNames);

/** What is read of one evaluation. The context id (a person) is never among it. */
export class FlagDraft {
  #key: string | null = null;
  #variant: string | null = null;
  #oldVariant: string | null = null;
  #value: string | null = null;
  #index: string | null = null;
  #hasFailed = false;

  reset(): void {
    this.#hasFailed = false;
    this.#key = this.#variant = this.#oldVariant = this.#value = this.#index = null;
  }

  set(key: string, value: Scalar): void {
    switch (key) {
      case 'feature_flag.key':
        if (typeof value === 'string' && value !== '' && value.length <= maxNameLength) this.#key = value;
        break;
      case 'feature_flag.result.variant':
        this.#variant = asVariant(value);
        break;
      case 'feature_flag.evaluation.variant':
      case 'feature_flag.variant':
        this.#oldVariant = asVariant(value);
        break;
      case 'feature_flag.result.value':
      case 'feature_flag.evaluation.value':
        this.#value = harmlessValue(value);
        break;
      case 'feature_flag.result.variationIndex':
        if (Number.isInteger(Number(value))) this.#index = String(value);
        break;
      case 'feature_flag.result.reason':
      case 'feature_flag.evaluation.reason':
        if (typeof value === 'string' && value.toLowerCase() === 'error') this.#hasFailed = true;
        break;
      case 'error.type':
        if (value !== '') this.#hasFailed = true;
        break;
    }
  }

  get key(): string | null {
    return this.#key;
  }

  /**
   * The variant's name, else the value when it is a boolean or a number, else LaunchDarkly's index, else ''. An evaluation
   * that failed (a time-out, an unknown flag) gave the default of the code: that value is no variant, whatever it is.
   */
  get variant(): string {
    const named = this.#variant ?? this.#oldVariant;
    if (named !== null || this.#hasFailed) return named ?? '';
    return this.#value ?? this.#index ?? '';
  }
}

function asVariant(value: Scalar): string | null {
  const name = String(value);
  return name === '' ? null : cut(name, maxVariantLength);
}

/** A string value may be anybody's data (the conventions warn of it): only booleans and numbers stand for a variant. */
function harmlessValue(value: Scalar): string | null {
  if (typeof value !== 'string') return String(value);
  return /^(true|false|-?\d{1,10}(\.\d{1,6})?)$/.test(value) ? value : null;
}
