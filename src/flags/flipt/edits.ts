import type { YamlText } from '../yaml/yamlText';
import type { FliptFlag } from './flagModel';

/** `rollout` is 0..100. */
export interface Share {
  readonly variant: string;
  readonly rollout: number;
}

/** What a change is made of; a file and a server have it each in their own way. */
export interface FlagEdits {
  setEnabled(enabled: boolean): void;
  /** The variant that is given where no rule matches. */
  setDefault(variant: string): void;
  /** Of rule `rule`: the share (0..100) of a variant, which it may not name yet. */
  setShare(rule: number, variant: string, rollout: number): void;
  /** Behind the others, for one segment. */
  addRule(segment: string, shares: readonly Share[]): void;
  dropRules(): void;
  setThreshold(rollout: number, percentage: number, value: boolean): void;
  addThreshold(percentage: number, value: boolean): void;
  dropRollouts(): void;
}

/** Edits of the text of a flag in a file. */
export class TextEdits implements FlagEdits {
  readonly #text: YamlText;
  readonly #flag: FliptFlag;

  constructor(text: YamlText, flag: FliptFlag) {
    this.#text = text;
    this.#flag = flag;
  }

  get text(): string {
    return this.#text.text;
  }

  setEnabled(enabled: boolean): void {
    // A flag that does not say so is not enabled: to write it down would be no change.
    if (enabled !== this.#flag.enabled) this.#text.set(['enabled'], enabled);
  }

  setDefault(variant: string): void {
    for (const [at, { key }] of this.#flag.variants.entries())
      if (key === variant) this.#text.set(['variants', at, 'default'], true);
      else if (key === this.#flag.defaultVariant) this.#text.set(['variants', at, 'default'], false);
  }

  setShare(rule: number, variant: string, rollout: number): void {
    const at = this.#flag.rules[rule]?.distributions.findIndex((each) => each.variant === variant) ?? -1;
    if (at >= 0) this.#text.set(['rules', rule, 'distributions', at, 'rollout'], rollout);
    else this.#text.push(['rules', rule, 'distributions'], { variant, rollout });
  }

  addRule(segment: string, shares: readonly Share[]): void {
    this.#text.push(['rules'], { segment, distributions: shares.map((share) => ({ ...share })) });
  }

  dropRules(): void {
    this.#text.remove(['rules']);
  }

  setThreshold(rollout: number, percentage: number, value: boolean): void {
    this.#text.set(['rollouts', rollout, 'threshold', 'percentage'], percentage);
    const current = this.#flag.rollouts[rollout];
    if (current?.kind === 'threshold' && current.value !== value)
      this.#text.set(['rollouts', rollout, 'threshold', 'value'], value);
  }

  addThreshold(percentage: number, value: boolean): void {
    this.#text.push(['rollouts'], { threshold: { percentage, value } });
  }

  dropRollouts(): void {
    this.#text.remove(['rollouts']);
  }
}
