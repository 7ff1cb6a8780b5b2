import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { whenever } from '../../demo/steps/whenever.mjs';
import { chord, command } from '../pages/keyboard.mjs';
import { sendOrders } from '../telemetrySender.mjs';

const call = 'flags.getBooleanValue(Flag.NewCheckout';
const orders = { route: '/orders', flag: 'new-checkout' };

/** The reader's hands never leave the keyboard. */
export const journeys = {
  async 'by keys alone: read the fact, its details, kill the flag, take it back'(at) {
    const { page, editor, workbench, detail, journal, flagFile, receiverPort } = at;
    const before = readFileSync(flagFile, 'utf8');
    const variantOf = () => JSON.parse(readFileSync(flagFile, 'utf8')).flags['new-checkout'];
    await at.open('checkout/orders.ts', '23:62');
    await editor.waitForFact(call, /^25% prod/);
    await sendOrders(receiverPort, { ...orders, variant: 'on', calls: 200, errors: 14, milliseconds: 400 });
    await sendOrders(receiverPort, { ...orders, variant: 'off', calls: 600, errors: 3, milliseconds: 180 });
    await editor.waitForFact(call, /err|▲/);

    await chord(page, 'f');
    await detail.facts('new-checkout');
    // Back into the code, which the panel stands beside.
    await whenever(
      async () => {
        // A page that is still loading takes the focus once more when it is there.
        await page.keyboard.press('Control+1');
        await page.waitForTimeout(500);
        return page.locator('.editor-instance .monaco-editor.focused').isVisible();
      },
      { what: 'the focus in the code', seconds: 15 },
    );

    await chord(page, 'k');
    await workbench.dialog.waitFor();
    assert.match(await workbench.dialog.innerText(), /Kill "new-checkout" in production\?/);
    assert.equal(readFileSync(flagFile, 'utf8'), before, 'nothing is written before the yes');
    await page.keyboard.press('Enter');
    await whenever(() => variantOf().targeting === undefined, { what: 'the kill in the file', seconds: 15 });
    await editor.waitForFact(call, /^off prod/);

    await command(page, 'Sightglass: Undo Last Production Change');
    // Taking a kill back turns something on in a protected environment: name, then reason.
    await page.getByPlaceholder('new-checkout').waitFor();
    await page.keyboard.type('new-checkout');
    await page.keyboard.press('Enter');
    await page.getByText(/reason stands in the journal/i).waitFor();
    await page.keyboard.type('the bank is back');
    await page.keyboard.press('Enter');
    await whenever(() => readFileSync(flagFile, 'utf8') === before, { what: 'the file as it was', seconds: 15 });
    // The comparison read before the yes is in front of the code.
    await page.keyboard.press('Control+p');
    await page.keyboard.type('checkout/orders.ts');
    await page
      .getByRole('option', { name: /^orders\.ts/ })
      .first()
      .waitFor();
    await page.waitForTimeout(500);
    await page.keyboard.press('Enter');
    await editor.waitForFact(call, /^25% prod/);
    await command(page, 'Sightglass: Show Journal');
    await whenever(async () => (await journal.rows()).length === 2, { what: 'two changes', seconds: 10, everyMs: 100 });
  },
};
