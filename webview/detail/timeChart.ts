import uPlot from 'uplot';
import type { DetailChart, DetailState } from '../../src/protocol/detailPanel';
import { chartFormats, type ChartFormats } from './chartFormats';
import { make } from './dom';
import { chartColours } from './theme';

export interface TimeChartData {
  readonly chart: DetailChart;
  readonly times: DetailState['times'];
  readonly markers: DetailState['markers'];
  readonly locale: string;
  readonly strings: DetailState['strings'];
}

const height = 170;
const syncKey = 'sightglass-detail';

/**
 * One chart: both arms (treatment solid, control dashed, so that colour is never alone), changes as upright lines, a
 * legend that follows the cursor, and its numbers as a table for those who cannot see it. `zoomed` tells of a
 * new x range, so that charts share one.
 */
export class TimeChart {
  readonly element: HTMLElement;
  readonly #plotBox = make('div', { class: 'plot' });
  readonly #legend = make('div', { class: 'legend', 'aria-hidden': 'true' });
  readonly #table = make('details', { class: 'numbers' });
  readonly #title = make('h3');
  #plot: uPlot | null = null;
  #shape = '';
  #data: TimeChartData | null = null;
  #range: readonly [number, number] | null = null;

  constructor(private readonly zoomed: (range: readonly [number, number] | null) => void) {
    this.element = make(
      'figure',
      { class: 'chart' },
      make('figcaption', {}, this.#title, this.#legend),
      this.#plotBox,
      this.#table,
    );
    this.#table.addEventListener('toggle', () => this.#fillTable());
    new ResizeObserver(() => this.#plot?.setSize({ width: this.#plotBox.clientWidth, height })).observe(this.#plotBox);
  }

  show(data: TimeChartData): void {
    this.#data = data;
    this.#title.textContent = data.chart.title;
    const measured =
      data.times.length > 1 && data.chart.values.some((values) => values.some((value) => value !== null));
    this.#table.hidden = !measured;
    this.#plotBox.setAttribute('role', 'img');
    this.#plotBox.setAttribute('aria-label', measured ? data.chart.summary : data.chart.empty);
    const shape = JSON.stringify([data.chart.arms, data.chart.unit, data.locale]);
    if (!measured) {
      this.#drop();
      this.#plotBox.replaceChildren(make('p', { class: 'empty' }, data.chart.empty));
    } else if (this.#plot && shape === this.#shape) {
      this.#plot.setData(columns(data), this.#range === null);
      if (this.#range) this.zoom(this.#range);
      this.#legendAt(null);
    } else {
      this.#shape = shape;
      this.redraw();
    }
    this.#fillTable();
  }

  /** Draws from nothing: a new shape, or a new theme. */
  redraw(): void {
    if (!this.#data || this.#shape === '') return;
    this.#drop();
    this.#plotBox.replaceChildren();
    this.#shape = JSON.stringify([this.#data.chart.arms, this.#data.chart.unit, this.#data.locale]);
    this.#plot = new uPlot(this.#options(this.#data), columns(this.#data), this.#plotBox);
    if (this.#range) this.zoom(this.#range);
    this.#legendAt(null);
  }

  zoom(range: readonly [number, number] | null): void {
    this.#range = range;
    const times = this.#data?.times ?? [];
    const [min, max] = range ?? [times[0], times.at(-1)];
    if (min !== undefined && max !== undefined && max > min) this.#plot?.setScale('x', { min, max });
  }

  #drop(): void {
    this.#plot?.destroy();
    this.#plot = null;
  }

  #options(data: TimeChartData): uPlot.Options {
    const colours = chartColours();
    const formats = chartFormats(data.locale, data.chart.unit);
    const axis = {
      stroke: colours.text,
      font: colours.font,
      grid: { stroke: colours.grid, width: 0.5 },
      ticks: { show: false },
    };
    return {
      width: Math.max(this.#plotBox.clientWidth, 120),
      height,
      legend: { show: false },
      cursor: { sync: { key: syncKey }, drag: { x: true, y: false, setScale: false }, y: false, points: { size: 6 } },
      scales: { x: { time: true }, y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, smallestTop)] } },
      axes: [
        // Labels are of minutes, so splits are, too: a finer one would show the same minute twice.
        { ...axis, values: (_plot, splits) => splits.map(formats.time), size: 28, space: 70, incrs: minuteSteps },
        { ...axis, values: (_plot, splits) => splits.map((value) => formats.value(value)), size: 62, space: 34 },
      ],
      series: [
        {},
        ...data.chart.arms.map((_arm, index): uPlot.Series => ({
          stroke: index === 0 ? colours.treatment : colours.control,
          width: 2,
          ...(index === 0 ? {} : { dash: [6, 4] }),
          spanGaps: false,
          points: { show: false },
        })),
      ],
      hooks: {
        setCursor: [(plot) => this.#legendAt(plot.cursor.idx ?? null)],
        setSelect: [(plot) => this.#selected(plot)],
        draw: [(plot) => drawMarkers(plot, this.#data?.markers ?? [], colours.marker)],
      },
    };
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 4) return;
    const range = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')] as const;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.zoomed(range);
  }

  #legendAt(index: number | null): void {
    if (!this.#data) return;
    const { chart, times, locale } = this.#data;
    const formats = chartFormats(locale, chart.unit);
    const at = index === null ? undefined : times[index];
    this.#legend.replaceChildren(
      ...chart.arms.map(({ label }, arm) =>
        make(
          'span',
          { class: arm === 0 ? 'arm treatment' : 'arm control' },
          make('span', { class: 'swatch' }),
          at === undefined || index === null ? label : `${label} ${formats.value(chart.values[arm]?.[index])}`,
        ),
      ),
      make('span', { class: 'at' }, at === undefined ? '' : formats.time(at)),
    );
  }

  /** Only when open: a day has 1,440 rows. */
  #fillTable(): void {
    if (!this.#data) return;
    const { chart, strings, times, locale } = this.#data;
    const summary = this.#table.querySelector('summary') ?? make('summary');
    summary.textContent = strings.showTable;
    const formats = chartFormats(locale, chart.unit);
    const rows = this.#table.open ? tableOf(chart, times, strings, formats) : null;
    this.#table.replaceChildren(summary, ...(rows ? [make('div', { class: 'scroll' }, rows)] : []));
    rows?.parentElement?.setAttribute('tabindex', '0');
    rows?.parentElement?.setAttribute('role', 'region');
    rows?.parentElement?.setAttribute('aria-label', chart.title);
  }
}

function columns({ times, chart }: TimeChartData): uPlot.AlignedData {
  return [times, ...chart.values];
}

/** A flat line at nought must not fill the chart with noise: the axis reaches 1 % or 10 ms. */
const smallestTop = 0.01;

/** Distances between two labels of the time axis, in seconds: whole minutes, hours and days. */
const minuteSteps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((minutes) => minutes * 60);

function tableOf(
  chart: DetailChart,
  times: readonly number[],
  strings: DetailState['strings'],
  formats: ChartFormats,
): HTMLTableElement {
  const column = (text: string): HTMLElement => {
    const cell = make('th', {}, text);
    cell.scope = 'col';
    return cell;
  };
  const head = make('tr', {}, column(strings.time), ...chart.arms.map(({ label }) => column(label)));
  const rows = times.map((at, index) =>
    make(
      'tr',
      {},
      make('td', {}, formats.time(at)),
      ...chart.values.map((values) => make('td', {}, formats.value(values[index]))),
    ),
  );
  return make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows));
}

function drawMarkers(plot: uPlot, markers: DetailState['markers'], colour: string): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash([2 * devicePixelRatio, 2 * devicePixelRatio]);
  for (const { at } of markers) {
    const x = plot.valToPos(at, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}
