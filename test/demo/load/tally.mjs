const MINUTE = 60_000;

/**
 * @typedef {{ calls: number, errors: number, refused: number, milliseconds: number[], either: { calls: number, errors: number } }} Counts
 *   `either`: of answers that may have been another variant's, counted in these; in the other's they stand as less than none
 * @typedef {{ route: string, flag: string, variant: string, minutes: Record<string, Counts> }} Arm
 * @typedef {{ calls: number, errorRate: number, otherwise: number, p50: number, p95: number, p94: number, p96: number }} Figures
 *   rates 0..1, times in milliseconds; `otherwise`: the error rate if every answer that may be of either variant were of the other
 */

/** Status and duration of every answer, by route, flag and variant, a minute at a time. */
export class Tally {
  /** @type {Map<string, Arm>} */
  #arms = new Map();

  /**
   * @param {{ route: string, variants: Record<string, string>, orElse?: Record<string, string>, status: number, milliseconds: number, at: number }} answer
   *   `orElse`: what the customer may have got instead, where the flags were being changed
   */
  add({ route, variants, orElse = {}, status, milliseconds, at }) {
    // The service did not answer counts as an error of its; 4xx is the customer's.
    const failed = status === 0 || status >= 500 ? 1 : 0;
    for (const [flag, variant] of Object.entries(variants)) {
      const counts = this.#countsOf({ route, flag, variant }, at);
      counts.calls += 1;
      counts.errors += failed;
      if (!failed && status >= 400) counts.refused += 1;
      counts.milliseconds.push(Math.round(milliseconds * 100) / 100);
      const other = orElse[flag];
      if (other === undefined || other === variant) continue;
      for (const [either, sign] of [
        [counts.either, 1],
        [this.#countsOf({ route, flag, variant: other }, at).either, -1],
      ]) {
        either.calls += sign;
        either.errors += sign * failed;
      }
    }
  }

  /** @param {{ route: string, flag: string, variant: string }} of @param {number} at @returns {Counts} */
  #countsOf({ route, flag, variant }, at) {
    const id = `${route} ${flag} ${variant}`;
    const arm = this.#arms.get(id) ?? { route, flag, variant, minutes: {} };
    this.#arms.set(id, arm);
    const minute = Math.floor(at / MINUTE) * MINUTE;
    return (arm.minutes[minute] ??= {
      calls: 0,
      errors: 0,
      refused: 0,
      milliseconds: [],
      either: { calls: 0, errors: 0 },
    });
  }

  /** @returns {Arm[]} JSON */
  arms() {
    return [...this.#arms.values()];
  }
}

/**
 * @param {Arm[]} arms a tally @param {string} flag @param {string} variant
 * @param {{ from?: number, to?: number }} [window] epoch milliseconds; whole minutes that start inside it count
 * @returns {Figures | undefined} undefined when nobody got the variant then
 */
export function figuresOf(arms, flag, variant, { from = 0, to = Infinity } = {}) {
  const minutes = arms
    .filter((arm) => arm.flag === flag && arm.variant === variant)
    .flatMap((arm) => Object.entries(arm.minutes))
    .filter(([minute]) => Number(minute) >= from && Number(minute) < to)
    .map(([, counts]) => counts);
  const times = minutes.flatMap(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  if (times.length === 0) return undefined;
  const at = (share) => /** @type {number} */ (times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)]);
  const sum = (of) => minutes.reduce((total, counts) => total + of(counts), 0);
  const errors = sum((counts) => counts.errors);
  const calls = times.length - sum(({ either }) => either.calls);
  const otherwise = calls > 0 ? (errors - sum(({ either }) => either.errors)) / calls : errors / times.length;
  const quantiles = { p50: at(0.5), p94: at(0.94), p95: at(0.95), p96: at(0.96) };
  return { calls: times.length, errorRate: errors / times.length, otherwise, ...quantiles };
}
