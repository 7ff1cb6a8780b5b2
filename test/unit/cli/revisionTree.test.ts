import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../src/workers/review/revisionTree';
import type { RawChange } from '../../../src/platform/node/gitOutput';

const change = (before: string | null, after: string | null): RawChange => ({
  before: { path: 'a.ts', entry: { kind: 'file', id: before } },
  after: { path: 'a.ts', entry: { kind: 'file', id: after } },
});

describe('lines of a changed file', () => {
  it('are not known where its content is another and git told none', () => {
    expect(linesOf(change('aa', 'bb'), new Map())).toBeNull();
    expect(linesOf(change('aa', 'bb'), null)).toBeNull();
  });

  it('are none where it is only renamed, or has another mode', () => {
    expect(linesOf(change('aa', 'aa'), new Map())).toEqual([]);
    expect(linesOf(change('aa', null), new Map())).toEqual([]);
  });

  it('are all of what git does not keep yet', () => {
    const [lines] =
      linesOf({ before: null, after: { path: 'a.ts', entry: { kind: 'file', id: null } } }, new Map()) ?? [];
    expect(lines).toMatchObject({ before: { count: 0 }, after: { start: 1 } });
  });
});
