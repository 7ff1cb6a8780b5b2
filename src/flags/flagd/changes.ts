import type { Intent } from '../../model/change';
import type { Json } from '../../model/json';
import type { L10n } from '../../platform/l10n';
import { parseJson } from '../jsonText';
import { PlanError } from '../system';
import { defaultPlace, type DefaultPlace } from './defaultPlace';
import type { Definition } from './definition';
import { FlagText } from './flagText';
import { isObject } from './issue';
import { newWeights, type Bucket } from './weights';

export interface FlagChange {
  /** The flag's new text. */
  readonly text: string;
  /** What the text alone does not say. */
  readonly notes: readonly string[];
}

/** Works an intent out as an edit of the flag's text. Throws {@link PlanError} where flagd cannot say it. */
export function changedFlag(
  definition: Definition,
  before: string,
  intent: Intent,
  off: { readonly variant: string | null; readonly reason: string },
  l10n: L10n,
): FlagChange {
  return new Change(definition, before, off, l10n).make(intent);
}

class Change {
  readonly #definition: Definition;
  readonly #off: { readonly variant: string | null; readonly reason: string };
  readonly #t: L10n['t'];
  readonly #text: FlagText;
  readonly #place: DefaultPlace;
  readonly #notes: string[] = [];

  constructor(
    definition: Definition,
    before: string,
    off: { readonly variant: string | null; readonly reason: string },
    l10n: L10n,
  ) {
    this.#definition = definition;
    this.#off = off;
    this.#t = l10n.t;
    this.#text = new FlagText(definition.text, before);
    const { value } = parseJson(definition.text);
    this.#place = defaultPlace(isObject(value) ? value.targeting : undefined);
  }

  make(intent: Intent): FlagChange {
    switch (intent.kind) {
      case 'kill':
        this.#kill();
        break;
      case 'switch':
        if (intent.on) this.#toDefault(this.#onVariant());
        else this.#kill();
        break;
      case 'defaultVariant':
        this.#toDefault(this.#known(intent.variant));
        break;
      case 'percentage':
        this.#split(this.#known(intent.variant), intent.share);
        break;
      case 'undo':
        throw new PlanError('unsupported', this.#t('An undo is planned from the change it takes back.'));
    }
    if (this.#definition.disabled) {
      this.#text.set(['state'], 'ENABLED');
      this.#notes.push(this.#t('The flag is DISABLED, which hands everyone the default in the code. This enables it.'));
    }
    return { text: this.#text.text, notes: this.#notes };
  }

  #kill(): void {
    const { variant, reason } = this.#off;
    if (variant === null)
      throw new PlanError('noOffVariant', this.#t('"{0}" has no off variant. {1}', this.#definition.key, reason));
    if (this.#place.kind !== 'none') this.#text.remove(['targeting']);
    this.#text.set(['defaultVariant'], variant);
  }

  #toDefault(variant: string): void {
    const { kind, path, inElse, value } = this.#place;
    this.#refuseUnknown();
    if (kind === 'split' && !inElse) this.#text.remove(['targeting']);
    else if (kind === 'split') this.#text.set(path.slice(0, -1), variant);
    // A null already means: the default variant.
    else if (kind === 'computed' || (kind === 'literal' && value !== null)) this.#text.set(path, variant);
    this.#text.set(['defaultVariant'], variant);
    this.#keptRules();
  }

  #split(variant: string, share: number): void {
    this.#refuseUnknown();
    const rest = this.#restVariant(variant);
    const { kind, path } = this.#place;
    const current = this.#buckets();
    const weights = newWeights(current ?? [], variant, share, rest);
    if (!weights)
      throw new PlanError(
        'unsupported',
        this.#t('The other variants leave no room for {0}.', `${Math.round(share * 1e4) / 100}%`),
      );
    if (kind === 'split') this.#rewrite(weights, current);
    else this.#text.set(path, { fractional: weights } satisfies Json);
    if (share < 1 && this.#definition.defaultVariant === variant && variant !== this.#off.variant) {
      // Whoever cannot be split (no targeting key) must not stay on the side that is being rolled out.
      this.#text.set(['defaultVariant'], rest);
      this.#notes.push(this.#t('The default variant becomes "{0}", for callers that cannot be split.', rest));
    } else if (kind !== 'split' && this.#definition.defaultVariant !== null)
      this.#notes.push(this.#t('Callers without a targeting key get "{0}".', this.#definition.defaultVariant));
    this.#keptRules();
  }

  /** Weights in their places where the buckets allow it, so that names, comments and what is hashed by stay. */
  #rewrite(weights: readonly Bucket[], current: readonly Bucket[] | null): void {
    const list: readonly unknown[] = Array.isArray(this.#place.value) ? (this.#place.value as unknown[]) : [];
    const first = list.findIndex((item) => Array.isArray(item));
    const inPlace = new Set(current?.map(([name]) => name)).size === current?.length ? current : null;
    if (inPlace === null) {
      const by = list.slice(0, Math.max(first, 0)) as Json[];
      this.#text.set(this.#place.path, [...by, ...weights]);
      if (current === null) this.#notes.push(this.#t('Computed weights are replaced by fixed ones.'));
      return;
    }
    weights.forEach(([name, weight], index) => {
      const at = [...this.#place.path, first + index];
      if (index >= inPlace.length) this.#text.set(at, [name, weight]);
      else if (inPlace[index]?.[1] !== weight) this.#text.set([...at, 1], weight);
    });
  }

  /** The split's buckets as written; null when one of them is computed; none when it is no split. */
  #buckets(): readonly Bucket[] | null {
    if (this.#place.kind !== 'split' || !Array.isArray(this.#place.value)) return [];
    const list = (this.#place.value as unknown[]).filter((item) => Array.isArray(item)) as unknown[][];
    const buckets: Bucket[] = [];
    for (const [name, weight = 1] of list) {
      if (typeof name !== 'string' || typeof weight !== 'number') return null;
      buckets.push([name, weight]);
    }
    return buckets;
  }

  #restVariant(variant: string): string {
    const others = this.#definition.variants.map(({ name }) => name).filter((name) => name !== variant);
    const [other] = others;
    const off = this.#off.variant;
    if (off !== null && off !== variant) return off;
    if (other !== undefined && others.length === 1) return other;
    throw this.#off.variant === null
      ? new PlanError('noOffVariant', this.#t('Nobody can say who gets the rest: {0}', this.#off.reason))
      : new PlanError('unsupported', this.#t('Choose the variant that grows; "{0}" gets the rest.', variant));
  }

  #onVariant(): string {
    const others = this.#definition.variants.map(({ name }) => name).filter((name) => name !== this.#off.variant);
    const [only] = others;
    const decided = this.#off.variant !== null && others.length === 1;
    if (decided && only !== undefined) return only;
    throw new PlanError(
      'unsupported',
      this.#t('"{0}" has several variants that are not off: choose one.', this.#definition.key),
    );
  }

  #known(variant: string): string {
    if (this.#definition.variants.some(({ name }) => name === variant)) return variant;
    throw new PlanError('unsupported', this.#t('"{0}" has no variant "{1}".', this.#definition.key, variant));
  }

  #refuseUnknown(): void {
    if (this.#place.kind !== 'unknown') return;
    throw new PlanError(
      'unsupported',
      this.#t(
        'The targeting of "{0}" is an expression without a default rule. Change it in the file.',
        this.#definition.key,
      ),
    );
  }

  #keptRules(): void {
    const count = this.#definition.rules.length;
    if (count > 0) this.#notes.push(this.#t('Rules stay and go first: {0}.', count));
  }
}
