const MINUTE = 60_000;

/**
 * @typedef {{ calls: number, errors: number, refused: number, milliseconds: number[] }} Counts
 * @typedef {{ route: string, flag: string, variant: string, minutes: Record<string, Counts> }} Arm
 * @typedef {{ calls: number, errorRate: number, p50: number, p95: number }} Figures rates 0..1, times in milliseconds
 */

/** Status and duration of every answer, by route, flag and variant, a minute at a time. */
export class Tally {
  /** @type {Map<string, Arm>} */
  #arms = new Map();

  /** @param {{ route: string, variants: Record<string, string>, status: number, milliseconds: number, at: number }} answer */
  add({ route, variants, status, milliseconds, at }) {
    for (const [flag, variant] of Object.entries(variants)) {
      const id = `${route} ${flag} ${variant}`;
      const arm = this.#arms.get(id) ?? { route, flag, variant, minutes: {} };
      this.#arms.set(id, arm);
      const minute = Math.floor(at / MINUTE) * MINUTE;
      const counts = (arm.minutes[minute] ??= { calls: 0, errors: 0, refused: 0, milliseconds: [] });
      counts.calls += 1;
      // The service did not answer counts as an error of its; 4xx is the customer's.
      if (status === 0 || status >= 500) counts.errors += 1;
      else if (status >= 400) counts.refused += 1;
      counts.milliseconds.push(Math.round(milliseconds * 100) / 100);
    }
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
  const errors = minutes.reduce((sum, counts) => sum + counts.errors, 0);
  return { calls: times.length, errorRate: errors / times.length, p50: at(0.5), p95: at(0.95) };
}
