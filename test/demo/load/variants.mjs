import { readFileSync, statSync } from 'node:fs';
import { FlagdCore } from '@openfeature/flagd-core';

const silent = { error() {}, warn() {}, info() {}, debug() {} };

/**
 * What each customer gets, worked out here and not asked of the services: flagd's evaluator over the flag file as it
 * stands at each question.
 */
export class Variants {
  #flagd = new FlagdCore(undefined, silent);
  #file;
  #seen = '';

  /** @param {string} file flagd definitions */
  constructor(file) {
    this.#file = file;
    this.#reload();
  }

  /** @param {string} key @param {{ id: string, country: string }} customer @returns {string} the variant's name */
  of(key, customer) {
    this.#reload();
    const type = typeof [...(this.#flagd.getFlag(key)?.variants.values() ?? [])][0];
    const context = { targetingKey: customer.id, country: customer.country };
    const answer =
      type === 'string'
        ? this.#flagd.resolveStringEvaluation(key, '', context, silent)
        : this.#flagd.resolveBooleanEvaluation(key, false, context, silent);
    if (!answer.variant)
      throw new Error(`${this.#file} gives ${customer.id} no variant of ${key}: ${answer.errorCode}`);
    return answer.variant;
  }

  #reload() {
    const { mtimeMs, ino, size } = statSync(this.#file);
    const now = `${mtimeMs} ${ino} ${size}`;
    if (now === this.#seen) return;
    try {
      this.#flagd.setConfigurations(readFileSync(this.#file, 'utf8'));
      this.#seen = now;
    } catch {
      // Half written: the last good flags stay, and the next question looks again.
    }
  }
}
