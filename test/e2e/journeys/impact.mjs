import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whenever } from '../../demo/steps/whenever.mjs';
import { makeShopChange, sendShopTraffic } from '../../shopChange.mjs';
import { ImpactView } from '../pages/impactView.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');

/** @param {number} port */
const answers = (port) =>
  fetch(`http://127.0.0.1:${port}/sightglass/v1/hello`).then(
    () => true,
    () => false,
  );

/** The shop as a repository, with a branch of four kinds of trouble checked out. */
async function asRepository({ workspace }) {
  rmSync(workspace, { recursive: true, force: true });
  await makeShopChange(join(root, 'test/demo/shop'), workspace);
}

/** What the current change will do, as a reviewer sees it. */
export const journeys = {
  'the production impact of a branch: reasons in order with their numbers, and a click leads to the line': {
    prepare: asRepository,
    async take({ page, open, workbench, receiverPort }) {
      const impact = new ImpactView(page);
      await open('checkout/orders.ts', '17:1');
      await workbench.openContainer('Sightglass');
      await whenever(() => answers(receiverPort), { what: 'the receiver', seconds: 30, everyMs: 200 });
      await sendShopTraffic(`http://127.0.0.1:${receiverPort}`);
      await workbench.run('Sightglass: Review Production Impact');
      // Rows out of sight are not drawn.
      await page
        .locator('.pane-header')
        .filter({ hasText: /^Flags/ })
        .click();
      for (const row of [
        /^Warning: Flag removed while served/,
        /^production: 50% "on".*200 evaluations in 15m/,
        /^Warning: Failing already/,
        /err 10%.*400 calls in 15m/,
        /^Warning: Busy path without a flag/,
        /1,800 calls in 15m/,
        /^Warning: Telemetry removed/,
      ])
        await impact.row(row).waitFor();
      await page.screenshot({ path: join(root, '.cache/e2e/production impact.png') });
      await impact.row(/^storefront\/products\.ts:20/).click();
      await page.getByRole('tab', { name: /^products\.ts/, selected: true }).waitFor();
      assert.match(await page.locator('.view-lines').last().innerText(), /getPrice/);
    },
  },
  'a workspace that is not trusted: the view says why it is empty, and git is not run': {
    trust: true,
    prepare: asRepository,
    async take({ page, open, workbench }) {
      const impact = new ImpactView(page);
      await open('checkout/orders.ts', '17:1');
      await workbench.openContainer('Sightglass');
      await workbench.run('Sightglass: Review Production Impact');
      await impact.pane.getByText('This workspace is not trusted: git is not run in it').waitFor();
      assert.equal(await impact.tree.getByRole('treeitem').count(), 0);
    },
  },
};
