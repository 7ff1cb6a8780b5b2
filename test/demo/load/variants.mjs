import { readFileSync, statSync } from 'node:fs';
import { FlagdCore } from '@openfeature/flagd-core';

/** Longest time for which a service may still serve by the file as it was: it reads it every second, and takes its time. */
const SETTLED_MS = 1500;

const silent = { error() {}, warn() {}, info() {}, debug() {} };

/**
 * What each customer gets, worked out here and not asked of the services: flagd's evaluator over the flag file as it
 * stands at each question.
 */
export class Variants {
  #flagd = new FlagdCore(undefined, silent);
  #before = this.#flagd;
  #changedAt = -Infinity;
  #file;
  #seen = '';

  /** @param {string} file flagd definitions */
  constructor(file) {
    this.#file = file;
    this.#reload();
  }

  /**
   * @param {string} key
   * @param {{ id: string } & Record<string, string | number>} customer beside the id, what the flag's rules may look at
   * @returns {string} the variant's name
   */
  of(key, customer) {
    this.#reload();
    return this.#by(this.#flagd, key, customer);
  }

  /**
   * What the customer may get instead, while not every service has seen the newest flags.
   * @param {string} key @param {{ id: string } & Record<string, string | number>} customer @returns {string}
   */
  orElse(key, customer) {
    return this.#by(performance.now() - this.#changedAt < SETTLED_MS ? this.#before : this.#flagd, key, customer);
  }

  /** @param {FlagdCore} flagd @param {string} key @param {{ id: string } & Record<string, string | number>} customer */
  #by(flagd, key, { id, ...attributes }) {
    const type = typeof [...(flagd.getFlag(key)?.variants.values() ?? [])][0];
    const context = { targetingKey: id, ...attributes };
    const answer =
      type === 'string'
        ? flagd.resolveStringEvaluation(key, '', context, silent)
        : flagd.resolveBooleanEvaluation(key, false, context, silent);
    if (!answer.variant) throw new Error(`${this.#file} gives ${id} no variant of ${key}: ${answer.errorCode}`);
    return answer.variant;
  }

  #reload() {
    const { mtimeMs, ino, size } = statSync(this.#file);
    const now = `${mtimeMs} ${ino} ${size}`;
    if (now === this.#seen) return;
    try {
      const flagd = new FlagdCore(undefined, silent);
      flagd.setConfigurations(readFileSync(this.#file, 'utf8'));
      [this.#before, this.#flagd] = [this.#seen ? this.#flagd : flagd, flagd];
      this.#changedAt = this.#seen ? performance.now() : -Infinity;
      this.#seen = now;
    } catch {
      // Half written: the last good flags stay, and the next question looks again.
    }
  }
}
