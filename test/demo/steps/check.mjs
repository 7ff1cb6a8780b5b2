// `npm run demo -- --check`: the demo without a person. A browser reads what the editor shows, the load generator's own
// tally says what is true, and a flag is killed through the sidebar as a person would.
import { join } from 'node:path';
import { launchChromium } from '../../host/chromium.mjs';
import { CodeEditor } from '../../e2e/pages/codeEditor.mjs';
import { DetailPanel } from '../../e2e/pages/detailPanel.mjs';
import { FlagsView, JournalView } from '../../e2e/pages/flagsView.mjs';
import { Workbench } from '../../e2e/pages/workbench.mjs';
import { words } from './compare.mjs';
import { edgeProblems } from './edges.mjs';
import { installTool } from './install.mjs';
import { killThroughSidebar } from './killThroughSidebar.mjs';
import { photographBefore, photographJournal } from './photographs.mjs';
import { bad } from './prepare.mjs';
import { moved, readHover, readPanel } from './readings.mjs';
import { serveEditor } from './serve.mjs';
import { TallyHistory } from './tallyHistory.mjs';
import { whenever } from './whenever.mjs';

/** Where the flags stand in the shop's code, as the reader sees it. */
const badPlace = { key: bad.key, file: bad.file, line: bad.call, name: 'NewCheckout' };
const otherPlace = {
  key: 'ranked-search',
  file: 'storefront/search.ts',
  line: 'hasFeature(Flag.RankedSearch',
  name: 'RankedSearch',
};
/** Requests of the smallest arm before its figures are read: a p95 of fewer is mostly chance. */
const enough = 200;

/** @param {import('./prepare.mjs').Demo} demo @returns {Promise<boolean>} whether every step was there and every figure agreed */
export async function check(demo) {
  const { leftovers, step } = demo;
  installTool('playwright-core');
  const { address, log } = await serveEditor(demo);
  const browser = await launchChromium();
  leftovers.add(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 }, locale: 'en-US' });
  const screens = {
    workbench: new Workbench(page),
    editor: new CodeEditor(page),
    flags: new FlagsView(page),
    journal: new JournalView(page),
    detail: new DetailPanel(page),
  };
  try {
    await step('VS Code in Chromium, the file open', () => screens.workbench.open(address));
    return await walk(demo, screens);
  } catch (error) {
    const picture = join(demo.logs, 'failed.png');
    await page.screenshot({ path: picture }).catch(() => {});
    if (!leftovers.ending) console.error(`${log().slice(-1500)}\nThe screen then: ${picture} (--keep leaves it there)`);
    throw error;
  }
}

/**
 * @param {import('./prepare.mjs').Demo} demo
 * @param {{ workbench: Workbench, editor: CodeEditor, flags: FlagsView, journal: JournalView, detail: DetailPanel }} screens
 */
async function walk(demo, screens) {
  const { step, load } = demo;
  const { workbench, editor, flags } = screens;
  /** @type {string[]} */
  const problems = [];
  const hold = (verdicts) => {
    for (const verdict of verdicts) {
      console.log(`           ${words(verdict)}`);
      problems.push(...verdict.problems.map((text) => `${verdict.flag} "${verdict.variant}": ${text}`));
    }
    return verdicts;
  };

  await step('the first customers', () => within(60, load.started, 'the extension does not listen for telemetry'));
  const history = new TallyHistory(load);
  demo.leftovers.add(() => history.stop());
  await step('the inline fact with both arms', () => editor.waitForFact(badPlace.line, /err|p95/, 120));
  await workbench.openContainer('Sightglass');
  await flags.item(bad.key).waitFor();
  await workbench.widenSideBar(420);
  await step(`${enough} requests of the smaller arm`, () =>
    whenever(() => (history.now(bad.key, 'on')?.calls ?? 0) >= enough, {
      what: 'customers',
      seconds: 240,
      everyMs: 500,
    }),
  );

  await step('the regression, said by itself', () => editor.waitForFact(badPlace.line, /▲/, 300));

  console.log('           before the kill:');
  hold(await readHover(screens, history, badPlace, ['on', 'off']));
  await step('screenshots of facts, tree, hover and details', () => photographBefore(screens, badPlace));
  await workbench.openFile(otherPlace.file);
  const before = hold(await readHover(screens, history, otherPlace, ['on', 'off']));
  await workbench.openFile(badPlace.file, demo.line);

  const timeline = await killThroughSidebar(demo, screens, history, badPlace);

  console.log('           after the kill:');
  hold(await readHover(screens, history, badPlace, ['off']));
  hold(await readPanel(screens, history, bad.key, ['on', 'off']));
  await workbench.openFile(otherPlace.file);
  const after = hold(await readHover(screens, history, otherPlace, ['on', 'off']));
  problems.push(...moved(before, after));
  await workbench.openFile(badPlace.file, demo.line);
  await step('screenshots of the journal', () => photographJournal(screens));
  await step('who calls whom, held against the code', async () => {
    problems.push(...(await edgeProblems(demo.env.SIGHTGLASS_HOME)));
  });

  for (const problem of problems) console.error(`FAILED     ${problem}`);
  console.log(`check ${problems.length === 0 ? 'passed' : `failed, ${problems.length} problems`}: ${timeline}`);
  return problems.length === 0;
}

/** @template T @param {number} seconds @param {Promise<T>} promise @param {string} problem @returns {Promise<T>} */
function within(seconds, promise, problem) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${problem}: not within ${seconds} s`)), seconds * 1000);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
