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
    await this.page.keyboard.press('Escape');
    const span = this.line(code).first().locator('span').filter({ hasText: name }).last();
    const box = await span.boundingBox();
    if (!box) throw new Error(`"${name}" of the line "${code}" is not on the screen`);
    // The name may be the end of a longer token: `Flag.NewCheckout, `.
    const text = (await span.innerText()).replaceAll('\u00a0', ' ');
    const middle = (text.indexOf(name) + name.length / 2) / text.length;
    await this.page.mouse.click(box.x + box.width * middle, box.y + box.height / 2);
    await this.page.keyboard.press('Control+k');
    await this.page.keyboard.press('Control+i');
    const card = new HoverCard(
      this.page.locator('.monaco-hover:not(.hidden)').filter({ has: this.page.locator('table') }),
    );
    await card.root.waitFor({ timeout: 15_000 });
    return card;
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
