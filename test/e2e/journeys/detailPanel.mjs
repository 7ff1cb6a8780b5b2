import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { whenever } from '../../demo/steps/whenever.mjs';
import { axeViolations } from '../pages/webviewChecks.mjs';
import { sendOrders } from '../telemetrySender.mjs';

const call = 'flags.getBooleanValue(Flag.NewCheckout';
const orders = { route: '/orders', flag: 'new-checkout' };

/** The detail panel shows, and proposes; VS Code's own modal asks. */
export const journeys = {
  async 'the detail panel: accessible, within its content policy, and only proposing'(at) {
    const { page, flags, workbench, detail, editor, flagFile, receiverPort } = at;
    const before = readFileSync(flagFile, 'utf8');
    const refused = [];
    page.on('console', (message) => {
      if (/Content Security Policy/i.test(message.text()) && /sightglass|webview/i.test(message.location().url)) {
        refused.push(message.text());
      }
    });
    await at.open('checkout/orders.ts', 23);
    await editor.waitForFact(call, /no traffic/);
    await workbench.openContainer('Sightglass');
    await sendOrders(receiverPort, { ...orders, variant: 'on', calls: 200, errors: 14, milliseconds: 400 });
    await sendOrders(receiverPort, { ...orders, variant: 'off', calls: 600, errors: 3, milliseconds: 180 });
    await editor.waitForFact(call, /err|▲/);
    const hover = await editor.hover(call, 'NewCheckout');
    for (const text of [
      /^(Regression|No verdict yet|Not enough|No difference)/,
      /Turn off/,
      /Explain/,
      /^Matched POST/,
    ]) {
      await whenever(() => hover.inSight(text), { what: `${text} seen without scrolling`, seconds: 10, everyMs: 200 });
    }
    await editor.closeHover();
    await flags.open('new-checkout');
    const facts = await detail.facts('new-checkout');
    assert.match(facts.Errors?.value ?? '', /7% \/ 0\.5%/);

    const frame = await detail.frame('new-checkout');
    assert.deepEqual(await axeViolations(frame), []);
    assert.deepEqual(refused, []);

    await frame.getByRole('button', { name: 'Turn off' }).first().click();
    await workbench.dialog.waitFor();
    await page.keyboard.press('Escape');
    await workbench.dialog.waitFor({ state: 'hidden' });
    assert.equal(readFileSync(flagFile, 'utf8'), before, 'a click in the panel alone changes nothing');
  },
};
