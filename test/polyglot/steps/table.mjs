import { compareArm, percent } from '../../demo/steps/compare.mjs';
import { figuresOf } from '../../demo/load/tally.mjs';

/** @typedef {import('./places.mjs').Place} Place */
/** @typedef {{ place: Place, verdicts: import('../../demo/steps/compare.mjs').Verdict[], matched: string, problems: string[] }} Row */

/**
 * The arms at a place, as something of ours says them, against the tally of the very same requests.
 * @param {Place} place @param {{ variant: string, totals: object }[]} arms of ours
 * @param {import('../../demo/load/tally.mjs').Arm[]} tally
 */
export function compareArms(place, arms, tally) {
  const ofRoute = tally.filter(({ route }) => route === place.route);
  return place.variants.map((variant) => {
    const totals = arms.find((arm) => arm.variant === variant)?.totals;
    const shown = {
      calls: totals?.calls,
      errorRate: totals?.errorRate?.value,
      p95: typeof totals?.p95 === 'number' ? totals.p95 * 1000 : undefined,
    };
    // Nobody comes any more: the tally stands still.
    return compareArm(place.flag, variant, shown, { when: () => figuresOf(ofRoute, place.flag, variant) });
  });
}

/** @param {Row[]} rows one line each arm, in columns */
export function printTable(rows) {
  const side = ({ calls, errorRate, p95 }) =>
    [
      calls ?? '-',
      errorRate === undefined ? '-' : percent(errorRate),
      p95 === undefined ? '-' : `${Math.round(p95)} ms`,
    ].join('  ');
  const lines = [['language', 'flag', 'SDK', 'variant', 'beside the code', "load generator's tally", 'matched', '']];
  for (const { place, verdicts, matched, problems } of rows) {
    const { language, flag, sdk } = place;
    for (const { variant, shown, tallied, problems: differ } of verdicts)
      lines.push([
        language,
        flag,
        sdk,
        variant,
        side(shown),
        side(tallied),
        matched,
        differ.length === 0 ? 'agree' : 'DIFFER',
      ]);
    if (verdicts.length === 0) lines.push([language, flag, sdk, '-', '-', '-', '-', problems.join('; ')]);
  }
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join(' | ')
        .trimEnd(),
    );
}
