/**
 * Reads a pair of figures as shown, `4.1% / 0.6%`, `480 / 210 ms`, `1,204 / 3,640`, `0.9 / 1.2 s`, in English.
 * Percentages come back as 0..1, times in milliseconds. A unit that stands once, at the end, is of both.
 * @param {string} text @returns {[number | undefined, number | undefined]} a single figure is the first
 */
export function readPair(text) {
  const parts = text.split('/').map((part) => part.trim());
  const unitAtEnd = /(ms|s|%|min)$/.exec(parts.at(-1) ?? '')?.[1];
  const [first, second] = parts.map((part) => readFigure(part, unitAtEnd));
  return [first, second];
}

/** @param {string} text @param {string} [unit] when it has none of its own @returns {number | undefined} */
export function readFigure(text, unit) {
  const match = /^([<>~]?)\s*([\d.,]+)\s*(k|M)?\s*(ms|s|%|min)?/.exec(text.replaceAll('\u00a0', ' ').trim());
  if (!match?.[2]) return undefined;
  const value = Number(match[2].replaceAll(',', '')) * ({ k: 1e3, M: 1e6 }[match[3] ?? ''] ?? 1);
  switch (match[4] ?? unit) {
    case '%':
      return value / 100;
    case 's':
      return value * 1000;
    case 'min':
      return value * 60_000;
    default:
      return value;
  }
}
