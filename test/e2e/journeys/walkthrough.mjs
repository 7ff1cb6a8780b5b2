import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { whenever } from '../../demo/steps/whenever.mjs';
import { chord, command } from '../pages/keyboard.mjs';
import { sendOrders } from '../telemetrySender.mjs';

const call = 'flags.getBooleanValue(Flag.NewCheckout';
const orders = { route: '/orders', flag: 'new-checkout' };

export const journeys = {
  async 'the walkthrough: each step is ticked off by doing it'(at) {
    const { page, editor, workbench, detail, flagFile, receiverPort } = at;
    const before = readFileSync(flagFile, 'utf8');
    await at.open('checkout/orders.ts', '23:62');
    await editor.waitForFact(call, /^25% prod/);
    await command(page, 'Sightglass: Open Walkthrough');
    await ticked(page, ['Connect your flags', 'Read what a line does in production']);

    await sendOrders(receiverPort, { ...orders, variant: 'off', calls: 600, errors: 4 });
    await sendOrders(receiverPort, { ...orders, variant: 'on', calls: 200, errors: 14, milliseconds: 400 });
    // Nobody saw the code while the walkthrough hid it: what stands there first is of now all the same.
    await page.getByRole('tab', { name: /^orders\.ts/ }).click();
    await editor.waitForFact(call, /err|▲/);
    await chord(page, 'f');
    await detail.facts('new-checkout');
    await command(page, 'Sightglass: Kill Flag…');
    await page
      .getByRole('option', { name: /^new-checkout/ })
      .first()
      .click();
    await workbench.dialog.waitFor();
    await page.keyboard.press('Enter');
    await whenever(() => readFileSync(flagFile, 'utf8') !== before, { what: 'the kill in the file', seconds: 15 });
    await command(page, 'Sightglass: Undo Last Production Change');
    await page.getByPlaceholder('new-checkout').waitFor();
    await page.keyboard.type('new-checkout');
    await page.keyboard.press('Enter');
    await page.getByText(/reason stands in the journal/i).waitFor();
    await page.keyboard.type('the bank is back');
    await page.keyboard.press('Enter');
    await whenever(() => readFileSync(flagFile, 'utf8') === before, { what: 'the file as it was', seconds: 15 });

    await command(page, 'Sightglass: Open Walkthrough');
    await ticked(page, [
      'Connect your flags',
      'Send it telemetry',
      'Read what a line does in production',
      'See both sides over time',
      'Turn a flag off',
      'Take it back',
    ]);
    if (process.env.SIGHTGLASS_SCREENS)
      await page.screenshot({ path: `${process.env.SIGHTGLASS_SCREENS}/walkthrough.png` });
  },
};

/** @param {import('playwright-core').Page} page @param {readonly string[]} titles exactly the steps that are done */
async function ticked(page, titles) {
  let seen = [];
  await whenever(
    async () => {
      seen = await page
        .locator('.getting-started-step:has(.codicon-getting-started-step-checked) .step-title')
        .allInnerTexts();
      return seen.join('|') === titles.join('|');
    },
    { what: 'the steps ticked off', seconds: 20 },
  ).catch((error) => assert.deepEqual(seen, titles, String(error)));
}
