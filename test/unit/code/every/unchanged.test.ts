import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languages } from '../../../../src/code/languages/table';
import { languageOf } from '../../../../src/code/languages/table';
import { finderOf } from '../finderHarness';
import { plain, samples, written, type Sample, type Writing } from './samples';

/** Keys of the evaluations of all files, each with what keeps it from being certain. */
async function keysIn(sample: Sample, writing: Writing): Promise<string[]> {
  const finder = await finderOf(written(sample, writing));
  return finder
    .references()
    .filter(({ kind }) => kind === 'evaluation')
    .map(({ key, pattern, certainty }) =>
      certainty === 'certain' ? (key ?? '') : `${key ?? pattern ?? ''} ${certainty}`,
    )
    .sort();
}

const runs = { numRuns: 8 };
const order = fc.array(fc.nat(99), { minLength: 6, maxLength: 6 });
const gapsOf = ({ gaps }: Sample) => fc.array(fc.constantFrom(...gaps), { minLength: 23, maxLength: 23 });
/** None that says anything by itself; the first letter keeps its case, which some languages read. */
const endings = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 4, maxLength: 4 });

describe('the found set stays as it is', () => {
  it('has a sample of every language', () => {
    const there = new Set(samples.map(({ path }) => languageOf(path)?.id));
    expect(languages.map(({ id }) => id).filter((id) => !there.has(id))).toEqual([]);
  });

  describe.each(samples.map((sample) => [sample.path, sample] as const))('%s', (_, sample) => {
    it('as people write it', async () => {
      expect(await keysIn(sample, plain)).toEqual(sample.keys);
    });

    it('when it is formatted otherwise', async () => {
      await fc.assert(
        fc.asyncProperty(gapsOf(sample), async (gaps) => {
          expect(await keysIn(sample, { ...plain, gap: (at) => gaps[at % gaps.length] ?? '' })).toEqual(sample.keys);
        }),
        runs,
      );
    });

    it('when local names are others, declarations stand in another order and the constant in another file', async () => {
      await fc.assert(
        fc.asyncProperty(order, endings, fc.boolean(), async (ranks, ends, away) => {
          const known = new Map<string, string>();
          const name = (old: string): string => {
            const first = /^_?[A-Z]/.test(old) ? 'Q' : 'q';
            const fresh = known.get(old) ?? `${first}${ends[known.size % ends.length] ?? ''}${String(known.size)}`;
            known.set(old, fresh);
            return fresh;
          };
          expect(await keysIn(sample, { ...plain, order: ranks, name, away })).toEqual(sample.keys);
        }),
        runs,
      );
    });
  });
});
