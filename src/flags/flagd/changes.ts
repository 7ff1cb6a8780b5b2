import type { Intent } from '../../model/change';
import type { Json } from '../../model/json';
import type { L10n } from '../../platform/l10n';
import { PlanError } from '../system';
import { defaultPlace, type DefaultPlace } from './defaultPlace';
import type { Definition } from './definition';
import { EditRefused, type FlagEdits } from './flagSyntax';
import { isObject } from '../issue';
import { TargetText } from './targetText';
import { newWeights, type Bucket } from '../weights';

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
  try {
    return new Change(definition, before, off, l10n).make(intent);
  } catch (error) {
    if (!(error instanceof EditRefused)) throw error;
    throw new PlanError('unsupported', refusedWords[error.reason](definition.key, l10n));
  }
}

const refusedWords: Readonly<Record<EditRefused['reason'], (key: string, l10n: L10n) => string>> = {
  tied: (key, { t }) =>
    t('"{0}" hangs together with other texts by an anchor or an alias of YAML. Change it in the file.', key),
  comments: (key, { t }) => t('Comments in "{0}" would be lost by this change. Make it in the file.', key),
  unsafe: (key, { t }) => t('"{0}" is written in a way that cannot be edited safely.', key),
};

class Change {
  readonly #definition: Definition;
  readonly #off: { readonly variant: string | null; readonly reason: string };
  readonly #t: L10n['t'];
  readonly #text: FlagEdits;
  readonly #targeting: unknown;
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
    this.#text = definition.syntax.editsOf(definition.text, before);
    const value = definition.syntax.valueOf(definition.text);
    this.#targeting = isObject(value) ? value.targeting : undefined;
    this.#place = defaultPlace(this.#targeting);
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
      case 'target':
        return this.#target(intent);
      case 'create':
        throw new PlanError('nothingToDo', this.#t('"{0}" is there already.', this.#definition.key));
      case 'undo':
        throw new PlanError('unsupported', this.#t('An undo is planned from the change it takes back.'));
    }
    if (this.#definition.disabled) {
      this.#text.set(['state'], 'ENABLED');
      this.#notes.push(this.#t('The flag is DISABLED, which hands everyone the default in the code. This enables it.'));
    }
    return { text: this.#text.text, notes: this.#notes };
  }

  /** One user before all rules, or no longer. The flag stays as enabled as it is: others would get something else. */
  #target(intent: Extract<Intent, { kind: 'target' }>): FlagChange {
    const { key, disabled } = this.#definition;
    if (intent.on && disabled)
      throw new PlanError(
        'unsupported',
        this.#t('"{0}" is DISABLED: nobody gets anything by rules, and enabling it would change it for others.', key),
      );
    const wanted = { ...intent, variant: intent.on ? this.#known(intent.variant) : intent.variant };
    const text = new TargetText(this.#text, this.#targeting);
    if (wanted.on) text.add(wanted);
    else if (!text.remove(wanted))
      throw new PlanError(
        'nothingToDo',
        this.#t('No rule of "{0}" is about {1} alone.', key, `${wanted.attribute} ${JSON.stringify(wanted.value)}`),
      );
    const count = this.#definition.rules.length;
    if (wanted.on && count > 0) this.#notes.push(this.#t('It goes before the other rules: {0}.', count));
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
