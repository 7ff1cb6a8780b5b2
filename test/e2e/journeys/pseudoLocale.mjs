import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { whenever } from '../../demo/steps/whenever.mjs';
import { untranslated } from '../../pseudoLanguage.mjs';
import { cutTexts } from '../pages/webviewChecks.mjs';
import { chord } from '../pages/keyboard.mjs';
import { sendRegression } from '../telemetrySender.mjs';

const call = 'flags.getBooleanValue(Flag.NewCheckout';
const orders = { route: '/orders', flag: 'new-checkout' };

const file = new URL('../../demo/shop/flags/prod.flagd.json', import.meta.url);
const { flags: definitions } = JSON.parse(readFileSync(file, 'utf8'));

/** What stands on our surfaces and is not ours to translate: names of the shop, units as Intl writes them, ourselves. */
const data = [
  ...Object.keys(definitions),
  ...Object.values(definitions).flatMap(({ metadata }) => Object.values(metadata ?? {}).map(String)),
  /\b[\w./-]+\.(ts|json)(:\d+)?/g,
  /"[\w-]+"/g,
  /\b(POST|GET) \/[\w/:]*/g,
  /\b(ms|s|Sek|Min)\b/g,
  /\b(Sightglass|production|targetingKey|checkout|shop|flags)\b/g,
  /http\.route/g,
];

/** Gathers what of each text was not translated: one look tells of all. */
class Untranslated {
  /** @type {string[]} */
  found = [];

  /** @param {string} where @param {string} text @param {readonly (string | RegExp)[]} [more] names from outside in this text */
  look(where, text, more = []) {
    const left = untranslated(text.replaceAll('\u00a0', ' '), [...more, ...data]);
    if (left.length > 0) this.found.push(`${where}: ${left.join(' ')} (in: ${text})`);
  }
}

/** Taken by CI in a stage of its own, not by `npm test`. */
export const long = true;

export const journeys = {
  'in a language nobody speaks: every word of ours is translated, numbers too, and nothing is cut': {
    language: 'de',
    async take(at) {
      const { page, editor, flags, workbench, detail, receiverPort } = at;
      const words = new Untranslated();
      await at.open('checkout/orders.ts', '23:62');
      await editor.waitForFact(call, /^25 % ［/);
      await sendRegression(receiverPort, orders);
      const fact = await editor.waitForFact(call, /▲/);
      assert.ok(fact.length <= 43, `${fact} is ${fact.length} units long`);
      words.look('the inline fact', fact);

      await whenever(async () => (await editor.lenses()).some((text) => /p95|þ95/.test(text)), {
        what: 'a lens',
        seconds: 20,
      });
      for (const lens of await editor.lenses()) words.look('a lens', lens);
      const item = page.locator('.statusbar-item').filter({ hasText: /15/ }).first();
      words.look('the status bar', await item.innerText());
      words.look(
        'the status bar to a screen reader',
        (await item.locator('[aria-label]').first().getAttribute('aria-label')) ?? '',
      );

      const hover = await editor.hover(call, 'NewCheckout');
      const card = await hover.text();
      assert.match(card, /12\s% \/ 0,67\s%/, 'a decimal comma, as the display language has it');
      // VS Code's own hover of the name stands below ours.
      words.look('the hover', card.split('getBooleanValue')[0] ?? card, [
        /\(enum member\)[^]*$/g,
        /Flag\.NewCheckout[^]*$/g,
      ]);
      await editor.closeHover();

      await workbench.openContainer('Sightglass');
      // Its name is translated too.
      flags.tree = workbench.sideBar.getByRole('tree').first();
      await flags.item('new-checkout').waitFor();
      const views = page.locator('.part.sidebar .pane-header');
      for (const title of await views.locator('h3').allInnerTexts()) words.look('a view', title);
      const labels = await page
        .locator('.part.sidebar [role="treeitem"]')
        .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
      assert.ok(labels.length > 3);
      for (const label of labels) words.look('a row of the Flags view', label);
      await flags.item('new-checkout').hover();
      for (const name of await flags
        .item('new-checkout')
        .getByRole('button')
        .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''))) {
        words.look('an action of a flag', name);
      }

      await flags.open('new-checkout');
      const frame = await detail.frame('new-checkout');
      await frame.locator('.facts .fact:not(.skeleton) .value').first().waitFor();
      for (const text of await panelTexts(frame)) words.look('the detail panel', text);
      assert.deepEqual(await cutTexts(frame), [], 'nothing in the detail panel is cut');

      await page.keyboard.press('Control+1');
      await page.keyboard.press('F1');
      const input = page.locator('.quick-input-widget input[type="text"]').first();
      await input.waitFor();
      await input.fill('>Sightglass');
      const commands = page.getByRole('option').filter({ hasText: 'Sightglass' });
      await commands.first().waitFor();
      // Below the title VS Code shows the English one, for those who learnt that.
      const titles = await commands.evaluateAll((rows) =>
        rows.map((row) => row.querySelector('.label-name')?.textContent),
      );
      assert.ok(titles.length > 5);
      for (const title of titles) words.look('a command', title ?? '');
      await page.keyboard.press('Escape');

      await editor.line(call).first().click();
      await whenever(
        async () => {
          await page.keyboard.press('Control+1');
          await page.waitForTimeout(500);
          return page.locator('.editor-instance .monaco-editor.focused').isVisible();
        },
        { what: 'the focus in the code', seconds: 15 },
      );
      await chord(page, 'k');
      await whenever(
        async () =>
          (await workbench.dialog.isVisible()) ||
          (await page
            .getByRole('option', { name: /new-checkout/ })
            .first()
            .isVisible()),
        { what: 'the question', seconds: 20 },
      );
      if (!(await workbench.dialog.isVisible())) await page.keyboard.press('Enter');
      await workbench.dialog.waitFor();
      words.look('the modal', await workbench.dialog.innerText(), [/\bCancel\b/g, /Do not ask me again/g]);
      await page.keyboard.press('Escape');
      await workbench.dialog.waitFor({ state: 'hidden' });
      assert.deepEqual(words.found, []);
    },
  },
};

/** Every text and label of the panel but code. @param {import('playwright-core').Frame} frame @returns {Promise<string[]>} */
function panelTexts(frame) {
  return frame.locator('#panel').evaluate((panel) => {
    const walker = document.createTreeWalker(panel, window.NodeFilter.SHOW_TEXT);
    const texts = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.parentElement?.closest('code')) texts.push(node.textContent ?? '');
    }
    const labelled = [...panel.querySelectorAll('[aria-label], [title]')];
    return [...texts, ...labelled.map((one) => one.getAttribute('aria-label') ?? one.getAttribute('title') ?? '')];
  });
}
