import type { L10n } from '../../platform/l10n';
import { numbersFor } from '../../view/numbers';
import { oneLine } from '../../view/text';

/** Cells are Markdown already. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [row(head.map((cell) => text(cell))), row(head.map(() => '---')), ...rows.map(row)];
}

/**
 * Text from outside, all of whose signs stand for themselves. Where a site makes a mention, a link or a number's link of
 * what is shown, a space of no width stands between.
 */
export function text(from: string, most = 200): string {
  return oneLine(from, most)
    .replace(/[\\`*_{}[\]<>&#!|~$]/g, (sign) => `&#${String(sign.charCodeAt(0))};`)
    .replace(/@|&#35;|:(?=\/\/)|www(?=\.)|GH(?=-\d)/gi, (sign) => `${sign}\u200b`);
}

/** The same in a fixed width; entities are not read within back-ticks, so that it is made of tags. */
export const code = (from: string): string => `<code>${text(from, 300)}</code>`;

export const andMore = (count: number, l10n: L10n): string => l10n.t('And {0} more.', numbersFor(l10n).count(count));

/** So many of what belongs together, and how many more there are. */
export function some(all: readonly string[], most: number, l10n: L10n): readonly string[] {
  return all.length <= most ? all : [...all.slice(0, most), andMore(all.length - most, l10n)];
}
