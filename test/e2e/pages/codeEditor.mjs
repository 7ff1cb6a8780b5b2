import { readPair } from './figures.mjs';

/** @typedef {import('playwright-core').Page} Page @typedef {import('playwright-core').Locator} Locator */

/** The active text editor: its lines with what stands in and above them, and the hover. */
export class CodeEditor {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {string} code text that the line holds, as written @returns {Locator} */
  line(code) {
    // Monaco draws spaces as no-break spaces.
    const text = code.split(' ').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return this.page.locator('.editor-instance .view-line').filter({ hasText: new RegExp(text.join('[ \\u00a0]')) });
  }

  /**
   * What is shown on a line beyond the code itself: its inline fact.
   * @param {string} code the line's own text, or its end @returns {Promise<string>} empty when there is none
   */
  async inlineFact(code) {
    const hints = await this.line(code).first().locator('span[class*="dyn-rule"], span[class*="ced-"]').allInnerTexts();
    return hints.join('').replaceAll('\u00a0', ' ').trim();
  }

  /**
   * Waits until the inline fact of a line is like `pattern`.
   * @param {string} code @param {RegExp} pattern @param {number} [seconds]
   */
  async waitForFact(code, pattern, seconds = 60) {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const fact = await this.inlineFact(code);
      if (pattern.test(fact)) return fact;
      if (Date.now() > end)
        throw new Error(`No fact like ${pattern} beside "${code}" within ${seconds} s; it is "${fact}"`);
      await this.page.waitForTimeout(100);
    }
  }

  /**
   * The hover over a name, opened by keyboard at it.
   * @param {string} code the line @param {string} name inside the line
   */
  async hover(code, name) {
    const card = new HoverCard(
      this.page.locator('.monaco-hover:not(.hidden)').filter({ has: this.page.locator('table') }),
    );
    // A line is drawn anew whenever its fact changes: what was found of it a moment ago may be gone.
    for (let tries = 1; ; tries++) {
      try {
        await this.page.keyboard.press('Escape');
        await this.#clickOn(code, name);
        await this.page.keyboard.press('Control+k');
        await this.page.keyboard.press('Control+i');
        await card.root.first().waitFor({ timeout: 5000 });
        return card;
      } catch (error) {
        if (tries === 5) throw error;
        await this.page.waitForTimeout(500);
      }
    }
  }

  /** @param {string} code @param {string} name */
  async #clickOn(code, name) {
    const span = this.line(code).first().locator('span').filter({ hasText: name }).last();
    const text = (await span.innerText({ timeout: 2000 })).replaceAll('\u00a0', ' ');
    const box = await span.boundingBox({ timeout: 2000 });
    if (!box) throw new Error(`"${name}" of the line "${code}" is not on the screen`);
    // The name may be the end of a longer token: `Flag.NewCheckout, `.
    const middle = (text.indexOf(name) + name.length / 2) / text.length;
    await this.page.mouse.click(box.x + box.width * middle, box.y + box.height / 2);
  }

  /** Puts the hover away. */
  async closeHover() {
    await this.page.keyboard.press('Escape');
    await this.page.locator('.monaco-hover:not(.hidden) table').waitFor({ state: 'hidden' });
  }

  /** Code lenses' texts, in order of the screen. @returns {Promise<string[]>} */
  lenses() {
    return this.page.locator('.editor-instance .codelens-decoration').allInnerTexts();
  }
}

/** The hover of a flag. */
export class HoverCard {
  /** @param {Locator} root */
  constructor(root) {
    this.root = root;
  }

  text() {
    return this.root.first().innerText();
  }

  /**
   * Whether all of a text is seen without scrolling.
   * @param {RegExp} text of one paragraph or link
   */
  async inSight(text) {
    const part = this.root.first().locator('p, a, td').filter({ hasText: text }).last();
    return part.evaluate((element) => {
      const shown = element.closest('.monaco-scrollable-element, .monaco-hover')?.getBoundingClientRect();
      const { top, bottom } = element.getBoundingClientRect();
      return shown !== undefined && top >= shown.top && bottom <= shown.bottom;
    });
  }

  /**
   * The row of an environment.
   * @param {string} environment what its first cell starts with
   */
  async row(environment) {
    const rows = await this.root.first().locator('table tr').all();
    for (const row of rows) {
      const cells = (await row.locator('td').allInnerTexts()).map((text) => text.trim());
      if (!cells[0]?.startsWith(environment)) continue;
      const [, state = '', observed = '', errors = '', p95 = '', requests = ''] = cells;
      return {
        state,
        observed,
        errorRate: readPair(errors),
        p95: readPair(p95),
        requests: readPair(requests),
        words: cells.join(' | '),
      };
    }
    throw new Error(`The hover has no row for ${environment}:\n${await this.text()}`);
  }
}
