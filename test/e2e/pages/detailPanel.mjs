/** @typedef {import('playwright-core').Page} Page @typedef {import('playwright-core').Frame} Frame */

/** The detail panel of a flag: a webview, so a frame inside a frame. */
export class DetailPanel {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {string} key of the flag it must be about @returns {Promise<Frame>} its document, once it has content */
  async frame(key, timeout = 20_000) {
    const end = Date.now() + timeout;
    for (;;) {
      for (const frame of this.page.frames()) {
        const heading = frame.getByRole('heading', { name: key }).first();
        if (frame !== this.page.mainFrame() && (await heading.isVisible().catch(() => false))) return frame;
      }
      if (Date.now() > end) throw new Error(`The detail panel of ${key} did not show within ${timeout / 1000} s`);
      await this.page.waitForTimeout(200);
    }
  }

  /**
   * The row of facts, by label.
   * @param {string} key of the flag @returns {Promise<Record<string, { value: string, detail: string }>>}
   */
  async facts(key) {
    const frame = await this.frame(key);
    await frame.locator('.facts .fact:not(.skeleton) .value').first().waitFor();
    const facts = await frame
      .locator('.facts .fact:not(.skeleton)')
      .evaluateAll((rows) =>
        rows.map((row) => ['dt', '.value', '.detail'].map((part) => row.querySelector(part)?.textContent ?? '')),
      );
    return Object.fromEntries(facts.map(([label, value, detail]) => [label, { value, detail }]));
  }
}
