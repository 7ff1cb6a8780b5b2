import type { L10n } from '../platform/l10n';

/** `3.4 s`, `12 s`, `2 min`: two significant digits, in the display language. */
export function duration(l10n: L10n, ms: number): string {
  const seconds = Math.max(ms, 0) / 1_000;
  const number = (value: number): string =>
    new Intl.NumberFormat(l10n.locale, { maximumSignificantDigits: 2 }).format(value);
  if (seconds < 0.1) return l10n.t('{0} ms', number(Math.max(ms, 0)));
  return seconds < 100 ? l10n.t('{0} s', number(seconds)) : l10n.t('{0} min', number(seconds / 60));
}

/** `25%`, `0.5%` of a share 0..1. */
export function percent(l10n: L10n, share: number): string {
  return new Intl.NumberFormat(l10n.locale, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

export function count(l10n: L10n, value: number): string {
  return new Intl.NumberFormat(l10n.locale).format(value);
}
