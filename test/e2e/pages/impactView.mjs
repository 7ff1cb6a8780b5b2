/** @typedef {import('playwright-core').Page} Page @typedef {import('playwright-core').Locator} Locator */

/** The Production Impact view, in the sidebar's container. */
export class ImpactView {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.pane = page.locator('.pane').filter({ has: page.locator('.pane-header', { hasText: /^Production Impact/ }) });
    this.tree = page.getByRole('tree', { name: /^Production Impact/ });
  }

  /** Unfolds the view if it is folded. */
  async open() {
    const header = this.pane.locator('.pane-header');
    await header.waitFor();
    if ((await header.getAttribute('aria-expanded')) === 'false') await header.click();
  }

  /** @param {string | RegExp} name as a screen reader is told of it @returns {Locator} */
  row(name) {
    return this.tree.getByRole('treeitem', { name }).first();
  }
}
