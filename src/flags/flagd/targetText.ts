import type { Json } from '../../model/json';
import { isObject } from '../issue';
import type { FlagEdits } from './flagSyntax';

/** One user, named by an attribute of the context, and what they are given. */
export interface Target {
  readonly attribute: string;
  readonly value: string;
  readonly variant: string;
}

/**
 * Users named one by one, as the first rule of a targeting: `{ "if": [{ "in": [{ "var": "targetingKey" }, ["me"]] },
 * "on", …] }`. Everything behind it stays as it is written. A rule that says anything else is not touched.
 */
export class TargetText {
  readonly #text: FlagEdits;
  readonly #targeting: unknown;

  /** `targeting`: the value of the text's own. */
  constructor(text: FlagEdits, targeting: unknown) {
    this.#text = text;
    this.#targeting = targeting;
  }

  /** Without effect where the very rule stands there already. */
  add(target: Target): void {
    const rule = this.#first(target.attribute);
    if (rule?.variant === target.variant) {
      if (!rule.values.includes(target.value))
        this.#text.set(['targeting', 'if', 0, 'in', 1], [...rule.values, target.value]);
      return;
    }
    const added: Json[] = [{ in: [{ var: target.attribute }, [target.value]] }, target.variant];
    if (!isObject(this.#targeting) || Object.keys(this.#targeting).length === 0)
      this.#text.set(['targeting'], { if: added });
    else if (isBranches(this.#targeting)) this.#text.prepend(['targeting', 'if'], added);
    else this.#text.enclose(['targeting'], 'if', added);
  }

  /** False where no rule at the front names the user alone. */
  remove({ attribute, value }: Pick<Target, 'attribute' | 'value'>): boolean {
    const rule = this.#first(attribute);
    if (!rule?.values.includes(value)) return false;
    const left = rule.values.filter((each) => each !== value);
    if (left.length > 0) this.#text.set(['targeting', 'if', 0, 'in', 1], left);
    else if (rule.branches.length === 2) this.#text.remove(['targeting']);
    // Nothing but what applies to everyone is left: that becomes the targeting, where it can be one.
    else if (rule.branches.length === 3 && isObject(rule.branches[2]))
      this.#text.replaceBy(['targeting'], ['targeting', 'if', 2]);
    // An else that is no rule cannot stand alone: a list of nobody means the same.
    else if (rule.branches.length === 3) this.#text.set(['targeting', 'if', 0, 'in', 1], []);
    else {
      this.#text.remove(['targeting', 'if', 0]);
      this.#text.remove(['targeting', 'if', 0]);
    }
    return true;
  }

  /** The first rule where it is such a one. */
  #first(
    attribute: string,
  ): { readonly values: readonly string[]; readonly variant: string; readonly branches: readonly unknown[] } | null {
    if (!isBranches(this.#targeting)) return null;
    const { if: branches } = this.#targeting;
    const [condition, variant] = branches;
    if (!isObject(condition) || Object.keys(condition).length !== 1 || typeof variant !== 'string') return null;
    const operands: readonly unknown[] = Array.isArray(condition.in) ? (condition.in as unknown[]) : [];
    const [subject, list] = operands;
    if (operands.length !== 2 || !isObject(subject) || subject.var !== attribute || !Array.isArray(list)) return null;
    const values = (list as unknown[]).filter((each) => typeof each === 'string');
    return values.length === list.length ? { values, variant, branches } : null;
  }
}

const isBranches = (value: unknown): value is { readonly if: readonly unknown[] } =>
  isObject(value) && Object.keys(value).length === 1 && Array.isArray(value.if) && value.if.length >= 2;
