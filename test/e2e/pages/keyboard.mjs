// What a reader presses.

/** @param {import('playwright-core').Page} page @param {string} key */
export async function chord(page, key) {
  await page.keyboard.press('Control+Alt+g');
  await page.keyboard.press(key);
}

/** @param {import('playwright-core').Page} page @param {string} title */
export async function command(page, title) {
  for (let attempt = 1; ; attempt++) {
    await page.keyboard.press('F1');
    try {
      await page.locator('.quick-input-widget input[type="text"]').first().waitFor({ timeout: 8_000 });
      await page.keyboard.type(title);
      await page
        .getByRole('option', { name: new RegExp(`^${title}`) })
        .first()
        .waitFor({ timeout: 8_000 });
      break;
    } catch (error) {
      // What is still loading takes the focus, and with it the palette, away; commands come with their extension.
      if (attempt === 4) throw error;
      await page.keyboard.press('Escape');
    }
  }
  await page.keyboard.press('Enter');
}
