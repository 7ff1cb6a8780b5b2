import type { DetailChart } from '../../src/protocol/detailPanel';

/** How a chart's numbers read on axes, in the legend and in the table. */
export interface ChartFormats {
  readonly value: (value: number | null | undefined) => string;
  readonly time: (seconds: number) => string;
}

export function chartFormats(locale: string, unit: DetailChart['unit']): ChartFormats {
  const number = (options: Intl.NumberFormatOptions): Intl.NumberFormat => new Intl.NumberFormat(locale, options);
  const percent = number({ style: 'percent', maximumSignificantDigits: 2 });
  const millis = number({ style: 'unit', unit: 'millisecond', unitDisplay: 'short', maximumSignificantDigits: 2 });
  const seconds = number({ style: 'unit', unit: 'second', unitDisplay: 'short', maximumSignificantDigits: 2 });
  const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const inUnit = (value: number): string => {
    if (unit === 'share') return percent.format(value);
    return value < 0.995 ? millis.format(value * 1000) : seconds.format(value);
  };
  return {
    value: (value) => (value === null || value === undefined ? '\u2013' : inUnit(value)),
    time: (at) => clock.format(new Date(at * 1000)),
  };
}
