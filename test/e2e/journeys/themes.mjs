import assert from 'node:assert/strict';
import { join } from 'node:path';
import { whenever } from '../../demo/steps/whenever.mjs';
import { chord, command } from '../pages/keyboard.mjs';
import { axeViolations, beyondTheEdge, cutTexts } from '../pages/webviewChecks.mjs';
import { sendRegression } from '../telemetrySender.mjs';

const call = 'flags.getBooleanValue(Flag.NewCheckout';
const orders = { route: '/orders', flag: 'new-checkout' };

/** By the names the theme picker shows; `kind` is what a webview is told. */
const themes = [
  { label: 'Dark 2026', kind: 'vscode-dark' },
  { label: 'Light 2026', kind: 'vscode-light' },
  { label: 'Dark High Contrast', kind: 'vscode-high-contrast' },
  { label: 'Light High Contrast', kind: 'vscode-high-contrast-light' },
];
/** At 200 % zoom a window has half the pixels of CSS in each direction. */
const zooms = { 100: { width: 1440, height: 900 }, 200: { width: 720, height: 450 } };

/** Taken by CI in a stage of its own, not by `npm test`. */
export const long = true;

export const journeys = {
  async 'in four themes and at 200 % zoom: everything is there to be read'(at) {
    const { page, editor, flags, journal, workbench, detail, receiverPort } = at;
    /** To be looked at: `SIGHTGLASS_SCREENS` names a folder. @param {string} name */
    const shoot = async (name) => {
      const folder = process.env.SIGHTGLASS_SCREENS;
      if (!folder) return;
      await page.waitForTimeout(1000);
      await workbench.screenshot(join(folder, `${name}.png`));
    };
    await at.open('checkout/orders.ts', '31:75');
    await editor.waitForFact(call, /^25% prod/);
    await sendRegression(receiverPort, orders);
    await editor.waitForFact(call, /▲/);
    await workbench.openContainer('Sightglass');
    await flags.item('new-checkout').waitFor();
    // A change for the journal, of the other flag.
    await page.keyboard.press('Control+1');
    await page.waitForTimeout(500);
    await chord(page, 'k');
    await workbench.dialog.waitFor();
    await shoot('modal');
    await page.keyboard.press('Enter');
    await journal.open();
    await whenever(async () => (await journal.rows()).length === 1, { what: 'the change in the journal', seconds: 20 });

    for (const { label, kind } of themes) {
      await page.setViewportSize(zooms[100]);
      await workbench.setTheme(label);
      await flags.open('new-checkout');
      const frame = await detail.frame('new-checkout');
      await frame.locator('.facts .fact:not(.skeleton) .value').first().waitFor();
      await whenever(() => frame.evaluate((wanted) => document.body.classList.contains(wanted), kind), {
        what: `${label} in the panel`,
        seconds: 20,
      });
      for (const [zoom, size] of Object.entries(zooms)) {
        const where = `${label} at ${zoom} %`;
        await page.setViewportSize(size);
        await page.waitForTimeout(500);
        assert.deepEqual(await axeViolations(frame), [], where);
        assert.deepEqual(await cutTexts(frame), [], `${where}: nothing is cut`);
        assert.deepEqual(await beyondTheEdge(frame), [], `${where}: nothing is beside the page`);
        await shoot(`${kind} ${zoom} details`);
        await frame.evaluate(() => document.querySelector('.columns, .verdict')?.scrollIntoView());
        await shoot(`${kind} ${zoom} details below`);
      }
      await workbench.closeEditor();
      for (const [zoom, size] of Object.entries(zooms)) {
        await page.setViewportSize(size);
        await shoot(`${kind} ${zoom} facts and tree`);
        if (zoom === '100') {
          await editor.hover(call, 'NewCheckout');
          await shoot(`${kind} ${zoom} hover`);
          await editor.closeHover();
        } else if (process.env.SIGHTGLASS_SCREENS) {
          await page.keyboard.press('Control+b');
          await editor.hover(call, 'NewCheckout');
          await shoot(`${kind} ${zoom} hover`);
          await editor.closeHover();
          await page.keyboard.press('Control+b');
        }
        await command(page, 'Sightglass: Connect Flag System…');
        await page.waitForTimeout(800);
        await shoot(`${kind} ${zoom} connect`);
        await page.keyboard.press('Escape');
      }
    }
  },
};
