// `npm test`: every test that this machine can run, as the first command after a clone. Needs Node and npm; what else a
// suite needs is looked for, and its absence said: "skipped: needs X (how)". SIGHTGLASS_REQUIRE=all turns a skip into a
// failure, but for the suites of test/optional.json. Ends with "N passed, N failed".
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const requireAll = process.env.SIGHTGLASS_REQUIRE === 'all';
const optional = JSON.parse(readFileSync(join(root, 'test/optional.json'), 'utf8')).suites;
const cache = join(root, '.cache');
const totals = { passed: 0, failed: 0 };

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: Sightglass needs 20.19 or newer (https://nodejs.org).`);
  process.exit(2);
}

function run(command, args, env = {}) {
  const shell = process.platform === 'win32' && command === 'npm';
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell,
    env: { ...process.env, ...env },
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

function stage(name, work) {
  const start = performance.now();
  console.log(`\n== ${name}`);
  work();
  console.log(`== ${name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

function skip(suite, need, how) {
  const allowed = optional.find((entry) => entry.suite === suite);
  console.log(`${suite} - skipped: needs ${need} (${how})${allowed ? ` [optional: ${allowed.reason}]` : ''}`);
  if (requireAll && !allowed) totals.failed += 1;
}

function countVitest(file) {
  if (!existsSync(file)) return void (totals.failed += 1);
  const report = JSON.parse(readFileSync(file, 'utf8'));
  totals.passed += report.numPassedTests;
  totals.failed += report.numFailedTests;
  // A file that could not be loaded has no failed tests of its own, and must not pass for that.
  totals.failed += report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  ).length;
  for (const suite of report.testResults) {
    for (const test of suite.assertionResults.filter(
      ({ status }) => status === 'pending' || status === 'skipped' || status === 'todo',
    )) {
      const name = `${relative(root, suite.name)}: ${test.fullName}`;
      console.log(test.fullName.includes('skipped: needs') ? name : `${name} - skipped`);
      if (requireAll && !optional.some((entry) => test.fullName.includes(entry.suite))) totals.failed += 1;
    }
  }
}

/** A runner of our own prints its figures as "N passed, N failed" on its last line, and exits non-zero on failure. */
function counted(args, env = {}) {
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...env },
  });
  process.stdout.write(stdout);
  const figures = [...stdout.matchAll(/(\d+) passed, (\d+) failed/g)].at(-1);
  totals.passed += Number(figures?.[1] ?? 0);
  totals.failed += Number(figures?.[2] ?? 0);
  if (status !== 0 && Number(figures?.[2] ?? 0) === 0) totals.failed += 1;
}

const chromium = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

if (!existsSync(join(root, 'node_modules/vitest'))) {
  stage('install', () => {
    if (run('npm', ['ci', '--no-audit', '--no-fund']) !== 0) process.exit(1);
  });
}
if (optional.length > 0) {
  console.log('Optional suites (a skip of these is no failure):');
  for (const { suite, reason } of optional) console.log(`  ${suite}: ${reason}`);
}

stage('build', () => {
  if (run(process.execPath, ['esbuild.mjs', '--production', '--tests']) !== 0) {
    console.log('0 passed, 1 failed');
    process.exit(1);
  }
});

stage('unit and contract tests', () => {
  mkdirSync(cache, { recursive: true });
  const report = join(cache, 'vitest.json');
  rmSync(report, { force: true });
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  // Colours in a log are a line of thousands of characters.
  const plain = process.stdout.isTTY ? {} : { NO_COLOR: '1' };
  run(process.execPath, [vitest, 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${report}`], plain);
  countVitest(report);
});

for (const version of ['1.100.3', '1.139.1']) {
  stage(`surfaces in VS Code ${version}`, () => {
    const suite = `host ${version}`;
    if (!chromium) return skip(suite, 'Chromium', 'install it, or set CHROMIUM to its path');
    if (!existsSync(join(cache, 'vscode', version, '.ok'))) {
      return skip(suite, `VS Code server ${version}`, `node test/host/vscodeServer.mjs ${version}`);
    }
    counted(['test/host/launch.mjs', '--version', version, '--without', 'languages'], { CHROMIUM: chromium });
  });
}

// In a window of its own: its folder has flags that others do not know, and two hundred cells.
stage('every language in VS Code 1.139.1', () => {
  if (!chromium) return skip('every language', 'Chromium', 'install it, or set CHROMIUM to its path');
  if (!existsSync(join(cache, 'vscode/1.139.1/.ok')))
    return skip('every language', 'VS Code server 1.139.1', 'node test/host/vscodeServer.mjs 1.139.1');
  counted(['test/host/launch.mjs', '--version', '1.139.1', '--only', 'languages'], { CHROMIUM: chromium });
});

stage('journeys in a browser', () => {
  if (!chromium) return skip('journeys', 'Chromium', 'install it, or set CHROMIUM to its path');
  if (!existsSync(join(cache, 'vscode/1.139.1/.ok'))) {
    return skip('journeys', 'VS Code server 1.139.1', 'node test/host/vscodeServer.mjs 1.139.1');
  }
  counted(['test/e2e/run.mjs'], { CHROMIUM: chromium });
  console.log('Four themes with zoom, and the pseudo-locale, take minutes more: node test/e2e/run.mjs --long');
});

console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed === 0 ? 0 : 1);
