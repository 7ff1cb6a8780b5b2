import { isObject, type JsonObject } from '../issue';
import type { FlagEdits, Share } from './edits';
import type { Payload } from './payload';

/** Edits of a flag as a server gave it: everything they do not name stays, known here or not. */
export class PayloadEdits implements FlagEdits {
  #payload: Payload;

  constructor(payload: Payload) {
    this.#payload = payload;
  }

  get payload(): Payload {
    return this.#payload;
  }

  setEnabled(enabled: boolean): void {
    this.#payload = { ...this.#payload, enabled };
  }

  setDefault(variant: string): void {
    this.#payload = { ...this.#payload, defaultVariant: variant };
  }

  setShare(rule: number, variant: string, rollout: number): void {
    this.#change('rules', rule, (of) => {
      const shares = listIn(of, 'distributions');
      const known = shares.some((share) => share.variant === variant);
      const changed = shares.map((share) => (share.variant === variant ? { ...share, rollout } : share));
      return { ...of, distributions: known ? changed : [...shares, { variant, rollout }] };
    });
  }

  addRule(segment: string, shares: readonly Share[]): void {
    const rule = { segments: [segment], segmentOperator: 'OR_SEGMENT_OPERATOR', distributions: shares };
    this.#payload = { ...this.#payload, rules: [...listIn(this.#payload, 'rules'), rule] };
  }

  dropRules(): void {
    this.#payload = { ...this.#payload, rules: [] };
  }

  setThreshold(rollout: number, percentage: number, value: boolean): void {
    this.#change('rollouts', rollout, (of) => ({
      ...of,
      threshold: { ...(isObject(of.threshold) ? of.threshold : {}), percentage, value },
    }));
  }

  addThreshold(percentage: number, value: boolean): void {
    const rollout = { type: 'THRESHOLD_ROLLOUT_TYPE', threshold: { percentage, value } };
    this.#payload = { ...this.#payload, rollouts: [...listIn(this.#payload, 'rollouts'), rollout] };
  }

  dropRollouts(): void {
    this.#payload = { ...this.#payload, rollouts: [] };
  }

  #change(name: 'rules' | 'rollouts', at: number, change: (of: JsonObject) => JsonObject): void {
    const items = listIn(this.#payload, name).map((item, index) => (index === at ? change(item) : item));
    this.#payload = { ...this.#payload, [name]: items };
  }
}

const listIn = (of: JsonObject, name: string): JsonObject[] => {
  const value = of[name];
  return Array.isArray(value) ? value.filter(isObject) : [];
};
