import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

const folder = join(root, 'media/screenshots');
/** VS Code's own themes, by the names its picker shows. */
const themes = {
  dark: 'Dark 2026',
  light: 'Light 2026',
  'high-contrast': 'Dark High Contrast',
  'high-contrast-light': 'Light High Contrast',
};

/** Facts with tree, hover and detail panel, in every theme. @param {object} screens @param {import('./readings.mjs').Place} place */
export async function photographBefore({ workbench, editor, flags, detail }, place) {
  mkdirSync(folder, { recursive: true });
  for (const [theme, label] of Object.entries(themes)) {
    await workbench.setTheme(label);
    await editor.line(place.line).first().click();
    await settled(workbench);
    await workbench.screenshot(join(folder, `facts-${theme}.png`));
    await workbench.screenshot(join(folder, `tree-${theme}.png`), workbench.sideBar);
    await editor.hover(place.line, place.name);
    await settled(workbench);
    await workbench.screenshot(join(folder, `hover-${theme}.png`));
    await editor.closeHover();
    await flags.open(place.key);
    await detail.facts(place.key);
    await settled(workbench);
    await workbench.screenshot(join(folder, `details-${theme}.png`));
    await workbench.closeEditor();
  }
  await workbench.setTheme(themes.dark);
}

/** @param {object} screens */
export async function photographJournal({ workbench, journal }) {
  await journal.open();
  for (const [theme, label] of Object.entries(themes)) {
    await workbench.setTheme(label);
    await settled(workbench);
    await workbench.screenshot(join(folder, `journal-${theme}.png`));
  }
}

/** Fonts, icons and charts come a moment after what they stand in. */
function settled({ page }) {
  return page.waitForTimeout(1200);
}
