import { whenever } from '../../demo/steps/whenever.mjs';
import { escaped } from './workbench.mjs';

/** @typedef {import('playwright-core').Page} Page @typedef {import('playwright-core').Locator} Locator */

/** The Flags view of the sidebar. */
export class FlagsView {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.tree = page.getByRole('tree', { name: /^Flags/ });
  }

  /** @param {string} key @returns {Locator} the first item of the flag; a flag may stand in several sections */
  item(key) {
    return this.tree
      .getByRole('treeitem')
      .filter({ has: this.page.locator('.label-name', { hasText: new RegExp(`^${escaped(key)}$`) }) })
      .first();
  }

  /** What stands beside the flag's name. @param {string} key @returns {Promise<string>} */
  async description(key) {
    const texts = await this.item(key).locator('.label-description').allInnerTexts();
    return texts.join(' ').replaceAll('\u00a0', ' ').trim();
  }

  /** Waits until what stands beside the flag's name is like `pattern`. @param {string} key @param {RegExp} pattern */
  waitForFact(key, pattern) {
    return whenever(async () => pattern.test(await this.description(key)), {
      what: `${pattern} at ${key}`,
      seconds: 30,
    });
  }

  /** Presses the action that stands in the flag's row. @param {string} key @param {string} action e.g. `Kill Flag…` */
  async act(key, action) {
    const item = this.item(key);
    await item.hover();
    await item.getByRole('button', { name: new RegExp(`^${escaped(action)}`) }).click();
  }

  /** Opens the flag's details, as a click on its row does. @param {string} key */
  async open(key) {
    await this.item(key).locator('.label-name').click();
  }

  /** @returns {Promise<string[]>} what a screen reader is told of each row */
  async labels() {
    return this.tree
      .getByRole('treeitem')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
  }
}

/** The Journal view, in the same container. */
export class JournalView {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.tree = page.getByRole('tree', { name: /^Journal/ });
  }

  /** Unfolds the view if it is folded. */
  async open() {
    const header = this.page.locator('.pane-header').filter({ hasText: /^Journal/ });
    await header.waitFor();
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
    await this.tree.waitFor();
  }

  /** @returns {Promise<string[]>} newest first */
  async rows() {
    const rows = await this.tree
      .getByRole('treeitem')
      .evaluateAll((items) =>
        items.map((item) => ['.label-name', '.label-description'].map((part) => item.querySelector(part)?.textContent)),
      );
    return rows.map((parts) => parts.join(' · ').replaceAll('\u00a0', ' '));
  }
}
