import { readFigure, readPair } from '../../e2e/pages/figures.mjs';
import { compareArm, percent } from './compare.mjs';

const environment = 'production';
/** The other flag's figures are of more requests the second time; by so much they may move by chance. */
const drift = { points: 0.01, share: 0.2 };

/** @typedef {{ key: string, file: string, line: string, name: string }} Place a flag in the code on the screen */
/** @typedef {import('./compare.mjs').Verdict & { state?: string }} Reading */

/**
 * The arms of a flag as its hover shows them, held against the tally. A reading that differs is read again twice: the
 * screen and the customers do not stand still.
 * @param {object} screens @param {import('./tallyHistory.mjs').TallyHistory} history
 * @param {Place} place @param {string[]} variants in the order the hover names them
 * @returns {Promise<Reading[]>}
 */
export async function readHover({ editor }, history, place, variants) {
  return readUntilAgreed(async () => {
    const card = await editor.hover(place.line, place.name);
    const row = await card.row(environment);
    const readings = variants.map((variant, index) => ({
      ...compareArm(
        place.key,
        variant,
        { calls: row.requests[index], errorRate: row.errorRate[index], p95: row.p95[index] },
        history,
      ),
      state: row.state,
    }));
    await editor.closeHover();
    return readings;
  });
}

/**
 * The same from the detail panel, where arms that nobody gets any more still stand.
 * @param {object} screens @param {import('./tallyHistory.mjs').TallyHistory} history
 * @param {string} key @param {string[]} variants
 * @returns {Promise<Reading[]>}
 */
export async function readPanel({ flags, detail, workbench }, history, key, variants) {
  await flags.open(key);
  const readings = await readUntilAgreed(async () => {
    const { Errors: errors, p95 } = await detail.facts(key);
    const times = readPair(p95?.value ?? '');
    // `"on" 49 of 1,204 / "off" 22 of 3,640 · 15m`
    const sides = [...(errors?.detail ?? '').matchAll(/"([^"]+)" ([\d,]+) of ([\d,]+)/g)];
    const failed = sides.map(([, , text]) => readFigure(text ?? ''));
    const calls = sides.map(([, , , text]) => readFigure(text ?? ''));
    const rate = (index) => (calls[index] ? (failed[index] ?? 0) / calls[index] : undefined);
    const order = sides.map(([, variant]) => variant);
    return variants.map((variant) => {
      const index = order.indexOf(variant);
      return compareArm(key, variant, { calls: calls[index], errorRate: rate(index), p95: times[index] }, history);
    });
  });
  await workbench.closeEditor();
  return readings;
}

/** @param {() => Promise<Reading[]>} read @returns {Promise<Reading[]>} */
async function readUntilAgreed(read) {
  for (let tries = 1; ; tries++) {
    const readings = await read();
    if (tries === 3 || readings.every(({ problems }) => problems.length === 0)) return readings;
    await new Promise((done) => setTimeout(done, 3000));
  }
}

/**
 * Whether a flag that nobody touched has moved.
 * @param {Reading[]} before @param {Reading[]} after @returns {string[]} in what it has
 */
export function moved(before, after) {
  return before.flatMap((was, index) => {
    const is = after[index];
    const name = `${was.flag} "${was.variant}"`;
    if (!is) return [`${name} is no longer shown`];
    const problems = [];
    if (was.state !== is.state) problems.push(`${name} went from ${was.state} to ${is.state}`);
    const [a, b] = [was.shown, is.shown];
    if (a.errorRate === undefined || b.errorRate === undefined || a.p95 === undefined || b.p95 === undefined) {
      return [...problems, `${name} shows no figures`];
    }
    if (Math.abs(a.errorRate - b.errorRate) > drift.points) {
      problems.push(`${name} did not stay put: errors ${percent(a.errorRate)}, then ${percent(b.errorRate)}`);
    }
    if (Math.abs(a.p95 - b.p95) > drift.share * a.p95) {
      problems.push(`${name} did not stay put: p95 ${a.p95} ms, then ${b.p95} ms`);
    }
    if (b.calls !== undefined && a.calls !== undefined && b.calls <= a.calls) {
      problems.push(`${name} stands still: ${b.calls} requests`);
    }
    return problems;
  });
}
