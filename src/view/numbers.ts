import type { L10n } from '../platform/l10n';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Numbers as the screen says them: Intl in the display language, two significant digits unless asked for in full, and
 * always with their unit. Shares and rates are 0..1, durations seconds or milliseconds as named, times epoch ms.
 */
export interface Numbers {
  /** `4.1%`. Never rounds to 100% or 0% what is neither. */
  readonly percent: (share: number) => string;
  /** `24.8%`, `4.1%`: to a tenth of a percent, and two digits below one; for tables. */
  readonly percentInFull: (share: number) => string;
  /** `480 ms`, `1.2 s`. */
  readonly duration: (seconds: number) => string;
  /** `480 vs 210 ms` with the unit of the longer. */
  readonly durations: (first: number, joint: string, second: number) => string;
  /** `1,204`. */
  readonly count: (value: number) => string;
  /** `1.2k/min`. */
  readonly perMinute: (value: number) => string;
  /** `6.8x`. */
  readonly ratio: (value: number) => string;
  /** `6.8`, two digits without a unit. */
  readonly plain: (value: number) => string;
  /** `15m`, `2h`. */
  readonly window: (minutes: number) => string;
  /** `12 min`. */
  readonly span: (ms: number) => string;
  /** `12 min ago` up to a day, then the date and time. */
  readonly ago: (at: number, now: number) => string;
  /** `14:02`, with the date when it is not within a day of `now`. */
  readonly clock: (at: number, now: number) => string;
}

const cache = new Map<string, Numbers>();

/** Formatters are costly to make (about 50 µs each) and wanted for every reference: one set a locale. */
export function numbersFor(l10n: L10n): Numbers {
  const known = cache.get(l10n.locale);
  if (known) return known;
  const made = makeNumbers(l10n);
  if (cache.size > 8) cache.clear();
  cache.set(l10n.locale, made);
  return made;
}

function supported(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

function makeNumbers(l10n: L10n): Numbers {
  const locale = supported(l10n.locale);
  const number = (options: Intl.NumberFormatOptions): Intl.NumberFormat => new Intl.NumberFormat(locale, options);
  const percentOf = (digits: number): Intl.NumberFormat =>
    number({ style: 'percent', maximumSignificantDigits: digits });
  const [percent2, percent3, percent4] = [percentOf(2), percentOf(3), percentOf(4)] as const;
  const two = number({ maximumSignificantDigits: 2 });
  const whole = number({ maximumFractionDigits: 0 });
  const compact = number({ notation: 'compact', maximumSignificantDigits: 2 });
  const units = {
    millisecond: number({ style: 'unit', unit: 'millisecond', unitDisplay: 'short', maximumSignificantDigits: 2 }),
    second: number({ style: 'unit', unit: 'second', unitDisplay: 'narrow', maximumSignificantDigits: 2 }),
    minute: number({ style: 'unit', unit: 'minute', unitDisplay: 'short', maximumSignificantDigits: 2 }),
  };
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const dateAndTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', hourCycle: 'h23' });

  const percents = new Map<number, string>();
  const full = percent2.format(1);
  const percentFrom = (share: number, wanted: Intl.NumberFormat): string => {
    if (share <= 0 || share >= 1) return wanted.format(share);
    if (share < 0.0001) return `<${percent2.format(0.0001)}`;
    const honest = [wanted, percent3, percent4].find((format) => format.format(share) !== full);
    return honest ? honest.format(share) : `>${percent4.format(0.9999)}`;
  };

  /** Unit by magnitude, so that a pair shares one. */
  const unitOf = (seconds: number): { format: Intl.NumberFormat; factor: number } => {
    // 0.9995 s would be written 1,000 ms.
    if (seconds < 0.995) return { format: units.millisecond, factor: 1000 };
    if (seconds < 119.5) return { format: units.second, factor: 1 };
    return { format: units.minute, factor: 1 / 60 };
  };
  // English narrow seconds read `1.2s`; a space keeps all units alike.
  const spaced = (text: string): string => text.replace(/^([\d.,]+)(\p{L}+)$/u, '$1 $2').replace(/\u00a0/g, ' ');
  const inUnit = (seconds: number, unit = unitOf(seconds)): string => spaced(unit.format.format(seconds * unit.factor));

  const span = (ms: number): string => {
    const positive = Math.max(0, ms);
    if (positive < minuteMs) return l10n.t('{0} s', whole.format(Math.floor(positive / 1000)));
    if (positive < hourMs) return l10n.t('{0} min', whole.format(Math.floor(positive / minuteMs)));
    if (positive < 2 * dayMs) return l10n.t('{0} h', whole.format(Math.floor(positive / hourMs)));
    return l10n.t('{0} days', whole.format(Math.floor(positive / dayMs)));
  };

  return {
    percent: (share) => {
      // Ten thousand flags have few shares between them.
      let text = percents.get(share);
      if (text === undefined) {
        if (percents.size >= 1000) percents.clear();
        percents.set(share, (text = percentFrom(share, percent2)));
      }
      return text;
    },
    percentInFull: (share) => percentFrom(share, share < 0.1 ? percent2 : percent3),
    duration: (seconds) => inUnit(seconds),
    durations: (first, joint, second) => {
      const unit = unitOf(Math.max(first, second));
      return `${two.format(first * unit.factor)}${joint}${inUnit(second, unit)}`;
    },
    count: (value) => whole.format(value),
    perMinute: (value) => l10n.t('{0}/min', compact.format(value).replace(/K$/u, 'k')),
    ratio: (value) => l10n.t('{0}x', two.format(value)),
    plain: (value) => two.format(value),
    window: (minutes) =>
      minutes >= 60 && minutes % 60 === 0
        ? l10n.t('{0}h', whole.format(minutes / 60))
        : l10n.t('{0}m', whole.format(minutes)),
    span,
    ago: (at, now) =>
      now - at < 1000
        ? l10n.t('just now')
        : now - at < dayMs
          ? l10n.t('{0} ago', span(now - at))
          : dateAndTime.format(new Date(at)),
    clock: (at, now) => (Math.abs(now - at) < dayMs ? time : dateAndTime).format(new Date(at)),
  };
}
