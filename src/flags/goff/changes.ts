import type { Intent } from '../../model/change';
import type { L10n } from '../../platform/l10n';
import { PlanError } from '../system';
import { newWeights, type Bucket } from '../weights';
import type { Definition } from './definition';
import type { TextEdits } from './flagFile';

export interface FlagChange {
  /** The flag's new text. */
  readonly text: string;
  /** What the text alone does not say. */
  readonly notes: readonly string[];
}

interface Off {
  readonly variant: string | null;
  readonly reason: string;
}

/** Works an intent out as edits of the flag's text. Throws {@link PlanError} where GO Feature Flag cannot say it. */
export function changedFlag(
  definition: Definition,
  edits: TextEdits,
  intent: Intent,
  off: Off,
  l10n: L10n,
): FlagChange {
  return new Change(definition, edits, off, l10n).make(intent);
}

class Change {
  readonly #definition: Definition;
  readonly #edits: TextEdits;
  readonly #off: Off;
  readonly #t: L10n['t'];
  readonly #notes: string[] = [];

  constructor(definition: Definition, edits: TextEdits, off: Off, l10n: L10n) {
    this.#definition = definition;
    this.#edits = edits;
    this.#off = off;
    this.#t = l10n.t;
  }

  make(intent: Intent): FlagChange {
    const { key } = this.#definition;
    switch (intent.kind) {
      case 'kill':
        this.#kill();
        break;
      case 'switch':
        this.#switch(intent.on);
        break;
      case 'defaultVariant':
        this.#toDefault(this.#known(intent.variant));
        this.#enable();
        this.#keptRules();
        break;
      case 'percentage':
        this.#split(this.#known(intent.variant), intent.share);
        this.#enable();
        this.#keptRules();
        break;
      case 'target':
      case 'create':
        throw new PlanError('unsupported', this.#t('"{0}" is to be edited in its file for this.', key));
      case 'undo':
        throw new PlanError('unsupported', this.#t('An undo is planned from the change it takes back.'));
    }
    if (this.#edits.text !== this.#definition.text) this.#raiseVersion();
    return { text: this.#edits.text, notes: this.#notes };
  }

  /** GO Feature Flag's own switch: rules stay, and everyone gets what the code says. */
  #switch(on: boolean): void {
    const { flag, disabled } = this.#definition;
    if (on === !disabled) return;
    if (!on || flag?.disable !== undefined) this.#edits.set(['disable'], !on);
    if (on) return;
    const off = this.#off.variant;
    this.#notes.push(
      this.#t('Off hands everyone the default in the code, which may be any value.'),
      off === null
        ? this.#t('It has no off variant: {0}', this.#off.reason)
        : this.#t('To serve "{0}" to all, kill it.', off),
    );
  }

  #kill(): void {
    const { variant, reason } = this.#off;
    const { key, flag } = this.#definition;
    if (variant === null) throw new PlanError('noOffVariant', this.#t('"{0}" has no off variant. {1}', key, reason));
    this.#toDefault(variant);
    if (flag?.targeting) this.#edits.remove(['targeting']);
    if (flag?.scheduledRollout) {
      this.#edits.remove(['scheduledRollout']);
      this.#notes.push(this.#t('Drops its schedule, which would go on. Undo brings it back.'));
    }
    if (flag?.experimentation) {
      this.#edits.remove(['experimentation']);
      this.#notes.push(this.#t('Drops the window of its experiment, outside of which the code decides.'));
    }
    this.#enable();
  }

  #toDefault(variant: string): void {
    const rule = this.#definition.flag?.defaultRule;
    this.#edits.set(['defaultRule', 'variation'], variant);
    if (rule?.percentage) this.#edits.remove(['defaultRule', 'percentage']);
    this.#endProgress();
  }

  #split(variant: string, share: number): void {
    const rule = this.#definition.flag?.defaultRule;
    const current = rule?.progressiveRollout ? [] : Object.entries(rule?.percentage ?? {});
    const sum = current.reduce((total, [, weight]) => total + weight, 0);
    const weights = newWeights(current, variant, share, this.#restVariant(variant));
    if (!weights)
      throw new PlanError(
        'unsupported',
        this.#t('The other variants leave no room for {0}.', `${Math.round(share * 1e4) / 100}%`),
      );
    const total = weights.reduce((all, [, weight]) => all + weight, 0);
    // In percent, unless what is there adds up to something else.
    const scale = total === sum ? 1 : 100 / total;
    const wanted = weights.map(([name, weight]): Bucket => [name, Math.round(weight * scale * 1000) / 1000]);
    if (rule?.percentage) {
      for (const [name, weight] of wanted)
        if (rule.percentage[name] !== weight) this.#edits.set(['defaultRule', 'percentage', name], weight);
    } else this.#edits.set(['defaultRule', 'percentage'], Object.fromEntries(wanted));
    // It would not count beside percentages.
    if (rule?.variation !== undefined) this.#edits.remove(['defaultRule', 'variation']);
    this.#endProgress();
    this.#notes.push(this.#t('Callers without a targeting key get the default in the code.'));
  }

  #endProgress(): void {
    if (!this.#definition.flag?.defaultRule?.progressiveRollout) return;
    this.#edits.remove(['defaultRule', 'progressiveRollout']);
    this.#notes.push(this.#t('Ends its progressive roll-out. Undo brings it back.'));
  }

  #enable(): void {
    if (this.#definition.flag?.disable !== true) return;
    this.#edits.set(['disable'], false);
    this.#notes.push(this.#t('The flag is disabled, which hands everyone the default in the code. This enables it.'));
  }

  /** The version is kept by hand, and tells evaluations before from those after. */
  #raiseVersion(): void {
    const { flag, versionIsText } = this.#definition;
    const version = flag?.version;
    if (version === undefined || !/^\d{1,9}$/.test(version)) return;
    const next = String(Number(version) + 1);
    this.#edits.set(['version'], versionIsText ? next : Number(next));
    this.#notes.push(this.#t('Its version becomes {0}.', next));
  }

  #restVariant(variant: string): string {
    const others = this.#definition.variants.map(({ name }) => name).filter((name) => name !== variant);
    const [other] = others;
    const off = this.#off.variant;
    if (off !== null && off !== variant) return off;
    if (other !== undefined && others.length === 1) return other;
    throw off === null
      ? new PlanError('noOffVariant', this.#t('Nobody can say who gets the rest: {0}', this.#off.reason))
      : new PlanError('unsupported', this.#t('Choose the variant that grows; "{0}" gets the rest.', variant));
  }

  #known(variant: string): string {
    if (this.#definition.variants.some(({ name }) => name === variant)) return variant;
    throw new PlanError('unsupported', this.#t('"{0}" has no variant "{1}".', this.#definition.key, variant));
  }

  #keptRules(): void {
    const count = this.#definition.rules.length;
    if (count > 0) this.#notes.push(this.#t('Rules stay and go first: {0}.', count));
  }
}

/** Whether a flag as it would be read really does what was intended: a schedule may have decided otherwise. */
export function fulfils(intent: Intent, after: Definition, off: string | null): boolean {
  const { effective, defaultRule, disabled, out } = after;
  switch (intent.kind) {
    case 'kill':
      return effective.kind === 'everyone' && off !== null && effective.shares?.[off] === 1;
    case 'switch':
      return disabled === !intent.on;
    case 'defaultVariant':
      return !out && defaultRule.kind === 'variant' && defaultRule.variant === intent.variant;
    case 'percentage':
      return !out && Math.abs((effective.defaultShares?.[intent.variant] ?? -1) - intent.share) < 1e-4;
    case 'undo':
    case 'target':
    case 'create':
      return true;
  }
}
