import type { FileChange, LineChange } from './input';

/** Where a line of the base is with the change; null: it is gone. */
export function lineAfter(line: number, changes: readonly LineChange[]): number | null {
  let shift = 0;
  for (const { before, after } of changes) {
    if (line < first(before)) break;
    if (before.count > 0 && line < before.start + before.count) return null;
    shift = after.start + after.count - (before.start + before.count) + correction(before) - correction(after);
  }
  return line + shift;
}

/** First line behind which nothing of this change lies. */
const first = ({ start, count }: LineChange['before']): number => (count === 0 ? start + 1 : start);
/** git names the line before where there are none. */
const correction = ({ count }: LineChange['before']): number => (count === 0 ? -1 : 0);

export interface Lines {
  readonly startLine: number;
  readonly endLine: number;
}

/** The stretches that came, or went, within some lines. Lines that only went touch what is around them. */
export function touched({ startLine, endLine }: Lines, change: FileChange, side: 'base' | 'head'): readonly Lines[] {
  if (change.lines === null) return [{ startLine, endLine }];
  return change.lines.flatMap(({ before, after }) => {
    const own = side === 'head' ? after : before;
    const from = Math.max(startLine, own.start);
    if (own.count === 0) {
      // Between two lines of what is looked at, neither of which is another.
      return own.start >= startLine && own.start < endLine ? [{ startLine: from, endLine: from }] : [];
    }
    const to = Math.min(endLine, own.start + own.count - 1);
    return from > to ? [] : [{ startLine: from, endLine: to }];
  });
}
