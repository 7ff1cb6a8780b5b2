import type { FunctionSummary } from './summary';

/** Index of the innermost of a piece's functions around an offset of it; -1 outside of all. */
export function innermostFunction(fns: readonly Pick<FunctionSummary, 'from' | 'to'>[], at: number): number {
  let found = -1;
  fns.forEach(({ from, to }, index) => {
    if (from <= at && at < to && from >= (fns[found]?.from ?? -Infinity)) found = index;
  });
  return found;
}
