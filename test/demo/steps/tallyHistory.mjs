import { figuresOf } from '../load/tally.mjs';

const EVERY_MS = 250;
/** Longest way from an answer to the screen: the exporter's delay (1 s), the receiver, the next question, the drawing. */
const LAG_MS = 12_000;

/** @typedef {{ calls: number, errorRate: number, p50: number, p95: number }} Figures */

/** The load generator's own tally as it stood, several times a second, so that what a screen shows can be held against the same requests. */
export class TallyHistory {
  /** @type {{ at: number, arms: import('../load/tally.mjs').Arm[] }[]} */
  #kept = [];
  #timer;

  /** @param {{ tally: () => Promise<{ tally: import('../load/tally.mjs').Arm[], at: number }> }} load */
  constructor(load) {
    let asking = false;
    this.#timer = setInterval(() => {
      if (asking) return;
      asking = true;
      load
        .tally()
        .then(({ tally, at }) => {
          this.#kept.push({ at, arms: tally });
          while ((this.#kept[0]?.at ?? at) < at - LAG_MS) this.#kept.shift();
        })
        .catch(() => this.stop())
        .finally(() => (asking = false));
    }, EVERY_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** @param {string} flag @param {string} variant @returns {Figures | undefined} as of now */
  now(flag, variant) {
    const last = this.#kept.at(-1);
    return last && figuresOf(last.arms, flag, variant);
  }

  /**
   * An arm as it stood when it had so many calls, or nearly: the screen is some seconds behind the customers.
   * @param {string} flag @param {string} variant @param {number} calls
   * @returns {Figures & { ageMs: number } | undefined}
   */
  when(flag, variant, calls) {
    let best;
    for (const { at, arms } of this.#kept) {
      const figures = figuresOf(arms, flag, variant);
      if (!figures) continue;
      if (!best || Math.abs(figures.calls - calls) <= Math.abs(best.calls - calls)) {
        best = { ...figures, ageMs: Date.now() - at };
      }
    }
    return best;
  }
}
