import type { Comparison } from '../../model/comparison';
import type { ArmWindow } from './armWindow';
import { riskRatio } from './mantelHaenszel';

export type Direction = 'worse' | 'better';

const minuteMs = 60_000;

/** Whether the 95 % interval of the ratio lies on one side of 1. */
export function leans(windows: readonly ArmWindow[], direction: Direction): boolean {
  const ratio = riskRatio(windows);
  if (!ratio) return false;
  return direction === 'worse' ? ratio.low > 1 : ratio.high !== null && ratio.high < 1;
}

/**
 * Since when a verdict stands: when its evidence crossed, or, where that was lost since, from when on what was on the
 * screen leaned that way without a break, the same window moved back minute by minute. `sinceAtLeast` when it
 * crossed about as soon as it could in a series that was cut at `seriesFrom`: an older regression would seem to begin there.
 */
export function leaningSince(
  windows: readonly ArmWindow[],
  { shownFrom, shownMs, seriesFrom }: Record<'shownFrom' | 'shownMs' | 'seriesFrom', number>,
  direction: Direction,
  crossed: number,
): Required<Pick<Comparison, 'since' | 'sinceAtLeast'>> {
  let back = minuteMs;
  while (shownFrom - back + shownMs > crossed) {
    const from = shownFrom - back;
    const seen = windows.filter(({ end }) => end > from && end <= from + shownMs);
    if (!leans(seen, direction)) return { since: from + shownMs + minuteMs, sinceAtLeast: false };
    back += minuteMs;
  }
  const began = (windows[0]?.end ?? crossed) - seriesFrom > 2 * minuteMs;
  return { since: crossed, sinceAtLeast: !began && crossed - seriesFrom < shownMs + minuteMs };
}
