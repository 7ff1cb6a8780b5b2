// `npm run bench -- compare`: one table of how often each judge calls a healthy rollout worse, and how often and when it finds
// a bad one, looked at every minute for four hours; then the same for a whole day, for sample ratios, for slow calls and for
// what a sketch of latencies is off by. Seeded. False alarms of at most 5 % plus three standard deviations of the
// simulation. `@` is the median minute of the alarm.
import { build } from 'esbuild';
import { sketchQuantile } from './judges/ddSketch.mjs';
import { growthBookAlarms, growthBookOneSidedAlarms, naiveAlarms, statsigAlarms } from './judges/pooled.mjs';
import { chiSquaredAlarms } from './judges/sampleRatio.mjs';
import { table } from './table.mjs';

const minutes = 240;
const runs = 400;
const day = 1440;
const runsOfDays = 100;
const runsOfLatency = 60;
const minuteMs = 60_000;
/** The window on the screen. */
const shownMinutes = 15;
const least = { calls: 30, bad: 5 };

const steady = () => 0.01;
const half = () => 0.5;
const ramp = (at) => [0.01, 0.05, 0.1, 0.25, 0.5, 0.5][Math.floor((at * 6) / minutes)];
const drift = (at) => 0.005 + (0.025 * at) / minutes;
const diurnal = (at) => Math.round(200 * (1 + 0.8 * Math.sin((2 * Math.PI * at) / minutes)));

/** `calls` a minute, `share` of them the treatment's, `rate` of bad ones in the control, times `ratio` in the treatment. */
const scenarios = [
  { name: 'equal, flat 50 %' },
  { name: 'equal, 10 % share', share: () => 0.1 },
  { name: 'equal, ramp', share: ramp },
  { name: 'equal, ramp with drift', share: ramp, rate: drift },
  { name: 'equal, diurnal', calls: diurnal, rate: (at) => 0.01 * (1 + 0.5 * Math.sin((2 * Math.PI * at) / minutes)) },
  { name: 'equal, sessions of 2', burst: 2, share: () => 0.2 },
  { name: 'equal, sessions of 4', burst: 4, share: () => 0.2 },
  { name: '2x, flat 50 %', ratio: 2 },
  { name: '2x, ramp with drift', ratio: 2, share: ramp, rate: drift },
  { name: '1.5x, flat 50 %', ratio: 1.5 },
  { name: '3x, ramp', ratio: 3, share: ramp },
  { name: '2x, sessions of 2', ratio: 2, burst: 2, share: () => 0.2 },
  { name: '7x, 25 % share', ratio: 7, share: () => 0.25 },
  { name: '7x, 25 % share, sessions of 4', ratio: 7, burst: 4, share: () => 0.25 },
  { name: '0.5x (better), flat 50 %', ratio: 0.5 },
];

const judges = {
  naive: naiveAlarms,
  GrowthBook: growthBookAlarms,
  'GrowthBook 1-sided': growthBookOneSidedAlarms,
  Statsig: statsigAlarms,
};

/** @param {{ root: string, figure: (what: string, value: string, goal?: string) => void }} bench */
export async function run({ root, figure }) {
  const own = await product(root);
  const worst = comparisons(own);
  figure('Sightglass, the worst of the healthy ones', percent(worst), `at most ${percent(mostOf(0.05, runs))}`);
  days(own, figure);
  sampleRatios(own, figure);
  slowCalls(own, figure);
  sketches(own, figure);
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
/** Three standard deviations of so many runs above a chance. */
const mostOf = (chance, all) => chance + 3 * Math.sqrt((chance * (1 - chance)) / all);
const endless = ({ endlessLook, startsFor }, windows, process) =>
  endlessLook(windows, startsFor(shownMinutes * minuteMs), process);

/** The table; answers the highest share of false alarms of ours. */
function comparisons(own) {
  const { SeededDraws, gridProcess } = own;
  // The second: what the product's process could say of one rollout that is looked at for four hours and never again.
  const names = ['Sightglass', 'begun once', ...Object.keys(judges)];
  const rows = [];
  let worst = 0;
  for (const scenario of scenarios) {
    const firsts = Object.fromEntries(names.map((name) => [name, []]));
    const draws = new SeededDraws(20_261_123);
    for (let each = 0; each < runs; each += 1) {
      const windows = drawn(draws, scenario);
      const sums = cumulated(windows);
      const enough = ({ n1, e1, e0 }) => n1 >= least.calls && e1 + e0 >= least.bad;
      const steps = endless(own, windows, (from) => gridProcess(from, 'worse'));
      const alarm = steps.find(({ end, p }) => p <= 0.05 && enough(sums[end / minuteMs - 1]));
      firsts.Sightglass.push(alarm ? alarm.end / minuteMs - 1 : -1);
      const once = gridProcess(windows, 'worse').find(({ end, p }) => p <= 0.05 && enough(sums[end / minuteMs - 1]));
      firsts['begun once'].push(once ? once.end / minuteMs - 1 : -1);
      for (const [name, alarms] of Object.entries(judges))
        firsts[name].push(sums.findIndex((so) => enough(so) && so.n0 >= least.calls && alarms(so)));
    }
    const healthy = (scenario.ratio ?? 1) <= 1;
    const found = (name) => firsts[name].filter((at) => at >= 0).sort((a, b) => a - b);
    if (healthy) worst = Math.max(worst, found('Sightglass').length / runs);
    rows.push([
      scenario.name,
      ...names.map((name) => {
        const all = found(name);
        return `${percent(all.length / runs)}${all.length > 0 && !healthy ? ` @${all[all.length >> 1] + 1}` : ''}`;
      }),
    ]);
  }
  console.log(table(['', ...names], rows));
  return worst;
}

function days(own, figure) {
  const { SeededDraws, gridProcess } = own;
  for (const [name, scenario] of [
    ['equal, all of a day', { share: () => 0.5 }],
    ['equal, all of a day, sessions of 4', { share: () => 0.25, burst: 4 }],
  ]) {
    const draws = new SeededDraws(20_261_124);
    const alarms = { Sightglass: 0, 'an e-process that begins with the window': 0 };
    for (let each = 0; each < runsOfDays; each += 1) {
      const windows = drawn(draws, scenario, day);
      if (endless(own, windows, (from) => gridProcess(from, 'worse')).some(({ p }) => p <= 0.05))
        alarms.Sightglass += 1;
      const slides = windows.some(
        (_, at) =>
          at >= shownMinutes && gridProcess(windows.slice(at - shownMinutes, at), 'worse').some(({ p }) => p <= 0.05),
      );
      if (slides) alarms['an e-process that begins with the window'] += 1;
    }
    const words = Object.entries(alarms).map(([who, count]) => `${who} ${((100 * count) / runsOfDays).toFixed(0)} %`);
    figure(name, words.join('   '), `Sightglass at most ${percent(mostOf(0.05, runsOfDays))}`);
  }
}

/** Calls divided as configured (a quarter), or not: the Dirichlet-multinomial process beside Pearson's test at every minute. */
function sampleRatios(own, figure) {
  const { SeededDraws, isSplitOtherwise, startsFor } = own;
  for (const [name, share, isHealthy] of [
    ['sample ratio, 25 % as configured, all of a day', 0.25, true],
    ['sample ratio, 30 % where 25 % is configured', 0.3, false],
  ]) {
    const draws = new SeededDraws(20_261_125);
    let [ours, pearson] = [0, 0];
    for (let each = 0; each < runsOfDays; each += 1) {
      const windows = drawn(draws, { share: () => share }, isHealthy ? day : minutes);
      if (isSplitOtherwise(windows, 0.25, startsFor(shownMinutes * minuteMs))) ours += 1;
      if (cumulated(windows).some(({ n1, n0 }) => chiSquaredAlarms([n1, n0], 0.25))) pearson += 1;
    }
    figure(
      name,
      `Sightglass ${percent(ours / runsOfDays)}   Pearson each minute ${percent(pearson / runsOfDays)}`,
      isHealthy ? `Sightglass at most ${percent(mostOf(0.01, runsOfDays))}` : undefined,
    );
  }
}

/** Lognormal latencies around 80 ms, 500 a minute, a tenth the treatment's: sixteen bounds together, one test. */
function slowCalls(own, figure) {
  const { SeededDraws, ExponentialHistogram, LatencySum, averaged, endlessLook, gridProcess, slowCalls: strata } = own;
  const { startsFor } = own;
  for (const [name, times, slow, length] of [
    ['latency, equal', 1, 0, 120],
    ['latency, median 1.2 times', 1.2, 0, 120],
    ['latency, 3 % of calls a second longer', 1, 0.03, 60],
    ['latency, median doubled', 2, 0, 60],
  ]) {
    const draws = new SeededDraws(20_261_126);
    const found = [];
    for (let each = 0; each < runsOfLatency; each += 1) {
      const sumOf = (n, factor, late) => {
        const histogram = new ExponentialHistogram();
        for (let call = 0; call < n; call += 1)
          histogram.add(0.08 * factor * Math.exp(0.5 * normal(draws)) + (draws.uniform() < late ? 1 : 0));
        const sum = new LatencySum();
        sum.add(histogram.toModel());
        return sum;
      };
      const windows = Array.from({ length }, (_, at) => ({
        end: (at + 1) * minuteMs,
        treatment: sumOf(50, times, slow),
        control: sumOf(450, 1, 0),
      }));
      const { steps } = averaged(
        strata(windows).map(({ windows: counts }) =>
          endlessLook(counts, startsFor(shownMinutes * minuteMs), (from) => gridProcess(from, 'worse')),
        ),
      );
      const alarm = steps.find(({ p }) => p <= 0.05);
      if (alarm) found.push(alarm.end / minuteMs);
    }
    found.sort((a, b) => a - b);
    const isHealthy = times === 1 && slow === 0;
    const median = !isHealthy && found.length > 0 ? ` @${found[found.length >> 1]}` : '';
    figure(
      name,
      `Sightglass ${percent(found.length / runsOfLatency)}${median}`,
      isHealthy ? `at most ${percent(mostOf(0.05, runsOfLatency))}` : undefined,
    );
  }
}

/** What the sketch of latencies is off by at p50, p95 and p99, beside DDSketch's 1 %. */
function sketches({ SeededDraws, ExponentialHistogram }, figure) {
  const draws = new SeededDraws(20_261_127);
  const values = Array.from({ length: 100_000 }, () => 0.08 * Math.exp(0.8 * normal(draws)));
  const histogram = new ExponentialHistogram();
  for (const value of values) histogram.add(value);
  values.sort((a, b) => a - b);
  const off = (quantile) =>
    Math.max(...[0.5, 0.95, 0.99].map((q) => Math.abs(quantile(q) / values[Math.ceil(q * values.length) - 1] - 1)));
  figure(
    'latency percentiles of 100,000 calls are off by at most',
    `Sightglass ${(100 * off((q) => histogram.quantile(q))).toFixed(2)} %   DDSketch (1 %) ${(100 * off((q) => sketchQuantile(values, q, 0.01))).toFixed(2)} %`,
    '1.1 %',
  );
}

/** Box and Muller. */
const normal = (draws) => Math.sqrt(-2 * Math.log(1 - draws.uniform())) * Math.cos(2 * Math.PI * draws.uniform());

/** @returns one window a minute, for four hours or `length` minutes; bad calls come in sessions of `burst` on average, all of one arm */
function drawn(draws, { calls = () => 200, share = half, rate = steady, ratio = 1, burst = 1 }, length = minutes) {
  const bad = (n, chance) => {
    let sum = 0;
    for (let session = draws.binomial(n, chance / burst); session > 0; session -= 1) sum += draws.geometric(burst);
    return Math.min(n, sum);
  };
  return Array.from({ length }, (_, at) => {
    const all = calls(at);
    const n1 = draws.binomial(all, share(at));
    const end = (at + 1) * minuteMs;
    return { end, n1, n0: all - n1, e1: bad(n1, rate(at) * ratio), e0: bad(all - n1, rate(at)) };
  });
}

function cumulated(windows) {
  const sum = { n1: 0, e1: 0, n0: 0, e0: 0 };
  return windows.map((window) => {
    for (const name of Object.keys(sum)) sum[name] += window[name];
    return { ...sum };
  });
}

async function product(root) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    ...{ bundle: true, write: false, format: 'esm', platform: 'node', logLevel: 'error' },
    stdin: {
      resolveDir: root,
      loader: 'ts',
      contents: `
        export { endlessLook, startsFor } from './src/telemetry/compare/endlessLook';
        export { averaged, gridProcess } from './src/telemetry/compare/gridProcess';
        export { slowCalls } from './src/telemetry/compare/latencyOrder';
        export { isSplitOtherwise } from './src/telemetry/compare/sampleRatio';
        export { ExponentialHistogram } from './src/telemetry/histogram';
        export { LatencySum } from './src/telemetry/latencySum';
        export { SeededDraws } from './test/unit/telemetry/seededDraws';`,
    },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
