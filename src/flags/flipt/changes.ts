import type { Intent } from '../../model/change';
import type { L10n } from '../../platform/l10n';
import { PlanError } from '../system';
import { newWeights, type Bucket } from '../weights';
import type { FlagEdits } from './edits';
import { holdsEveryone, type FliptFlag, type FliptRollout, type Segments } from './flagModel';
import { variantsOf, type Reading } from './reading';

/** A flag that is to be changed, and what the reader is shown of it. */
export interface Changing {
  readonly flag: FliptFlag;
  readonly reading: Reading;
  readonly segments: Segments;
  /** A variant can be the default: files since 1.3, and servers. */
  readonly hasDefault: boolean;
  readonly off: { readonly variant: string | null; readonly reason: string };
}

/** Works an intent out as edits; gives what the edits alone do not say. Throws {@link PlanError} where Flipt cannot say it. */
export function change(of: Changing, edits: FlagEdits, intent: Intent, l10n: L10n): readonly string[] {
  return new Change(of, edits, l10n).make(intent);
}

/** Everybody has a number of 0..99 in a boolean flag, of 0..999 in a variant flag. */
const STEPS = { boolean: 100, variant: 1_000 } as const;

type Trailing = readonly [index: number, rollout: Extract<FliptRollout, { kind: 'threshold' }>];

class Change {
  readonly #of: Changing;
  readonly #edits: FlagEdits;
  readonly #l10n: L10n;
  readonly #t: L10n['t'];
  readonly #notes: string[] = [];

  constructor(of: Changing, edits: FlagEdits, l10n: L10n) {
    this.#of = of;
    this.#edits = edits;
    this.#l10n = l10n;
    this.#t = l10n.t;
  }

  make(intent: Intent): readonly string[] {
    const { flag } = this.#of;
    const isBoolean = flag.type === 'boolean';
    switch (intent.kind) {
      case 'switch':
        this.#switch(intent.on);
        break;
      case 'kill':
        this.#kill();
        break;
      case 'defaultVariant':
        if (isBoolean) this.#allGet(this.#known(intent.variant) === 'true');
        else this.#toDefault(this.#known(intent.variant));
        this.#keptRules();
        break;
      case 'percentage':
        this.#inSteps(intent.share);
        if (isBoolean) this.#threshold(this.#known(intent.variant) === 'true', intent.share);
        else this.#split(this.#known(intent.variant), intent.share);
        this.#keptRules();
        break;
      case 'target':
      case 'create':
        throw new PlanError('unsupported', this.#t('"{0}" is to be changed in Flipt itself for this.', flag.key));
      case 'undo':
        throw new PlanError('unsupported', this.#t('An undo is planned from the change it takes back.'));
    }
    return this.#notes;
  }

  #switch(on: boolean): void {
    const { flag, off } = this.#of;
    this.#edits.setEnabled(on);
    if (flag.type === 'boolean') {
      if (flag.rollouts.length > 0)
        this.#notes.push(
          this.#t(
            '"enabled" is what those get whom no rollout names. Rollouts stay and go first: {0}.',
            flag.rollouts.length,
          ),
        );
    } else if (!on)
      this.#notes.push(
        this.#t('Off hands everyone the default in the code, which may be any value.'),
        off.variant === null
          ? this.#t('It has no off variant: {0}', off.reason)
          : this.#t('To serve "{0}" to all, kill it.', off.variant),
      );
  }

  #kill(): void {
    const { flag, off, hasDefault } = this.#of;
    if (off.variant === null)
      throw new PlanError('noOffVariant', this.#t('"{0}" has no off variant. {1}', flag.key, off.reason));
    if (flag.type === 'boolean') {
      this.#edits.setEnabled(off.variant === 'true');
      if (flag.rollouts.length === 0) return;
      this.#edits.dropRollouts();
      this.#notes.push(this.#t('Drops its rollouts: {0}. Undo brings them back.', flag.rollouts.length));
      return;
    }
    if (!hasDefault)
      throw new PlanError(
        'unsupported',
        this.#t(
          'Before version 1.3 of the format no variant can be served to all without a rule. Switch the flag off.',
        ),
      );
    if (flag.defaultVariant !== off.variant) this.#edits.setDefault(off.variant);
    if (flag.rules.length > 0) {
      this.#edits.dropRules();
      this.#notes.push(this.#t('Drops its rules: {0}. Undo brings them back.', flag.rules.length));
    }
    this.#enable();
  }

  /** Of a boolean flag: thresholds that give the other value take nobody any more. */
  #allGet(value: boolean): void {
    for (const [index, rollout] of this.#trailing())
      if (rollout.value !== value) this.#edits.setThreshold(index, 0, rollout.value);
    this.#edits.setEnabled(value);
  }

  #threshold(value: boolean, share: number): void {
    const thresholds = this.#trailing();
    const percent = Math.round(share * 100);
    const [only] = thresholds;
    if (thresholds.length > 1)
      throw new PlanError(
        'unsupported',
        this.#t('"{0}" has several thresholds. Change them in Flipt itself.', this.#of.flag.key),
      );
    if (!only) {
      // Who has the value keeps it while the percentage grows: its threshold counts from the bottom.
      this.#edits.setEnabled(!value);
      this.#edits.addThreshold(percent, value);
      return;
    }
    const [index, rollout] = only;
    const isSame = rollout.value === value;
    this.#edits.setThreshold(index, isSame ? percent : 100 - percent, rollout.value);
    this.#edits.setEnabled(!rollout.value);
  }

  /** The thresholds behind all rollouts for segments, which alone decide what all others get. */
  #trailing(): Trailing[] {
    const { flag, segments } = this.#of;
    const last = flag.rollouts.findLastIndex(({ kind }) => kind === 'segment');
    const everyone = flag.rollouts.some((each) => each.kind === 'segment' && holdsEveryone(each, segments));
    if (everyone)
      throw new PlanError(
        'unsupported',
        this.#t('A rollout of "{0}" holds everyone and goes first. Change it in Flipt itself.', flag.key),
      );
    const early = flag.rollouts.slice(0, Math.max(0, last)).some(({ kind }) => kind === 'threshold');
    if (early)
      throw new PlanError(
        'unsupported',
        this.#t('"{0}" has a threshold before a segment. Change it in Flipt itself.', flag.key),
      );
    return [...flag.rollouts.entries()].flatMap(([index, each]): Trailing[] =>
      each.kind === 'threshold' ? [[index, each]] : [],
    );
  }

  #toDefault(variant: string): void {
    const { flag, hasDefault } = this.#of;
    const rule = this.#ruleForAll();
    if (rule >= 0) {
      for (const each of flag.rules[rule]?.distributions ?? [])
        if (each.variant !== variant && each.rollout !== 0) this.#edits.setShare(rule, each.variant, 0);
      this.#edits.setShare(rule, variant, 100);
    } else if (!hasDefault)
      throw new PlanError('unsupported', this.#t('Before version 1.3 of the format a flag has no default variant.'));
    else if (flag.defaultVariant !== variant) this.#edits.setDefault(variant);
    this.#enable();
  }

  #split(variant: string, share: number): void {
    const { flag, segments } = this.#of;
    const rule = this.#ruleForAll();
    const current = flag.rules[rule]?.distributions.map((each): Bucket => [each.variant, each.rollout]) ?? [];
    const weights = newWeights(current, variant, share, this.#restVariant(variant));
    if (!weights)
      throw new PlanError(
        'unsupported',
        this.#t('The other variants leave no room for {0}.', `${String(Math.round(share * 1e4) / 100)}%`),
      );
    const total = weights.reduce((all, [, weight]) => all + weight, 0);
    const shares = weights.map(([name, weight]) => ({
      variant: name,
      rollout: Math.round((weight * 100_000) / total) / 1000,
    }));
    if (rule >= 0) {
      for (const each of shares)
        if (current.find(([name]) => name === each.variant)?.[1] !== each.rollout)
          this.#edits.setShare(rule, each.variant, each.rollout);
    } else {
      const everyone = [...segments.values()].find(({ constraints }) => constraints.length === 0);
      if (!everyone)
        throw new PlanError(
          'unsupported',
          this.#t('Flipt splits within segments, and none here holds everyone. Make one without constraints first.'),
        );
      this.#edits.addRule(everyone.key, shares);
      this.#notes.push(this.#t('A rule for the segment "{0}", which holds everyone, is added.', everyone.key));
    }
    this.#enable();
  }

  /** The rule that holds everyone whom no earlier one does; -1: there is none. */
  #ruleForAll(): number {
    const { flag, segments } = this.#of;
    return flag.rules.findIndex((rule) => holdsEveryone(rule, segments));
  }

  #enable(): void {
    if (this.#of.flag.enabled) return;
    this.#edits.setEnabled(true);
    this.#notes.push(
      this.#t('The flag is not enabled, which hands everyone the default in the code. This enables it.'),
    );
  }

  #inSteps(share: number): void {
    const steps = STEPS[this.#of.flag.type];
    if (Math.abs(share * steps - Math.round(share * steps)) < 1e-6) return;
    const step = new Intl.NumberFormat(this.#l10n.locale).format(100 / steps);
    throw new PlanError('unsupported', this.#t('Flipt gives shares of such a flag in steps of {0}%.', step));
  }

  #restVariant(variant: string): string {
    const { off, flag } = this.#of;
    const others = flag.variants.filter(({ key }) => key !== variant);
    const [other] = others;
    if (off.variant !== null && off.variant !== variant) return off.variant;
    if (other && others.length === 1) return other.key;
    throw off.variant === null
      ? new PlanError('noOffVariant', this.#t('Nobody can say who gets the rest: {0}', off.reason))
      : new PlanError('unsupported', this.#t('Choose the variant that grows; "{0}" gets the rest.', variant));
  }

  #known(variant: string): string {
    if (variantsOf(this.#of.flag).some(({ name }) => name === variant)) return variant;
    throw new PlanError('unsupported', this.#t('"{0}" has no variant "{1}".', this.#of.flag.key, variant));
  }

  #keptRules(): void {
    const count = this.#of.reading.rules.length;
    if (count > 0) this.#notes.push(this.#t('Rules stay and go first: {0}.', count));
  }
}

/** Whether a flag as it would be read really does what was intended. */
export function fulfils(intent: Intent, { flag, reading, off }: Changing): boolean {
  const { effective, defaultRule, disabled } = reading;
  switch (intent.kind) {
    case 'kill':
      return effective.kind === 'everyone' && off.variant !== null && effective.shares?.[off.variant] === 1;
    case 'switch':
      return flag.enabled === intent.on;
    case 'defaultVariant':
      return !disabled && defaultRule.kind === 'variant' && defaultRule.variant === intent.variant;
    case 'percentage':
      return !disabled && Math.abs((effective.defaultShares?.[intent.variant] ?? -1) - intent.share) < 1e-4;
    case 'undo':
    case 'target':
    case 'create':
      return true;
  }
}
