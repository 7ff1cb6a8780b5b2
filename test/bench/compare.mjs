// `npm run bench -- compare`: how often each judge calls a healthy rollout worse, how often and when it finds a bad one, when
// looked at every minute for four hours, and for a day on the last quarter of an hour. Seeded. False alarms of at most 5 % plus
// three standard deviations of the simulation. `@` is the median minute of the alarm.
import { build } from 'esbuild';
import { growthBookAlarms, naiveAlarms, statsigAlarms } from './judges/pooled.mjs';

const minutes = 240;
const runs = 400;
const day = 1440;
const runsOfDays = 100;
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

/** @param {{ root: string, figure: (what: string, value: string, goal?: string) => void }} bench */
export async function run({ root, figure }) {
  const { SeededDraws, endlessLook, gridProcess, startsFor } = await product(root);
  const own = (windows) =>
    endlessLook(windows, startsFor(shownMinutes * minuteMs), (from) => gridProcess(from, 'worse'));
  const judges = { naive: naiveAlarms, GrowthBook: growthBookAlarms, Statsig: statsigAlarms };
  const bound = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs);
  for (const scenario of scenarios) {
    const firsts = { Sightglass: [], naive: [], GrowthBook: [], Statsig: [] };
    const draws = new SeededDraws(20_261_123);
    for (let each = 0; each < runs; each += 1) {
      const windows = drawn(draws, scenario);
      const sums = cumulated(windows);
      const enough = ({ n1, e1, e0 }) => n1 >= least.calls && e1 + e0 >= least.bad;
      const alarm = own(windows).find(({ end, p }) => p <= 0.05 && enough(sums[end / minuteMs - 1]));
      firsts.Sightglass.push(alarm ? alarm.end / minuteMs - 1 : -1);
      for (const [name, alarms] of Object.entries(judges))
        firsts[name].push(sums.findIndex((so) => enough(so) && so.n0 >= least.calls && alarms(so)));
    }
    const healthy = (scenario.ratio ?? 1) <= 1;
    const words = Object.entries(firsts).map(([name, all]) => {
      const found = all.filter((at) => at >= 0).sort((a, b) => a - b);
      const when = found.length > 0 && !healthy ? ` @${found[found.length >> 1] + 1}` : '';
      return `${name} ${((100 * found.length) / runs).toFixed(1)} %${when}`;
    });
    figure(scenario.name, words.join('   '), healthy ? `Sightglass at most ${(100 * bound).toFixed(1)} %` : undefined);
  }
  const ofDays = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runsOfDays);
  for (const [name, scenario] of [
    ['equal, all of a day', { share: () => 0.5 }],
    ['equal, all of a day, sessions of 4', { share: () => 0.25, burst: 4 }],
  ]) {
    const draws = new SeededDraws(20_261_124);
    const alarms = { Sightglass: 0, 'an e-process that begins with the window': 0 };
    for (let each = 0; each < runsOfDays; each += 1) {
      const windows = drawn(draws, scenario, day);
      if (own(windows).some(({ p }) => p <= 0.05)) alarms.Sightglass += 1;
      const slides = windows.some(
        (_, at) =>
          at >= shownMinutes && gridProcess(windows.slice(at - shownMinutes, at), 'worse').some(({ p }) => p <= 0.05),
      );
      if (slides) alarms['an e-process that begins with the window'] += 1;
    }
    const words = Object.entries(alarms).map(([who, count]) => `${who} ${((100 * count) / runsOfDays).toFixed(0)} %`);
    figure(name, words.join('   '), `Sightglass at most ${(100 * ofDays).toFixed(1)} %`);
  }
}

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
        export { gridProcess } from './src/telemetry/compare/gridProcess';
        export { SeededDraws } from './test/unit/telemetry/seededDraws';`,
    },
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}
