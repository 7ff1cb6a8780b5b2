import type { DetailState } from '../../src/protocol/detailPanel';
import { button } from '../ui/elements';
import { chartFormats } from './chartFormats';
import { make } from './dom';
import { onThemeChange } from './theme';
import { TimeChart } from './timeChart';

/** All charts over one time axis with one zoom, and the changes marked on it in words. */
export class ChartsSection {
  readonly element = make('section', { class: 'charts', 'aria-labelledby': 'charts-title' });
  readonly #title = make('h2', { id: 'charts-title', 'aria-hidden': 'true' });
  readonly #charts = new Map<string, TimeChart>();
  readonly #row = make('div', { class: 'chart-row' });
  readonly #markers = make('ul', { class: 'markers' });
  readonly #markersTitle = make('h3', { class: 'visually-hidden' });
  #reset: HTMLElement | null = null;

  constructor() {
    this.#markersTitle.hidden = true;
    this.element.append(this.#title, this.#row, this.#markersTitle, this.#markers);
    onThemeChange(() => {
      for (const chart of this.#charts.values()) chart.redraw();
    });
  }

  show({ charts, times, markers, locale, strings }: DetailState): void {
    this.#title.textContent = strings.charts;
    this.#title.removeAttribute('aria-hidden');
    for (const chart of charts) {
      let drawn = this.#charts.get(chart.id);
      if (!drawn) {
        drawn = new TimeChart((range) => this.#zoom(range));
        this.#charts.set(chart.id, drawn);
        this.#row.append(drawn.element);
      }
      drawn.show({ chart, times, markers, locale, strings });
    }
    const [from, to] = [times[0] ?? 0, times.at(-1) ?? 0];
    const inside = markers.filter(({ at }) => at >= from && at <= to);
    const { time } = chartFormats(locale, 'share');
    this.#markersTitle.textContent = strings.changes;
    this.#markers.replaceChildren(
      ...inside.map(({ at, label }) => make('li', {}, make('span', { class: 'at' }, time(at)), ` ${label}`)),
    );
    this.#markers.hidden = inside.length === 0;
    this.#markersTitle.hidden = inside.length === 0;
    this.#reset ??= this.#makeReset(strings.resetZoom);
  }

  #makeReset(label: string): HTMLElement {
    const reset = button(label, 'secondary', () => {
      this.#zoom(null);
      this.#title.focus();
    });
    reset.hidden = true;
    this.#title.tabIndex = -1;
    this.#title.after(reset);
    return reset;
  }

  #zoom(range: readonly [number, number] | null): void {
    for (const chart of this.#charts.values()) chart.zoom(range);
    if (this.#reset) this.#reset.hidden = range === null;
  }
}
