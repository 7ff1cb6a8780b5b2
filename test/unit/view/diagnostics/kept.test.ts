import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlagSnapshot } from '../../../../src/model/flag';
import { diagnose } from '../../../../src/view/diagnostics/diagnose';
import type { DiagnosedFile, Diagnosing } from '../../../../src/view/diagnostics/diagnosis';
import type { FlagDiagnostic } from '../../../../src/view/diagnostics/diagnostic';
import { KeptDiagnosis } from '../../../../src/view/diagnostics/keptDiagnosis';
import { ReferenceBook } from '../../../../src/view/diagnostics/referenceBook';
import { answered, defined, diagnosing, evaluation, fileOf } from './world';

const always = (): boolean => true;
const keys = ['alpha', 'alpah', 'beta', 'gamma'] as const;

const file = fc
  .array(
    fc.record({
      key: fc.constantFrom(...keys),
      sdk: fc.constantFrom('openfeature', null),
      generated: fc.boolean(),
      kind: fc.constantFrom('evaluation', 'evaluation', 'mention'),
      defaultValue: fc.constantFrom(true, false, undefined),
    }),
    { maxLength: 5 },
  )
  .map((all) =>
    all.map(({ key, defaultValue, ...more }) =>
      evaluation(key, { ...(more as object), ...(defaultValue !== undefined && { defaultValue }) }),
    ),
  );
const step = fc.oneof(
  fc.record({ at: fc.nat(3), references: file }),
  fc.record({ flags: fc.uniqueArray(fc.constantFrom(...keys)) }),
);

function looked(kept: KeptDiagnosis, book: ReferenceBook, of: Diagnosing): FlagDiagnostic[] {
  const found = [...kept.ofFiles(book, of, always)].flat();
  const parts = kept.unreferenced(book, of);
  for (let part = parts.next(); ; part = parts.next()) if (part.done === true) return [...found, ...part.value];
}

const shown = (all: readonly FlagDiagnostic[]): string[] => all.map((each) => JSON.stringify(each)).sort();

describe('what is kept', () => {
  it('is what is found anew, whatever changes', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), fc.boolean(), (steps, stops) => {
        const [book, kept] = [new ReferenceBook(), new KeptDiagnosis()];
        let flags: FlagSnapshot[] = [defined('alpha'), defined('beta')];
        let of = diagnosing([answered(flags)]);
        for (const each of steps) {
          if ('flags' in each) {
            flags = each.flags.map((key) => defined(key));
            of = diagnosing([answered(flags)]);
            kept.flagsMoved();
          } else book.set(fileOf(each.references, `src/f${String(each.at)}.ts`));
          // One that began and was given up on leaves nothing behind.
          if (stops) kept.ofFiles(book, of, always).next();
          const files: DiagnosedFile[] = [...book.files()];
          expect(shown(looked(kept, book, of))).toEqual(shown(diagnose(files, of)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('asks nothing of files that nothing changed for', () => {
    const book = new ReferenceBook();
    for (let at = 0; at < 50; at++)
      book.set(fileOf([evaluation(`key-${String(at)}`, { defaultValue: false })], `src/f${String(at)}.ts`));
    const of = diagnosing([answered([defined('key-1')])]);
    let asked = 0;
    const counting: Diagnosing = { ...of, seenFrom: (at) => (asked++, of.seenFrom(at)) };
    const kept = new KeptDiagnosis();
    const first = [...kept.ofFiles(book, counting, always)];
    asked = 0;
    const second = [...kept.ofFiles(book, counting, always)];
    expect(asked).toBe(0);
    expect(second.every((list, at) => list === first[at])).toBe(true);
    book.set(fileOf([evaluation('key-1', { defaultValue: true }), evaluation('new')], 'src/f0.ts'));
    const third = [...kept.ofFiles(book, counting, always)];
    // The file itself, and the one whose default it is compared with now.
    expect(third.filter((list) => !first.includes(list))).toHaveLength(2);
    expect(asked).toBeLessThan(10);
  });
});
