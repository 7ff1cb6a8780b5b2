import { appendFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/**
 * Suites that answer VS Code's dialogs by replacing them in the `vscode` module. Every extension has a module of its own,
 * so this reaches the checkout (the suites' own extension), not an installed VSIX.
 */
const answersDialogs = [
  'authoring.test.js',
  'connecting.test.js',
  'evaluatedAs.test.js',
  'forged.test.js',
  'impact.test.js',
  'turningOff.test.js',
];

/**
 * Runs inside the extension host: the bundled suites beside this file that TEST_SUITES names, by their files.
 * The report goes to TEST_REPORT_FILE (the console belongs to VS Code); its last line is `N passed, N failed`.
 * `TEST_GREP` narrows to tests whose name holds that text. Throws when a test failed.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', timeout: 30_000, forbidOnly: process.env.CI !== undefined });
  if (process.env.TEST_GREP) mocha.fgrep(process.env.TEST_GREP);
  const chosen = new Set(process.env.TEST_SUITES?.split(',').map((name) => `${name}.test.js`));
  for (const file of readdirSync(__dirname)
    .filter((name) => chosen.has(name))
    .filter((name) => process.env.SIGHTGLASS_TEST_VSIX !== '1' || !answersDialogs.includes(name))
    .sort())
    mocha.addFile(join(__dirname, file));
  const report = (line: string): void => {
    if (process.env.TEST_REPORT_FILE) appendFileSync(process.env.TEST_REPORT_FILE, `${line}\n`);
  };
  const failures = await new Promise<number>((resolve) => {
    let passed = 0;
    let failed = 0;
    mocha
      .run()
      .on('suite', (suite) => {
        if (suite.title !== '') report(suite.title);
      })
      .on('pass', (test) => {
        passed++;
        report(`  ok ${test.title} (${test.duration ?? 0} ms)`);
      })
      .on('pending', (test) => report(`  skipped ${test.title}`))
      .on('fail', (test, error: Error) => {
        failed++;
        report(`  FAILED ${test.fullTitle()}\n${error.stack ?? error.message}`);
      })
      .on('end', () => {
        report(`${passed} passed, ${failed} failed`);
        resolve(failed);
      });
  });
  if (failures > 0) throw new Error(`${failures} tests failed inside VS Code`);
}
