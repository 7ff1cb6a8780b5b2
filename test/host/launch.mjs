// Runs the suites of test/host inside a real VS Code: its server, driven by Chromium.
//   node test/host/launch.mjs --version 1.100.3|1.139.1 [--vsix FILE] [--workspace DIR] [--grep TEXT] [--screenshot FILE]
//     [--only SUITE,...] [--without SUITE,...]   by their files' names
// Without --vsix the extension is this checkout (dist/, built by `node esbuild.mjs --tests`). With --vsix it is the
// packaged one, installed as a user would; the suites then come from a harness extension of two files.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findChromium, launchChromium } from './chromium.mjs';
import { writeProfile } from './profile.mjs';
import { installExtension, installServer, startServer } from './vscodeServer.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const suites = join(root, 'dist/test/host');

/** They change flags, files and journals that others count on, or have a folder of their own: each has its own window. */
const alone = ['authoring', 'diagnostics', 'evaluatedAs', 'impact', 'languages'];

/** Windows, as names of the suites in each. Found by their files, so that none is forgotten. */
function windows({ only, without }) {
  const names = readdirSync(suites)
    .filter((file) => file.endsWith('.test.js'))
    .map((file) => file.slice(0, -'.test.js'.length))
    .sort();
  const named = (list) => {
    const wanted = list?.split(',') ?? [];
    for (const name of wanted)
      if (!names.includes(name)) throw new Error(`There is no suite "${name}": ${names.join(', ')}.`);
    return wanted;
  };
  const [first, last] = [named(only), named(without)];
  const chosen = names.filter((name) => (first.length === 0 || first.includes(name)) && !last.includes(name));
  const together = chosen.filter((name) => !alone.includes(name));
  const single = chosen.filter((name) => alone.includes(name)).map((name) => [name]);
  return together.length > 0 ? [together, ...single] : single;
}

/** All that was asked for, window after window. @returns {Promise<number>} the exit code of the suites */
async function runSuites(options) {
  if (options.vsix !== undefined && !existsSync(options.vsix))
    throw new Error(`There is no VSIX at "${options.vsix}": run "npm run package" first.`);
  if (!existsSync(join(suites, 'runner.js'))) {
    const { status } = spawnSync(process.execPath, [join(root, 'esbuild.mjs'), '--tests'], { stdio: 'inherit' });
    if (status !== 0) throw new Error('The suites could not be built by `node esbuild.mjs --tests`.');
  }
  findChromium();
  const totals = { passed: 0, failed: 0 };
  for (const names of windows(options)) {
    const { passed, failed } = await runWindow(options, names);
    totals.passed += passed;
    totals.failed += failed;
  }
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  return totals.failed === 0 && totals.passed > 0 ? 0 : 1;
}

/**
 * @param {{ version: string, vsix?: string, workspace?: string, grep?: string, screenshot?: string, minutes: number }} options
 * @param {readonly string[]} names of suites
 * @returns {Promise<{ passed: number, failed: number }>}
 */
async function runWindow({ version, vsix, workspace, grep, screenshot, minutes }, names) {
  const installation = installServer(version, (line) => console.log(`VS Code ${version}: ${line}`));
  const temporary = mkdtempSync(join(tmpdir(), 'sightglass-host-'));
  const report = join(temporary, 'report.txt');
  const userData = join(temporary, 'server');
  const extensions = join(temporary, 'extensions');
  const folder = join(temporary, 'workspace');
  mkdirSync(extensions);
  mkdirSync(folder);
  writeProfile(join(userData, 'data'));
  // A copy: suites write into it.
  if (workspace) cpSync(resolve(workspace), folder, { recursive: true });

  let development = root;
  if (vsix) {
    installExtension(installation, { vsix, userData, extensions });
    development = writeHarness(join(temporary, 'harness'));
  }
  const server = await startServer(installation, {
    userData,
    extensions,
    smokeTest: true,
    env: {
      TEST_REPORT_FILE: report,
      SIGHTGLASS_HOME: join(temporary, 'home'),
      SIGHTGLASS_TEST_VSIX: vsix ? '1' : '',
      TEST_SUITES: names.join(','),
      ...(grep ? { TEST_GREP: grep } : {}),
    },
  });
  let browser;
  try {
    browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    /** @type {(code: number) => void} */
    let exit = () => {};
    const exited = new Promise((done) => (exit = done));
    const said = [];
    await page.exposeFunction('codeAutomationLog', (type, args) => void said.push(`${type}: ${args.join(' ')}`));
    await page.exposeFunction('codeAutomationExit', (code) => exit(code));
    const remote = (path) => `vscode-remote://${server.authority}${path}`;
    const tests = development === root ? join(suites, 'runner.js') : join(development, 'suites/runner.js');
    const payload = JSON.stringify([
      ['extensionDevelopmentPath', remote(development)],
      ['extensionTestsPath', remote(tests)],
    ]);
    await page.goto(`${server.origin}/?folder=${encodeURIComponent(folder)}&payload=${encodeURIComponent(payload)}`);
    let timer;
    const timeout = new Promise((done) => (timer = setTimeout(done, minutes * 60_000, undefined)));
    const code = await Promise.race([exited, timeout]);
    clearTimeout(timer);
    if (code !== 0 && screenshot) await page.screenshot({ path: screenshot });
    const text = existsSync(report) ? readFileSync(report, 'utf8') : '';
    // Its last line is of this window alone.
    const figures = /(\d+) passed, (\d+) failed\s*$/.exec(text);
    process.stdout.write(text.slice(0, figures?.index));
    if (code === undefined)
      console.error(`${names.join(', ')} in VS Code ${version} did not end within ${minutes} minutes.`);
    // Without a report nothing ran; what the host said is then the only trace of why.
    if (!figures) {
      console.error([...said.slice(-50), server.log().slice(-4000)].join('\n'));
      return { passed: 0, failed: 1 };
    }
    const [passed, failed] = [Number(figures[1]), Number(figures[2])];
    return { passed, failed: code === 0 ? failed : Math.max(1, failed) };
  } finally {
    await browser?.close();
    await server.stop();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/**
 * The suites in an extension of their own: beside an installed VSIX the checkout must not be loaded a second time.
 * @param {string} directory @returns {string} the harness
 */
function writeHarness(directory) {
  mkdirSync(directory, { recursive: true });
  const manifest = { name: 'sightglass-harness', publisher: 'sightglass-tests', version: '0.0.1', main: './main.js' };
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ ...manifest, engines: { vscode: '^1.100.0' } }));
  writeFileSync(join(directory, 'main.js'), 'exports.activate = () => {};\n');
  cpSync(suites, join(directory, 'suites'), { recursive: true });
  // The bundles leave mocha outside, and it must be found from where they now are.
  cpSync(join(root, 'node_modules/mocha'), join(directory, 'node_modules/mocha'), { recursive: true });
  for (const name of dependenciesOf('mocha')) {
    const from = join(root, 'node_modules', name);
    if (existsSync(from)) cpSync(from, join(directory, 'node_modules', name), { recursive: true });
  }
  return directory;
}

/** @param {string} name @returns {Set<string>} packages it needs, and those they need */
function dependenciesOf(name) {
  const found = new Set();
  const ask = [name];
  for (let next = ask.pop(); next !== undefined; next = ask.pop()) {
    const file = join(root, 'node_modules', next, 'package.json');
    if (!existsSync(file)) continue;
    for (const needed of Object.keys(JSON.parse(readFileSync(file, 'utf8')).dependencies ?? {})) {
      if (!found.has(needed)) ask.push(needed);
      found.add(needed);
    }
  }
  return found;
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      version: { type: 'string', default: '1.139.1' },
      vsix: { type: 'string' },
      workspace: { type: 'string' },
      grep: { type: 'string' },
      only: { type: 'string' },
      without: { type: 'string' },
      screenshot: { type: 'string' },
      minutes: { type: 'string', default: '20' },
    },
  });
  try {
    process.exitCode = await runSuites({ ...values, minutes: Number(values.minutes) });
  } catch (error) {
    console.error(/** @type {Error} */ (error).message);
    console.log('0 passed, 1 failed');
    process.exitCode = 1;
  }
}
