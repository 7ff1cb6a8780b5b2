// `node test/polyglot/check.mjs`: the same flag in services of several languages, run for real under load, and what
// Sightglass says beside the code of each held against the load generator's own tally. Ends with "N passed, N failed".
// `--editor` has VS Code open one file of each language too; `--keep` leaves the folders for a look.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Leftovers } from '../demo/steps/processes.mjs';
import { build, root } from '../demo/steps/install.mjs';
import { startTraffic } from '../demo/steps/traffic.mjs';
import { Variants } from '../demo/load/variants.mjs';
import { freePort } from '../host/vscodeServer.mjs';
import { flagdNeeds } from '../servers/flagd.mjs';
import { hasPushingFlagd, pushingFlagdHow } from '../servers/shared/pushingFlagd.mjs';
import { unleashHow, unleashNeeds } from '../servers/unleash.mjs';
import { reportReviews } from './load/reviews.mjs';
import { buildService, built, workspace as source } from './steps/build.mjs';
import { readEditor } from './steps/editor.mjs';
import { factsBeside, startFinder, startReceiver, statusOf } from './steps/facts.mjs';
import { places } from './steps/places.mjs';
import { startFlagServer, startServices } from './steps/services.mjs';
import { compareArms, printTable } from './steps/table.mjs';
import { findToolchains } from './steps/toolchains.mjs';
import { pointsBelow, startUnleashWithFlag } from './steps/unleash.mjs';

const rate = 15;
const loadSeconds = 75;
/** The exporters' delays, twice. */
const settleMs = 3000;
const reviewRequests = 300;

const { values: options } = parseArgs({
  options: { editor: { type: 'boolean', default: false }, keep: { type: 'boolean', default: false } },
});
const requireAll = process.env.SIGHTGLASS_REQUIRE === 'all';
const optional = JSON.parse(readFileSync(join(root, 'test/optional.json'), 'utf8')).suites;
const counts = { passed: 0, failed: 0 };
const leftovers = new Leftovers();
leftovers.endOnSignals();

function hold(what, problems) {
  if (problems.length === 0) counts.passed += 1;
  else counts.failed += 1;
  for (const problem of problems) console.error(`FAILED     ${what}: ${problem}`);
}

function skip(suite, needs, how) {
  const allowed = optional.find((entry) => entry.suite === suite);
  console.log(`${suite} - skipped: needs ${needs} (${how})${allowed ? ` [optional: ${allowed.reason}]` : ''}`);
  if (requireAll && !allowed) counts.failed += 1;
}

async function step(name, work) {
  const start = performance.now();
  const result = await work();
  console.log(`${((performance.now() - start) / 1000).toFixed(1).padStart(7)} s  ${name}`);
  return result;
}

async function main() {
  const missing = new Map();
  if (!hasPushingFlagd()) missing.set('every service', [flagdNeeds, pushingFlagdHow]);
  if (unleashNeeds('pglite') !== null) missing.set('Node', [unleashNeeds('pglite'), unleashHow]);
  const { there, missing: lacking } = findToolchains();
  for (const { language, needs, how } of lacking) missing.set(language, [needs, how]);
  for (const [language, [needs, how]] of missing) skip(`polyglot: ${language}`, needs, how);
  skip('polyglot: C# running', '.NET', 'no package registry or Debian has it');
  if (!hasPushingFlagd()) return;
  const services = there.filter(({ language }) => !missing.has(language)).map(({ service }) => service);

  if (!existsSync(join(root, 'dist/cli.js'))) await step('build', () => build());
  const ready = [];
  const [unleash] = await Promise.all([
    services.includes('catalogue') ? step('Unleash', () => startUnleashWithFlag(leftovers)) : { url: '', token: '' },
    ...services.map((service) =>
      step(`${service} built`, () => buildService(service)).then(
        () => ready.push(service),
        (error) => hold(service, [String(error)]),
      ),
    ),
  ]);

  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sightglass-polyglot-')));
  if (options.keep) leftovers.add(() => console.log(`Kept: ${folder}`));
  else leftovers.addFolder(folder);
  const workspace = join(folder, 'shop');
  const [home, logs] = ['home', 'logs'].map((name) => join(folder, name));
  for (const each of [home, logs]) mkdirSync(each);
  cpSync(source, workspace, { recursive: true });
  if (ready.includes('catalogue'))
    symlinkSync(join(built, 'catalogue/node_modules'), join(workspace, 'catalogue/node_modules'), 'junction');
  const flagFile = join(workspace, 'flags/prod.flagd.json');

  const port = await freePort();
  const otlp = `http://127.0.0.1:${port}`;
  const telemetry = await step('receiver', () => startReceiver({ home, port, leftovers }));
  const flagd = await step('flagd', () => startFlagServer({ flagFile, logs, leftovers }));
  console.log(`           flagd's sync stream and OFREP: ${flagd.called}`);
  const { addresses, problems: silent } = await step('services', () =>
    startServices({ services: ready, workspace, otlp, flagd, unleash, logs, leftovers }),
  );

  for (const [service, problem] of Object.entries(silent)) hold(service, [problem]);

  const load = startTraffic(
    [
      join(import.meta.dirname, 'load/visits.mjs'),
      ...['--services', JSON.stringify(addresses), '--flags', flagFile, '--rate', String(rate)],
      ...['--launchdarkly', join(workspace, 'flags/launchdarkly.json'), '--points-below', String(pointsBelow)],
    ],
    { log: join(logs, 'load.log'), leftovers, urgent: true },
  );
  await step('warm-up', () => load.started);
  await step(`${loadSeconds} s of ${rate} requests a second`, () => sleep(loadSeconds * 1000));
  const variants = new Variants(flagFile);
  const variantOf = (customer) => variants.of('new-pricing', customer);
  const reviews = await reportReviews({ otlp, count: reviewRequests, variantOf });
  const seen = places.filter(({ service }) => service === 'reviews' || service in addresses);
  if (options.editor) {
    const ours = seen.filter(({ flag }) => flag === 'new-pricing');
    await readEditor(ours, { folder, workspace, home, port, load, reviews, leftovers, step, hold });
  }
  const tally = [...(await load.stop()), ...reviews];
  await sleep(settleMs);

  const code = await step('finder', () => startFinder({ workspace, leftovers }));
  const rows = [];
  for (const place of seen) {
    const { reference, path, flag, problem } = await factsBeside(place, { workspace, code, telemetry });
    const verdicts = flag ? compareArms(place, flag.arms, tally) : [];
    const matched = path ? `${path.operation.name} ${path.match.reason}` : '';
    const problems = [
      ...(problem ? [problem] : []),
      ...(reference && reference.certainty !== 'certain' ? [`the reference is ${reference.certainty}`] : []),
      ...(path && path.operation.service !== place.service ? [`matched to ${path.operation.service}`] : []),
      ...verdicts.flatMap(({ variant, problems: differ }) => differ.map((text) => `"${variant}": ${text}`)),
    ];
    rows.push({ place, verdicts, matched, problems });
  }
  printTable(rows);
  for (const { place, problems } of rows) hold(`${place.language}, ${place.flag}`, problems);

  const status = await step('sightglass status', () => statusOf('new-pricing', { workspace, home }));
  for (const place of seen.filter(({ flag }) => flag === 'new-pricing')) {
    const arms = status.find(({ service }) => service === place.service)?.arms ?? [];
    const verdicts = compareArms(place, arms, tally);
    hold(
      `status of ${place.service}`,
      verdicts.flatMap(({ variant, problems }) => problems.map((text) => `"${variant}": ${text}`)),
    );
  }
}

try {
  await main();
} catch (error) {
  counts.failed += 1;
  if (!leftovers.ending) console.error(error instanceof Error ? error.stack : String(error));
} finally {
  await leftovers.end();
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
if (!leftovers.signalled) process.exit(counts.failed > 0 ? 1 : 0);
