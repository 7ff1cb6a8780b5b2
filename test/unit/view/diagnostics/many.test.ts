import { describe, expect, it } from 'vitest';
import { Diagnosis } from '../../../../src/view/diagnostics/diagnose';
import { ReferenceBook } from '../../../../src/view/diagnostics/referenceBook';
import { NearKeys } from '../../../../src/view/nearKeys';
import { filesOf, manyFlags, manyReferences } from './many';
import { answered, diagnosing } from './world';

describe('5,000 references and 20,000 flags', () => {
  const flags = manyFlags();
  const references = manyReferences();
  const files = filesOf(references);
  const diagnosis = new Diagnosis(new ReferenceBook(files), diagnosing([answered(flags)]));

  it('finds each slip, and names what was meant', () => {
    const found = files.flatMap((file) => diagnosis.ofFile(file)).filter(({ code }) => code === 'flag-undefined');
    expect(found).toHaveLength(100);
    expect(found.filter(({ fixes }) => fixes.some(({ kind }) => kind === 'replaceKey')).length).toBeGreaterThanOrEqual(
      50,
    );
  });

  it('tells of flags without references in small parts, so that nobody is held up', () => {
    const parts = [...diagnosis.unreferencedInParts()];
    expect(parts.flat()).toEqual(diagnosis.unreferenced());
    // One in a hundred of the calls names its flag by a slip, one another.
    expect(parts.flat()).toHaveLength(20_000 - 5_000 + 100);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(200);
  });

  it('weighs an unknown key against all', () => {
    const near = new NearKeys(flags.map(({ ref }) => ref.key));
    for (const { key } of references.slice(0, 50)) expect(near.nearest(key!.replace('-', ''))).not.toBe(null);
  });
});
