/** @typedef {import('playwright-core').Page} Page @typedef {import('playwright-core').Locator} Locator */

/** VS Code's own frame: palette, dialogs, views, themes. Found by role and name, as a person with a screen reader would. */
export class Workbench {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** Opens the address and waits until the first editor shows text. @param {string} address */
  async open(address) {
    await this.page.goto(address);
    await this.page.locator('.monaco-workbench .view-line').first().waitFor({ timeout: 90_000 });
  }

  /**
   * Runs a command by its full title, `Preferences: Color Theme`.
   * @param {string} title
   */
  async run(title) {
    const { page } = this;
    for (let attempt = 1; ; attempt++) {
      await page.keyboard.press('F1');
      const input = page.locator('.quick-input-widget input[type="text"]').first();
      try {
        await input.fill(`>${title}`, { timeout: 8_000 });
        await page
          .getByRole('option', { name: new RegExp(`^${escaped(title)}(,|$)`) })
          .first()
          .click({ timeout: 8_000 });
        return;
      } catch (error) {
        // What is still loading takes the focus, and with it the palette, away; commands come with their extension.
        if (attempt === 4) throw error;
        await page.keyboard.press('Escape');
      }
    }
  }

  /** Types into the open quick input and takes the row that starts with `label`. @param {string} text @param {string} [label] */
  async pick(text, label = text) {
    const input = this.page.locator('.quick-input-widget input[type="text"]').first();
    await input.waitFor();
    await input.fill(text);
    await this.page
      .getByRole('option', { name: new RegExp(`^${escaped(label)}`) })
      .first()
      .click();
  }

  /** Types into the input box that is open, and accepts it. @param {string} text */
  async answer(text) {
    const input = this.page.locator('.quick-input-widget input[type="text"]').first();
    await input.waitFor();
    await input.fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** @param {string} file a name that one file of the workspace has @param {number} [line] 1-based */
  async openFile(file, line = 1) {
    const { page } = this;
    await page.keyboard.press('Control+p');
    const input = page.locator('.quick-input-widget input[type="text"]').first();
    await input.waitFor();
    await input.fill(`${file}:${line}`);
    const name = file.split('/').at(-1) ?? file;
    await page
      .getByRole('option', { name: new RegExp(`^${escaped(name)}`) })
      .first()
      .click();
    await page.getByRole('tab', { name: new RegExp(`^${escaped(name)}`), selected: true }).waitFor();
  }

  /** @param {string} label as the theme picker names it */
  async setTheme(label) {
    await this.page.keyboard.press('Control+k');
    await this.page.keyboard.press('Control+t');
    await this.pick(label);
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Shows a view container of the activity bar, if it is not shown already. @param {string} name */
  async openContainer(name) {
    const tab = this.page.getByRole('tab', { name: new RegExp(`^${escaped(name)}`) }).first();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    await this.page.locator('.sidebar .composite.title').getByText(name, { exact: false }).first().waitFor();
  }

  /** VS Code's own modal. @returns {Locator} */
  get dialog() {
    return this.page.getByRole('dialog').filter({ has: this.page.locator('.dialog-buttons') });
  }

  /** Texts of what popped up, for tests that nothing did. @returns {Promise<string[]>} */
  notifications() {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  get sideBar() {
    return this.page.locator('.part.sidebar');
  }

  /** Drags the side bar's edge. @param {number} width */
  async widenSideBar(width) {
    const box = await this.sideBar.boundingBox();
    if (!box) throw new Error('The side bar is not shown');
    const { mouse } = this.page;
    const edge = box.x + box.width;
    await mouse.move(edge + 1, box.y + box.height / 2);
    // The edge takes a moment to be an edge.
    await this.page.waitForTimeout(400);
    await mouse.down();
    await mouse.move(box.x + width, box.y + box.height / 2, { steps: 5 });
    await mouse.up();
  }

  /** Closes the active editor. */
  async closeEditor() {
    await this.run('View: Close Editor');
  }

  /** @param {string} path @param {Locator} [of] a part of the screen instead of the whole */
  async screenshot(path, of) {
    const options = /** @type {const} */ ({ path, animations: 'disabled', caret: 'hide' });
    await (of ? of.screenshot(options) : this.page.screenshot(options));
  }
}

/** @param {string} text @returns {string} as a pattern that matches it */
export function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
