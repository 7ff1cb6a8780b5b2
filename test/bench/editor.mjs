// What a person waits for in VS Code itself (its server, driven by Chromium): activation, typing with and without
// telemetry pouring in, and the time from a failing request to the changed fact on the screen. The peer of each figure
// is the same thing without the cause: typing without telemetry; the SDK's own export delay is not in it.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { takeJourney } from '../e2e/journey.mjs';
import { sendOrders } from '../e2e/telemetrySender.mjs';
import { findChromium, launchChromium } from '../host/chromium.mjs';
import { startSender } from './otlpSender.mjs';
import { median, quantile } from './workerRpc.mjs';

const call = 'flags.getBooleanValue(Flag.NewCheckout';
const orders = { route: '/orders', flag: 'new-checkout' };

/** Resolves in the page when the text of the line that holds `code` differs from what it is now. */
const nextChange = (page, code) =>
  page.evaluate(
    (wanted) =>
      new Promise((resolve) => {
        const text = () =>
          [...document.querySelectorAll('.editor-instance .view-line')]
            .map((line) => line.textContent.replaceAll('\u00a0', ' '))
            .find((line) => line.includes(wanted));
        const before = text();
        setTimeout(() => resolve(null), 10_000);
        const look = () => {
          const now = text();
          if (now !== undefined && now !== before) {
            observer.disconnect();
            resolve(Date.now());
          }
        };
        const observer = new MutationObserver(look);
        observer.observe(document.querySelector('.editor-instance'), {
          subtree: true,
          childList: true,
          characterData: true,
        });
      }),
    code,
  );

async function typingDelays(page, strokes) {
  const delays = [];
  for (let stroke = 0; stroke < strokes; stroke++) {
    const shown = page.evaluate(
      () =>
        new Promise((resolve) => {
          let pressed = 0;
          setTimeout(() => resolve(null), 3000);
          addEventListener('keydown', () => (pressed = performance.now()), { capture: true, once: true });
          const observer = new MutationObserver(() => {
            if (pressed === 0) return;
            observer.disconnect();
            resolve(performance.now() - pressed);
          });
          observer.observe(document.querySelector('.editor-instance .view-lines'), {
            subtree: true,
            childList: true,
            characterData: true,
          });
        }),
    );
    await page.waitForTimeout(40);
    await page.keyboard.press(stroke % 8 === 7 ? 'Space' : 'x');
    const delay = await shown;
    // A key that VS Code swallowed (a widget took it) tells nothing of typing.
    if (delay !== null) delays.push(delay);
  }
  return delays;
}

export async function run({ root, figure }) {
  if (!findChromium() || !existsSync(join(root, '.cache/vscode/1.139.1/.ok'))) {
    figure('skipped', 'needs Chromium and VS Code server 1.139.1 (node test/host/vscodeServer.mjs 1.139.1)');
    return;
  }
  const suite = spawnSync(process.execPath, ['test/host/launch.mjs', '--version', '1.139.1', '--grep', 'activation'], {
    cwd: root,
    encoding: 'utf8',
  });
  const activation = /activates in ([\d.]+) ms/.exec(suite.stdout)?.[1];
  figure('synchronous activation', activation === undefined ? 'not told' : `${activation} ms`, 'under 30 ms');
  const browser = await launchChromium();
  try {
    await takeJourney(browser, {
      journey: async (at) => {
        await at.open('checkout/orders.ts', 23);
        await at.editor.waitForFact(call, /no traffic/);
        await sendOrders(at.receiverPort, { ...orders, variant: 'off', calls: 1000, errors: 5 });
        await sendOrders(at.receiverPort, { ...orders, variant: 'on', calls: 200, errors: 2 });
        await at.editor.waitForFact(call, /err/);
        const reactions = [];
        for (let round = 0; round < 20; round++) {
          await at.page.waitForTimeout(1500);
          const changed = nextChange(at.page, call);
          const sent = Date.now();
          await sendOrders(at.receiverPort, {
            ...orders,
            variant: 'on',
            calls: 60 + 30 * round,
            errors: round % 2 === 0 ? 60 + 30 * round : 0,
          });
          // Numbers that round to the same words change nothing on the screen.
          const shown = await changed;
          if (shown !== null) reactions.push(shown - sent);
        }
        figure(
          'failing request to changed fact on screen, p50 / p95',
          `${median(reactions)} / ${quantile(reactions, 0.95)} ms`,
          'p95 2000 ms',
        );

        await at.page.locator('.editor-instance .view-line').filter({ hasText: 'let' }).first().click();
        await at.page.keyboard.press('End');
        await at.page.keyboard.type(' // ');
        await typingDelays(at.page, 20);
        const quiet = await typingDelays(at.page, 120);
        const sender = startSender();
        await sender.prepare({ encoding: 'protobuf', count: 20, spans: 1000, operations: 200 });
        const sending = sender.send({ port: at.receiverPort, requests: 20 * 20, lanes: 2, perSecond: 20 });
        await at.page.waitForTimeout(3000);
        const loaded = await typingDelays(at.page, 120);
        await sending;
        sender.stop();
        figure(
          'key to screen, p50 / p99, no telemetry',
          `${median(quiet).toFixed(1)} / ${quantile(quiet, 0.99).toFixed(1)} ms`,
        );
        figure(
          'key to screen, p50 / p99, 20k spans/s coming in',
          `${median(loaded).toFixed(1)} / ${quantile(loaded, 0.99).toFixed(1)} ms`,
        );
        figure('with telemetry / without, p50', `${(median(loaded) / median(quiet)).toFixed(2)}x`, 'unchanged');
      },
    });
  } finally {
    await browser.close();
  }
}
