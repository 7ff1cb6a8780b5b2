/**
 * How far the editor may be from the load generator's own tally: half a point of error rate; a tenth of what the tally has
 * between p94 and p96, since of 200 requests one that only one of both has counted moves p95 by half of that, and slow ones
 * lie far apart.
 */
export const tolerance = { points: 0.005, share: 0.1, calls: 0.02 };

/**
 * @typedef {{ calls: number | undefined, errorRate: number | undefined, p95: number | undefined }} Shown
 * @typedef {{ flag: string, variant: string, shown: Shown, tallied: { calls: number, errorRate: number, otherwise: number, p94: number, p95: number, p96: number }, problems: string[] }} Verdict
 */

/**
 * Holds one arm as the editor shows it against the tally of the same requests.
 * @param {string} flag @param {string} variant @param {Shown} shown
 * @param {import('./tallyHistory.mjs').TallyHistory} history
 * @returns {Verdict}
 */
export function compareArm(flag, variant, shown, history) {
  const tallied = history.when(flag, variant, shown.calls ?? 0);
  const problems = [];
  if (!tallied)
    return {
      flag,
      variant,
      shown,
      tallied: { calls: 0, errorRate: 0, otherwise: 0, p94: 0, p95: 0, p96: 0 },
      problems: ['not tallied'],
    };
  if (shown.calls === undefined) problems.push('the editor shows no number of requests');
  else if (Math.abs(shown.calls - tallied.calls) > Math.max(3, tolerance.calls * tallied.calls)) {
    problems.push(`${shown.calls} requests against ${tallied.calls}`);
  }
  if (shown.errorRate === undefined) problems.push('the editor shows no error rate');
  else if (distance(shown.errorRate, tallied) > tolerance.points) {
    problems.push(`error rate ${percent(shown.errorRate)} against ${percent(tallied.errorRate)}`);
  }
  if (shown.p95 === undefined) problems.push('the editor shows no p95');
  else if (shown.p95 < tallied.p94 * (1 - tolerance.share) || shown.p95 > tallied.p96 * (1 + tolerance.share)) {
    problems.push(`p95 ${Math.round(shown.p95)} ms against ${Math.round(tallied.p95)} ms`);
  }
  return { flag, variant, shown, tallied, problems };
}

/**
 * From the rate to the tally's, which is one number unless some answers may be of either variant. Both are rates of whole
 * requests: what is exactly half a point apart is not further.
 * @param {number} rate @param {{ errorRate: number, otherwise: number }} tallied
 */
function distance(rate, { errorRate, otherwise }) {
  const [low, high] = [Math.min(errorRate, otherwise), Math.max(errorRate, otherwise)];
  return Math.max(0, low - rate, rate - high) - 1e-9;
}

/** @param {Verdict} verdict @returns {string} one line */
export function words({ flag, variant, shown, tallied, problems }) {
  const of = ({ calls, errorRate, p95 }) =>
    `${errorRate === undefined ? '-' : percent(errorRate)}, p95 ${p95 === undefined ? '-' : Math.round(p95)} ms, ${calls ?? '-'} requests`;
  const end = problems.length === 0 ? 'agree' : `DIFFER: ${problems.join('; ')}`;
  return `${flag} "${variant}": editor ${of(shown)} | tally ${of(tallied)} | ${end}`;
}

/** @param {number} share */
export function percent(share) {
  return `${(share * 100).toFixed(2)} %`;
}
