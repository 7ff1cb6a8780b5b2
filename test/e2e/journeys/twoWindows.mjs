import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whenever } from '../../demo/steps/whenever.mjs';
import { sendOrders } from '../telemetrySender.mjs';

const cli = join(dirname(fileURLToPath(import.meta.url)), '../../../dist/cli.js');
const call = 'flags.getBooleanValue(Flag.NewCheckout';
const orders = { route: '/orders', flag: 'new-checkout' };
/** DESIGN.md: the others take over, and lose no more of what was received. */
const lostAtMostMs = 5_000;

/**
 * What `sightglass status` says of each side.
 * @param {{ workspace: string, home: string }} at @returns {Record<string, { calls: number, errors: number }>}
 */
function statusOnCommandLine({ workspace, home }) {
  const { stdout, stderr } = spawnSync(process.execPath, [cli, 'status', 'new-checkout', '--json'], {
    cwd: workspace,
    encoding: 'utf8',
    env: { ...process.env, SIGHTGLASS_HOME: home },
  });
  assert.notEqual(stdout, '', stderr);
  const { telemetry } = JSON.parse(stdout).environments[0];
  assert.equal(telemetry.state, 'ok', telemetry.reason);
  const { arms } = telemetry.facts.flags.find(({ key }) => key === 'new-checkout');
  return Object.fromEntries(arms.map(({ variant, totals: { calls, errors } }) => [variant, { calls, errors }]));
}

/** What a window's hover says of them. */
async function statusIn({ editor }) {
  const hover = await editor.hover(call, 'NewCheckout');
  const { requests, words } = await hover.row('production');
  await editor.closeHover();
  return { requests, words };
}

/** @param {number} port @returns {Promise<boolean>} whether somebody holds the store there */
const holds = (port) =>
  fetch(`http://127.0.0.1:${port}/sightglass/v1/hello`).then(
    ({ ok }) => ok,
    () => false,
  );

/** One machine, two windows and a command line: one store, one journal. */
export const journeys = {
  async 'two windows and the command line: one number, one change, and another owner when the first is killed'(first) {
    const { workspace, home, receiverPort, flagFile } = first;
    await first.open('checkout/orders.ts', '23:62');
    await first.editor.waitForFact(call, /no traffic/);
    const second = await first.anotherWindow();
    await second.open('checkout/orders.ts', '23:62');
    await second.editor.waitForFact(call, /no traffic/);

    await sendOrders(receiverPort, { ...orders, variant: 'on', calls: 200, errors: 14, milliseconds: 400 });
    await sendOrders(receiverPort, { ...orders, variant: 'off', calls: 600, errors: 3, milliseconds: 180 });
    const shown = await first.editor.waitForFact(call, /err|▲/);
    assert.equal(await second.editor.waitForFact(call, /err|▲/), shown);
    const asked = statusOnCommandLine({ workspace, home });
    assert.deepEqual(asked, { on: { calls: 200, errors: 14 }, off: { calls: 600, errors: 3 } });
    for (const window of [first, second]) assert.deepEqual((await statusIn(window)).requests, [200, 600]);

    // Both are asked, then both say yes.
    for (const { page, workbench } of [first, second]) {
      await page.keyboard.press('Control+Alt+g');
      await page.keyboard.press('k');
      await workbench.dialog.waitFor();
    }
    const written = [];
    let inode = statSync(flagFile).ino;
    const watching = setInterval(() => {
      const now = statSync(flagFile, { throwIfNoEntry: false })?.ino ?? inode;
      if (now !== inode) written.push(now);
      inode = now;
    }, 2);
    await Promise.all([first, second].map(({ page }) => page.keyboard.press('Enter')));
    for (const { editor, workbench } of [first, second]) {
      await workbench.dialog.waitFor({ state: 'hidden' });
      await editor.waitForFact(call, /^off prod/);
    }
    clearInterval(watching);
    assert.equal(written.length, 1, 'the file was replaced once');
    assert.equal(JSON.parse(readFileSync(flagFile, 'utf8')).flags['new-checkout'].defaultVariant, 'off');
    const entries = readdirSync(join(home, 'journal')).filter((name) => name.endsWith('.json'));
    assert.equal(entries.length, 1, 'it stands in the journal once');

    await first.page.waitForTimeout(lostAtMostMs);
    const kept = statusOnCommandLine({ workspace, home });
    // These come too late to be surely on disk.
    await sendOrders(receiverPort, { ...orders, variant: 'off', calls: 10 });
    const killed = performance.now();
    first.server.kill();
    await whenever(() => holds(receiverPort), { what: 'another owner of the store', seconds: 15 });
    const tookMs = performance.now() - killed;
    assert.ok(tookMs <= lostAtMostMs, `the second window took the store over after ${(tookMs / 1000).toFixed(1)} s`);
    await whenever(
      () => {
        const { on, off } = statusOnCommandLine({ workspace, home });
        return on.calls >= kept.on.calls && off.calls >= kept.off.calls;
      },
      { what: 'what was received before', seconds: 10, everyMs: 200 },
    );
    const later = statusOnCommandLine({ workspace, home });
    await sendOrders(receiverPort, { ...orders, variant: 'off', calls: 25 });
    await whenever(() => statusOnCommandLine({ workspace, home }).off.calls === later.off.calls + 25, {
      what: 'what is received since',
      seconds: 10,
      everyMs: 200,
    });
    await whenever(async () => (await statusIn(second)).words.includes(`${later.off.calls + 25}`), {
      what: 'the same number in the window',
      seconds: 20,
      everyMs: 500,
    });
    console.log(`  the store has another owner ${(tookMs / 1000).toFixed(1)} s after the first was killed`);
  },
};
