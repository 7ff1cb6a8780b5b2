/**
 * Watches the line of the editor that holds `code` from inside the page, and notes when each of its texts was first there:
 * on this machine's clock, the page's own corrected by what it is off.
 * @param {import('playwright-core').Page} page @param {string} code
 */
export async function watchFacts(page, code) {
  await page.evaluate((wanted) => {
    const seen = new Map();
    const look = () => {
      for (const line of document.querySelectorAll('.editor-instance .view-line')) {
        const text = line.textContent.replaceAll('\u00a0', ' ');
        if (text.includes(wanted) && !seen.has(text)) seen.set(text, performance.timeOrigin + performance.now());
      }
    };
    look();
    new MutationObserver(look).observe(document.querySelector('.editor-instance'), {
      subtree: true,
      childList: true,
      characterData: true,
    });
    globalThis.sightglassFacts = seen;
  }, code);
  const offset = await offsetOf(page);
  return {
    /** When a text with `part` first stood there, epoch ms; rejects when it does not within the time. @param {string} part @param {number} patienceMs */
    seen: async (part, patienceMs) => {
      const found = await page.waitForFunction(
        (text) => [...globalThis.sightglassFacts].find(([known]) => known.includes(text))?.[1],
        part,
        { timeout: patienceMs, polling: 50 },
      );
      return (await found.jsonValue()) - offset;
    },
  };
}

/** How far the page's clock is ahead of ours, in ms: from the quickest of some questions. @param {import('playwright-core').Page} page */
async function offsetOf(page) {
  let best = { took: Infinity, offset: 0 };
  for (let tries = 0; tries < 20; tries++) {
    const before = Date.now();
    const there = await page.evaluate(() => performance.timeOrigin + performance.now());
    const took = Date.now() - before;
    if (took < best.took) best = { took, offset: there - before - took / 2 };
  }
  return best.offset;
}
