import { describe, expect, it } from 'vitest';
import { languages } from '../../../src/code/languages/table';
import { codeDocuments, codeFiles } from '../../../src/editor/documentSelectors';

describe('documents that surfaces draw in', () => {
  it('are those of every language the finder reads', () => {
    const drawn = new Set(codeDocuments.map(({ language }) => language));
    for (const { id } of languages) expect(drawn).toContain(id);
  });

  it('are watched by the ends of their names', () => {
    const watched = /\{([^}]*)\}/.exec(codeFiles)?.[1]?.split(',') ?? [];
    const ends = languages.flatMap(({ extensions }) => extensions.map((end) => end.slice(1)));
    expect(watched).toEqual(expect.arrayContaining(ends));
  });
});
