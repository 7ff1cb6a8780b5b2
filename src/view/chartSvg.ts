import type { ChartPoint } from '../model/facts';
import type { L10n } from '../platform/l10n';
import type { ThemeKind } from './input';
import { numbersFor } from './numbers';
import type { ChartImage } from './output';
import type { Side } from './signalReading';
import { quoted } from './text';

const width = 360;
const height = 84;
const margin = { top: 8, right: 34, bottom: 14, left: 4 };

/** Pictures cannot read the theme's variables; contrast of every pair is above 4.5 on the hover's background. */
const palettes: Record<ThemeKind, { treatment: string; control: string; text: string; grid: string }> = {
  dark: { treatment: '#f48771', control: '#75beff', text: '#cccccc', grid: '#5a5a5a' },
  light: { treatment: '#b5200d', control: '#1a5fb4', text: '#3b3b3b', grid: '#c8c8c8' },
  highContrast: { treatment: '#ff9a85', control: '#8fd0ff', text: '#ffffff', grid: '#8a8a8a' },
  highContrastLight: { treatment: '#8b1104', control: '#0b3d8c', text: '#000000', grid: '#6a6a6a' },
};

export interface ErrorChart {
  readonly treatment: Side;
  readonly control: Side | null;
  /** Epoch ms of changes, drawn as upright marks. */
  readonly changes: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** What a point is of, ms. */
const stepMs = 60_000;

/** The shortest time a chart spans, ms: younger telemetry than the window would be a sliver at its right edge. */
const shortestSpan = 10 * 60_000;

/** Error rate of both sides over the window, or null when there are not two points to join. Treatment solid, control dashed. */
export function errorChart(asked: ErrorChart, theme: ThemeKind, l10n: L10n): ChartImage | null {
  const sides = [asked.treatment, ...(asked.control ? [asked.control] : [])];
  const oldest = Math.min(
    ...sides.flatMap(({ points }) => points.filter(({ calls }) => calls > 0).map(({ at }) => at)),
  );
  const chart = { ...asked, from: Math.max(asked.from, Math.min(oldest, asked.to - shortestSpan)) };
  const rates = sides.map((side) => side.points.flatMap((point) => rateAt(point, chart)));
  if (rates.every((points) => points.length < 2)) return null;
  const top = Math.max(0.01, ...rates.flat().map(({ rate }) => rate));
  const x = (at: number): number =>
    margin.left + ((at - chart.from) / Math.max(1, chart.to - chart.from)) * (width - margin.left - margin.right);
  const y = (rate: number): number => height - margin.bottom - (rate / top) * (height - margin.top - margin.bottom);

  const colours = palettes[theme];
  const { percent, clock } = numbersFor(l10n);
  const polyline = (points: readonly Rate[], colour: string, dash: string): string =>
    points.length === 0
      ? ''
      : `<polyline fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"${dash} points="${points
          .map(({ at, rate }) => `${round(x(at))},${round(y(rate))}`)
          .join(' ')}"/>`;
  // What leads to a minute that is not over yet is drawn thin: its rate may still change.
  const line = (points: readonly Rate[], colour: string, dash: string): string => {
    const over = points.filter(({ at }) => at + stepMs <= chart.to);
    if (over.length === points.length) return polyline(points, colour, dash);
    const open = points.slice(Math.max(0, over.length - 1));
    return polyline(over, colour, dash) + polyline(open, colour, `${dash} stroke-opacity="0.5"`);
  };
  const mark = (at: number): string =>
    `<path d="M${round(x(at))} ${margin.top}V${height - margin.bottom}" stroke="${colours.text}" stroke-dasharray="1 3"/>`;
  const label = (atX: number, atY: number, text: string, anchor: string): string =>
    `<text x="${atX}" y="${atY}" text-anchor="${anchor}">${escapeXml(text)}</text>`;
  const base = height - margin.bottom;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<path d="M${margin.left} ${margin.top}H${width - margin.right}M${margin.left} ${base}H${width - margin.right}" stroke="${colours.grid}" stroke-width="1"/>`,
    ...chart.changes.filter((at) => at >= chart.from && at <= chart.to).map(mark),
    line(rates[1] ?? [], colours.control, ' stroke-dasharray="5 3"'),
    line(rates[0] ?? [], colours.treatment, ''),
    `<g font-family="sans-serif" font-size="9" fill="${colours.text}">`,
    label(width - margin.right + 3, margin.top + 3, percent(top), 'start'),
    label(width - margin.right + 3, base + 3, percent(0), 'start'),
    label(margin.left, height - 2, clock(chart.from, chart.to), 'start'),
    label(width - margin.right, height - 2, clock(chart.to, chart.to), 'end'),
    '</g></svg>',
  ].join('');
  return { uri: `data:image/svg+xml,${encodeURIComponent(svg)}`, alt: altText(chart, sides, l10n), width, height };
}

interface Rate {
  readonly at: number;
  readonly rate: number;
}

function rateAt(point: ChartPoint, { from, to }: ErrorChart): Rate[] {
  if (point.calls <= 0 || point.at < from || point.at > to) return [];
  return [{ at: point.at, rate: Math.min(1, point.errors / point.calls) }];
}

function altText(chart: ErrorChart, sides: readonly Side[], l10n: L10n): string {
  const { percent, count, clock } = numbersFor(l10n);
  const lines = sides.map((side) => {
    const calls = side.points.reduce((sum, point) => sum + point.calls, 0);
    const errors = side.points.reduce((sum, point) => sum + point.errors, 0);
    const name = side.variant === '' ? l10n.t('the rest') : quoted(side.variant);
    return calls === 0
      ? l10n.t('{0}: no requests', name)
      : l10n.t('{0}: {1} errors, {2} of {3} requests', name, percent(errors / calls), count(errors), count(calls));
  });
  return l10n.t(
    'Error rate from {0} to {1}. {2}.',
    clock(chart.from, chart.to),
    clock(chart.to, chart.to),
    lines.join('; '),
  );
}

const round = (value: number): string => value.toFixed(1);

const escapeXml = (text: string): string => text.replace(/[&<>"']/gu, (sign) => `&#${String(sign.charCodeAt(0))};`);
