// What holds of every webview of ours, whatever the theme and the zoom.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** @typedef {import('playwright-core').Frame} Frame */

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core calls serious or critical, one line each. @param {Frame} frame @returns {Promise<string[]>} */
export async function axeViolations(frame) {
  if (!(await frame.evaluate('"axe" in window'))) await frame.evaluate(axe);
  const { violations } = await frame.evaluate('axe.run(document, { resultTypes: ["violations"] })');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** What reaches beyond the page's right edge, so that reading takes scrolling in two directions (WCAG 1.4.10). @param {Frame} frame @returns {Promise<string[]>} */
export function beyondTheEdge(frame) {
  return frame.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    return [...document.querySelectorAll('#panel *')]
      .filter((element) => !element.closest('.scroll') && element.getBoundingClientRect().right > clientWidth)
      .map((element) => `${element.tagName}.${element.className}: ${element.textContent?.slice(0, 60)}`);
  });
}

/** Texts whose box is smaller than they are, but for code, which may be. @param {Frame} frame @returns {Promise<string[]>} */
export function cutTexts(frame) {
  return frame.evaluate(() =>
    [...document.querySelectorAll('#panel *')]
      .filter((element) => {
        const { overflowX, overflowY } = window.getComputedStyle(element);
        if (element.matches('code, .visually-hidden, .scroll, .u-wrap *') || element.closest('[hidden]')) return false;
        if (overflowX === 'visible' && overflowY === 'visible') return false;
        return element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1;
      })
      .map((element) => `${element.tagName}.${element.className}: ${element.textContent?.slice(0, 80)}`),
  );
}
