import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { whenever } from '../../demo/steps/whenever.mjs';
import { cameBack, claimed, forger, placeForgeries } from '../forgeries.mjs';

const call = 'flags.getBooleanValue(Flag.NewCheckout';

/** @param {string} home */
const entries = (home) =>
  existsSync(join(home, 'journal')) ? readdirSync(join(home, 'journal')).filter((name) => name.endsWith('.json')) : [];

/** Others may call, link and post; only a person at VS Code's own question changes something. */
export const journeys = {
  'forged: by another extension, by links, by messages of a page': {
    strangers: { forger },
    async take(at) {
      const { page, editor, workbench, detail, flags, flagFile, workspace, home } = at;
      const commands = placeForgeries(workspace);
      const files = () => [flagFile, join(workspace, '.sightglass.json')].map((file) => readFileSync(file, 'utf8'));
      const before = files();
      const untouched = (what) => {
        assert.deepEqual(files(), before, `${what} changed a file`);
        assert.deepEqual(entries(home), [], `${what} left an entry in the journal`);
      };
      const dismiss = async (what, title) => {
        await workbench.dialog.waitFor();
        assert.match(await workbench.dialog.innerText(), title);
        untouched(what);
        await page.keyboard.press('Escape');
        await workbench.dialog.waitFor({ state: 'hidden' });
        untouched(`${what}, dismissed,`);
      };
      await page.addInitScript(keepApi);
      await at.open('checkout/orders.ts', '23:62');
      await editor.waitForFact(call, /^25% prod/);

      // The page of our own panel, taken over by a script: it can say whatever it likes, and names nothing.
      await workbench.openContainer('Sightglass');
      await flags.open('new-checkout');
      const frame = await detail.frame('new-checkout');
      await frame.evaluate(postForgeries, claimed);
      await page.waitForTimeout(2_000);
      assert.equal(await workbench.dialog.count(), 0, 'no message of the page asks for more than it was offered');
      untouched('a forged message');
      // One that it was offered is asked about, with whatever else it claims.
      await frame.evaluate(postOffered, claimed);
      await dismiss('an offered act with consent', /new-checkout.*production\?/);
      await workbench.closeEditor();

      // A link in a hover of another extension, trusted by it, clicked by a person.
      await page.keyboard.press('Control+1');
      const link = page.locator('.monaco-hover a', { hasText: 'Read the manual' });
      await editor.hover(call, 'NewCheckout');
      await link.first().click();
      await dismiss('a link in a hover', /Kill "new-checkout" in production\?/);

      // A link in a page of another extension.
      await workbench.run('Forger: Open Page');
      const more = await whenLinkIsThere(page);
      await more.click();
      await dismiss('a link in a page', /Turn off "new-checkout" in production\?/);

      // Every command that writes, called by another extension.
      await workbench.run('Forger: Run All');
      let modals = 0;
      await whenever(
        async () => {
          const input = page.locator('.quick-input-widget input[type="text"]').first();
          if (await workbench.dialog.isVisible()) {
            modals += 1;
            untouched('a forged command');
            await page.keyboard.press('Escape');
            await workbench.dialog.waitFor({ state: 'hidden' });
          } else if (await input.isVisible()) await page.keyboard.press('Escape');
          return cameBack(workspace).length === commands.length;
        },
        { what: 'an end to all forged commands', seconds: 60, everyMs: 300 },
      );
      untouched('a forged command');
      assert.ok(modals >= 2, `kill and toggle ask in a modal; ${modals} were seen`);
      assert.deepEqual(
        cameBack(workspace).map(({ command }) => command),
        commands,
      );
    },
  },
};

/** Runs in every frame before its own scripts: a script that got into our page would have its API, so keep it. */
function keepApi() {
  let given;
  Object.defineProperty(globalThis, 'acquireVsCodeApi', {
    configurable: true,
    get: () => given && (() => (globalThis.keptApi = { ...given() })),
    set: (value) => {
      given = value;
    },
  });
}

/** In the panel's frame. */
function postForgeries(claimed) {
  const { ref, environment } = claimed;
  const forgeries = [
    { type: 'act', requestId: 1, action: 'kill' },
    { type: 'act', requestId: 2, action: 'sightglass.killFlag', argument: { ref, environment } },
    { type: 'act', requestId: 3, action: { kind: 'kill', ref, environment } },
    { type: 'act', requestId: -1, action: '__proto__' },
    { type: 'act', requestId: 4, action: 'x'.repeat(100_000) },
    { type: 'command', command: 'sightglass.killFlag', arguments: [claimed] },
    { type: 'consent', requestId: 5, ...claimed },
    { type: 'chooseEnvironment', requestId: 6, environment: 'forged', ...claimed },
    { type: 'undo', requestId: 7, changeId: '../../journal' },
    [claimed],
    'kill',
    null,
  ];
  for (const forgery of forgeries) globalThis.keptApi.postMessage(forgery);
}

/** In the panel's frame: the first action it was offered that turns something off, as the panel itself would send it. */
function postOffered(claimed) {
  const post = globalThis.keptApi.postMessage;
  const button = [...document.querySelectorAll('button, sg-button, [role="button"]')].find(
    ({ textContent }) => textContent?.trim() === 'Turn off',
  );
  let sent = false;
  globalThis.keptApi.postMessage = (message) => {
    sent = true;
    return post.call(globalThis.keptApi, { ...message, ...claimed, type: message.type, action: message.action });
  };
  button?.click();
  globalThis.keptApi.postMessage = post;
  if (!sent) throw new Error('the panel sent nothing for its own button');
}

/** @param {import('playwright-core').Page} page */
async function whenLinkIsThere(page) {
  let found;
  await whenever(
    async () => {
      for (const frame of page.frames()) {
        const link = frame.getByRole('link', { name: 'More', exact: true });
        if (frame !== page.mainFrame() && (await link.isVisible().catch(() => false))) found = link;
      }
      return found !== undefined;
    },
    { what: 'the page of the other extension', seconds: 20, everyMs: 200 },
  );
  return found;
}
