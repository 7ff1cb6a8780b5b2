/** How far the editor may be from the load generator's own tally: half a point of error rate, a tenth of p95. */
export const tolerance = { points: 0.005, share: 0.1, calls: 0.02 };

/**
 * @typedef {{ calls: number | undefined, errorRate: number | undefined, p95: number | undefined }} Shown
 * @typedef {{ flag: string, variant: string, shown: Shown, tallied: { calls: number, errorRate: number, p95: number }, problems: string[] }} Verdict
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
  if (!tallied) return { flag, variant, shown, tallied: { calls: 0, errorRate: 0, p95: 0 }, problems: ['not tallied'] };
  if (shown.calls === undefined) problems.push('the editor shows no number of requests');
  else if (Math.abs(shown.calls - tallied.calls) > Math.max(3, tolerance.calls * tallied.calls)) {
    problems.push(`${shown.calls} requests against ${tallied.calls}`);
  }
  if (shown.errorRate === undefined) problems.push('the editor shows no error rate');
  // Both are rates of whole requests: what is exactly half a point apart is not further.
  else if (Math.abs(shown.errorRate - tallied.errorRate) > tolerance.points + 1e-9) {
    problems.push(`error rate ${percent(shown.errorRate)} against ${percent(tallied.errorRate)}`);
  }
  if (shown.p95 === undefined) problems.push('the editor shows no p95');
  else if (Math.abs(shown.p95 - tallied.p95) > tolerance.share * tallied.p95) {
    problems.push(`p95 ${Math.round(shown.p95)} ms against ${Math.round(tallied.p95)} ms`);
  }
  return { flag, variant, shown, tallied, problems };
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
