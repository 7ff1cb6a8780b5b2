import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { whenever } from '../../demo/steps/whenever.mjs';
import { cameBack, forger, placeForgeries } from '../forgeries.mjs';
import { sendOrders } from '../telemetrySender.mjs';

const call = 'flags.getBooleanValue(Flag.NewCheckout';
const orders = { route: '/orders', flag: 'new-checkout' };

/** @param {number} port */
const answers = (port) =>
  fetch(`http://127.0.0.1:${port}/sightglass/v1/hello`).then(
    () => true,
    () => false,
  );

/** The configuration names a server, which counts who asks it. */
async function otherServer({ workspace }) {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.end('{"flags":{}}');
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const file = join(workspace, '.sightglass.json');
  const configuration = JSON.parse(readFileSync(file, 'utf8').replace(/^\s*\/\/.*$/gm, ''));
  const source = [`http://127.0.0.1:${server.address().port}/flags.json`];
  const environments = [{ name: 'staging', kind: 'live', source }];
  configuration.systems[0].projects.push({ name: 'other', folders: ['payments'], environments });
  writeFileSync(file, JSON.stringify(configuration));
  return { requests: () => requests };
}

/** What a folder that nobody trusts may do, and what trusting it gives. */
export const journeys = {
  'not trusted: files are read, nothing is written or asked; trusted: the sidebar kills the flag': {
    trust: true,
    strangers: { forger },
    prepare: otherServer,
    async take(at) {
      const { page, editor, workbench, flags, journal, flagFile, receiverPort, home, workspace } = at;
      const commands = placeForgeries(workspace);
      const before = readFileSync(flagFile, 'utf8');
      const entries = () =>
        existsSync(join(home, 'journal'))
          ? readdirSync(join(home, 'journal')).filter((name) => name.endsWith('.json'))
          : [];
      await at.open('checkout/orders.ts', '23:62');
      // Its files are read like any text, and what stands beside the code is of the file alone.
      await editor.waitForFact(call, /^25% prod$/);
      await workbench.openContainer('Sightglass');
      await flags.waitForFact('new-checkout', /^25% prod$/);
      assert.equal(await answers(receiverPort), false, 'nobody listens for telemetry');
      assert.equal(existsSync(join(home, 'receiver.json')), false);

      // Neither what stands in its row, nor a key, nor another extension gets further than a word on trust.
      await flags.item('new-checkout').hover();
      const offered = flags.item('new-checkout').getByRole('button', { name: /Turn Flag|Set Percentage/ });
      for (const button of await offered.all()) await button.click({ force: true });
      await page.keyboard.press('Control+1');
      await page.keyboard.press('Control+Alt+g');
      await page.keyboard.press('k');
      await page.keyboard.press('Escape');
      await workbench.run('Forger: Run All');
      await whenever(() => cameBack(workspace).length === commands.length, {
        what: 'an end to all forged commands',
        seconds: 30,
        everyMs: 200,
      });
      assert.equal(await workbench.dialog.count(), 0, 'nothing is asked that could be given a yes');
      assert.equal(readFileSync(flagFile, 'utf8'), before);
      assert.deepEqual(entries(), []);
      assert.equal(at.prepared.requests(), 0, 'the server that its configuration names is not asked');

      await page.locator('.statusbar-item').filter({ hasText: 'Restricted Mode' }).first().click();
      await page.getByRole('button', { name: 'Trust', exact: true }).first().click();
      await page.getByText('You trust this folder').first().waitFor();
      await workbench.closeEditor();
      await editor.waitForFact(call, /^25% prod · no traffic · \d+m$/);
      await whenever(() => answers(receiverPort), { what: 'the receiver', seconds: 15, everyMs: 200 });
      await sendOrders(receiverPort, { ...orders, variant: 'on', calls: 200, errors: 14, milliseconds: 400 });
      await sendOrders(receiverPort, { ...orders, variant: 'off', calls: 600, errors: 3, milliseconds: 180 });
      await editor.waitForFact(call, /err|▲/);

      await flags.act('new-checkout', 'Turn Flag On or Off');
      await workbench.dialog.waitFor();
      assert.match(await workbench.dialog.innerText(), /Turn off "new-checkout" in production\?/);
      assert.equal(readFileSync(flagFile, 'utf8'), before, 'nothing is written before the yes');
      await workbench.dialog.getByRole('button', { name: 'Turn off', exact: true }).click();
      const written = () => JSON.parse(readFileSync(flagFile, 'utf8')).flags['new-checkout'];
      await whenever(() => written().targeting === undefined, { what: 'the change in the file', seconds: 15 });
      assert.equal(written().defaultVariant, 'off');
      await editor.waitForFact(call, /^off prod/);
      await journal.open();
      await whenever(async () => (await journal.rows()).length === 1, { what: 'its entry', seconds: 10, everyMs: 200 });
      assert.match((await journal.rows())[0] ?? '', /new-checkout.*off.*production/);
      const consent = () => JSON.parse(readFileSync(join(home, 'journal', entries()[0] ?? ''), 'utf8')).consent;
      assert.equal(consent().through, 'sidebar');
      assert.equal(entries().length, 1);

      const row = journal.tree.getByRole('treeitem').first();
      await row.hover();
      await row.getByRole('button', { name: 'Add Reason' }).click();
      await workbench.answer('the bank is down');
      await whenever(() => consent().reason === 'the bank is down', { what: 'the reason', seconds: 10 });
    },
  },
};
