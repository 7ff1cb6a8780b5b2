import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineChange } from '../../../src/review/input';
import { lineAfter, touched } from '../../../src/review/lines';

/** Stretches of a file: so many lines that stay, then so many that go for so many that come. */
const stretches = fc.array(fc.record({ kept: fc.nat(4), gone: fc.nat(3), come: fc.nat(3) }), { maxLength: 8 });

/** The same as git writes it with -U0, and where each line went. */
function changed(all: readonly { readonly kept: number; readonly gone: number; readonly come: number }[]) {
  const changes: LineChange[] = [];
  const where: (number | null)[] = [];
  let [before, after] = [0, 0];
  for (const { kept, gone, come } of all) {
    for (let line = 0; line < kept; line++) where.push(++after);
    before += kept;
    if (gone + come > 0)
      changes.push({
        before: { start: gone === 0 ? before : before + 1, count: gone },
        after: { start: come === 0 ? after : after + 1, count: come },
      });
    for (let line = 0; line < gone; line++) where.push(null);
    before += gone;
    after += come;
  }
  return { changes, where };
}

describe('lines of a change', () => {
  it('are followed to where they are', () => {
    fc.assert(
      fc.property(stretches, (all) => {
        const { changes, where } = changed(all);
        expect(where.map((_, at) => lineAfter(at + 1, changes))).toEqual(where);
      }),
    );
  });

  it('touch what they are in, and what they were taken out of', () => {
    const change = (lines: readonly LineChange[]) => ({ before: 'a', after: 'a', lines });
    const added = { before: { start: 4, count: 0 }, after: { start: 5, count: 2 } };
    const gone = { before: { start: 5, count: 2 }, after: { start: 4, count: 0 } };
    expect(touched({ startLine: 1, endLine: 10 }, change([added]), 'head')).toEqual([{ startLine: 5, endLine: 6 }]);
    expect(touched({ startLine: 6, endLine: 10 }, change([added]), 'head')).toEqual([{ startLine: 6, endLine: 6 }]);
    expect(touched({ startLine: 7, endLine: 10 }, change([added]), 'head')).toEqual([]);
    expect(touched({ startLine: 1, endLine: 10 }, change([gone]), 'head')).toEqual([{ startLine: 4, endLine: 4 }]);
    expect(touched({ startLine: 5, endLine: 10 }, change([gone]), 'head')).toEqual([]);
    expect(touched({ startLine: 3, endLine: 4 }, { before: 'a', after: 'a', lines: null }, 'head')).toEqual([
      { startLine: 3, endLine: 4 },
    ]);
  });
});
