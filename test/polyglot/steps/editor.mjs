import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installTool } from '../../demo/steps/install.mjs';
import { placeExtension } from '../../demo/steps/extension.mjs';
import { tolerance, words } from '../../demo/steps/compare.mjs';
import { readHover } from '../../demo/steps/readings.mjs';
import { serveEditor } from '../../demo/steps/serve.mjs';
import { TallyHistory } from '../../demo/steps/tallyHistory.mjs';
import { CodeEditor } from '../../e2e/pages/codeEditor.mjs';
import { Workbench } from '../../e2e/pages/workbench.mjs';
import { launchChromium } from '../../host/chromium.mjs';
import { writeProfile } from '../../host/profile.mjs';

/** A file just opened on a busy machine. */
const patienceSeconds = 120;
const wholePercent = 0.005;

/**
 * Opens the workspace in VS Code and one file after the other: the inline fact has both arms, and the hover's figures
 * are held against the tally while customers keep coming.
 * @param {import('./places.mjs').Place[]} places of flags that a configured system has
 * @param {{ folder: string, workspace: string, home: string, port: number, load: object, reviews: import('../../demo/load/tally.mjs').Arm[], leftovers: import('../../demo/steps/processes.mjs').Leftovers, step: (name: string, work: () => unknown) => Promise<unknown>, hold: (what: string, problems: string[]) => void }} of
 *   `reviews`: the tally of the service that nobody visits
 */
export async function readEditor(places, { folder, workspace, home, port, load, reviews, leftovers, step, hold }) {
  installTool('playwright-core');
  const [userData, extensions] = ['vscode', 'extensions'].map((name) => join(folder, name));
  for (const each of [userData, extensions]) mkdirSync(each, { recursive: true });
  placeExtension(extensions);
  writeProfile(join(userData, 'data'), { 'sightglass.receiver.port': port, 'editor.minimap.enabled': false });
  const [first] = places;
  const env = { SIGHTGLASS_HOME: home };
  const file = join(workspace, first.file);
  const { address } = await serveEditor({ step, leftovers, userData, extensions, env, workspace, file, line: 1 });
  const browser = await launchChromium();
  leftovers.add(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1600, height: 900 }, locale: 'en-US' });
  const [workbench, editor] = [new Workbench(page), new CodeEditor(page)];
  await step('VS Code in Chromium', () => workbench.open(address));
  for (const place of places) {
    const what = `${place.language} in VS Code, ${place.flag}`;
    const ofRoute = async () => {
      const { tally, at } = await load.tally();
      return { tally: [...tally, ...reviews].filter(({ route }) => route === place.route), at };
    };
    const history = new TallyHistory({ tally: ofRoute });
    leftovers.add(() => history.stop());
    try {
      if (place !== first) await workbench.openFile(place.file);
      await editor.waitForFact(place.line, /err|p95/, patienceSeconds);
      const readings = await readHover({ editor }, history, { ...place, key: place.flag }, place.variants);
      for (const reading of readings) console.log(`           ${words(reading)}`);
      // Read last: a file just opened shows at first what is known of the flag as a whole.
      const fact = await editor.inlineFact(place.line);
      console.log(`           ${place.language}: ${fact}`);
      hold(what, [
        ...readings.flatMap(({ variant, problems }) => problems.map((text) => `"${variant}": ${text}`)),
        ...factProblems(fact, readings),
      ]);
    } catch (error) {
      await page.screenshot({ path: join(folder, `${place.service}.png`) }).catch(() => undefined);
      hold(what, [error instanceof Error ? error.message : String(error)]);
    } finally {
      history.stop();
    }
  }
  await browser.close();
}

/** The inline fact has whole percents. */
function factProblems(fact, readings) {
  const said = /err ([\d.]+)% (?:\/|vs) ([\d.]+)%/.exec(fact)?.slice(1) ?? [];
  if (said.length === 0) return [`the inline fact has no error rates: ${fact}`];
  return readings.flatMap(({ variant, tallied }, index) => {
    const off = Math.abs(Number(said[index]) / 100 - tallied.errorRate);
    return off > tolerance.points + wholePercent ? [`"${variant}": the inline fact says ${said[index]}%`] : [];
  });
}
