import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlagSnapshot } from '../../../../src/model/flag';
import type { Reference } from '../../../../src/model/reference';
import { Diagnosis, diagnose } from '../../../../src/view/diagnostics/diagnose';
import type { DiagnosedFile } from '../../../../src/view/diagnostics/diagnosis';
import { diagnosticCodes, type FlagDiagnostic } from '../../../../src/view/diagnostics/diagnostic';
import { ReferenceBook } from '../../../../src/view/diagnostics/referenceBook';
import { answered, defined, diagnosing, evaluation, fileOf, region } from './world';

const keys = ['alpha', 'alpah', 'beta', 'gamma', 'delta', 'zeta-1', 'exp-blue'] as const;
const key = fc.constantFrom(...keys);

const flags = fc.uniqueArray(
  fc
    .tuple(key, fc.constantFrom('boolean', 'string', 'number', 'unknown'), fc.constantFrom('', 'archived', 'servers'))
    .map(([name, type, mark]): FlagSnapshot =>
      defined(name, type as 'boolean', {
        archived: mark === 'archived',
        ...(mark === 'servers' && { availableTo: { browser: false, mobile: false } }),
      }),
    ),
  { selector: ({ ref }) => ref.key, maxLength: 6 },
);

const reference = fc
  .record({
    key,
    kind: fc.constantFrom('evaluation', 'evaluation', 'evaluation', 'test', 'mention', 'definition'),
    sdk: fc.constantFrom('openfeature', 'openfeature', 'unleash', null),
    evaluatedOn: fc.constantFrom('server', 'browser'),
    valueType: fc.constantFrom('boolean', 'string', undefined),
    defaultValue: fc.constantFrom(true, false, 'blue', undefined),
    compared: fc.constantFrom('blue', 'gren', undefined),
  })
  .map(({ compared, valueType, defaultValue, ...rest }): Reference =>
    evaluation(rest.key, {
      ...(rest as Partial<Reference>),
      ...(valueType !== undefined && { valueType: valueType as 'boolean' }),
      ...(defaultValue !== undefined && { defaultValue }),
      ...(compared !== undefined && { regions: [region({ is: 'equal', value: compared })] }),
    }),
  );

const files = fc
  .array(fc.array(reference, { maxLength: 6 }), { maxLength: 4 })
  .map((all): DiagnosedFile[] => all.map((references, at) => fileOf(references, `src/f${String(at)}.ts`)));

const find = (all: readonly FlagSnapshot[], of: readonly DiagnosedFile[]) => diagnose(of, diagnosing([answered(all)]));
const isSame = (a: FlagDiagnostic, b: FlagDiagnostic): boolean =>
  a.code === b.code && a.key === b.key && JSON.stringify(a.place) === JSON.stringify(b.place);

/** The flag as it would be without what a diagnostic says of it; what it needs to be defined as, where it is not. */
function withoutCause(hit: FlagDiagnostic, all: readonly FlagSnapshot[], at: Reference | undefined): FlagSnapshot[] {
  if (hit.code === 'flag-undefined') return [...all, defined(hit.key, 'unknown')];
  return all.flatMap((flag) => {
    if (flag.ref.key !== hit.key) return [flag];
    switch (hit.code) {
      case 'flag-unreferenced':
        return [];
      case 'flag-archived':
        return [{ ...flag, archived: false, deprecated: false }];
      case 'flag-client-unavailable':
        return [{ ...flag, availableTo: { browser: true, mobile: true } }];
      case 'flag-wrong-type':
        return [{ ...flag, type: at?.valueType ?? 'unknown' }];
      case 'variant-undefined':
        return [{ ...flag, variants: [...flag.variants, { name: 'new', value: 'gren' }] }];
      default:
        return [flag];
    }
  });
}

describe('every diagnostic', () => {
  it('goes when its cause is removed, and stands on its own evidence', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(flags, files, (all, of) => {
        for (const hit of find(all, of)) {
          seen.add(hit.code);
          const at = of
            .flatMap(({ references }) => references)
            .find((one) => one.line === hit.place?.line && one.key === hit.key);
          if (hit.code === 'flag-default-differs') {
            // Without this call there is nothing to disagree.
            const rest = of.map((file) => ({ ...file, references: file.references.filter((one) => one !== at) }));
            expect(find(all, rest).some((other) => isSame(other, hit))).toBe(false);
          } else expect(find(withoutCause(hit, all, at), of).some((other) => isSame(other, hit))).toBe(false);
        }
      }),
      { numRuns: 150, seed: 7 },
    );
    // What flag files say of themselves is no matter of code.
    expect([...seen].sort()).toEqual(diagnosticCodes.filter((code) => code !== 'flag-file').sort());
  });

  it('is taken away by its first fix where that writes another key or text', () => {
    fc.assert(
      fc.property(flags, files, (all, of) => {
        for (const hit of find(all, of)) {
          const [fix] = hit.fixes;
          if (fix?.kind !== 'replaceKey' && fix?.kind !== 'replaceVariant') continue;
          const fixed = of.map((file) => ({
            ...file,
            references: file.references.map((one) => {
              if (one.line !== hit.place?.line || one.key !== hit.key) return one;
              const regions = one.regions.map((each) => ({ ...each, when: { is: 'equal' as const, value: fix.to } }));
              return fix.kind === 'replaceKey' ? { ...one, key: fix.to } : { ...one, regions };
            }),
          }));
          expect(find(all, fixed).some((other) => isSame(other, hit))).toBe(false);
        }
      }),
      { numRuns: 80, seed: 11 },
    );
  });

  it('is not said twice, nor with what is switched off', () => {
    fc.assert(
      fc.property(flags, files, fc.constantFrom(...diagnosticCodes), (all, of, code) => {
        const found = find(all, of);
        expect(new Set(found.map((hit) => JSON.stringify(hit))).size).toBe(found.length);
        const without = diagnose(of, diagnosing([answered(all)], { [code]: 'off' }));
        expect(without).toEqual(found.filter((hit) => hit.code !== code));
      }),
      { numRuns: 50, seed: 13 },
    );
  });
});

describe('the book of references', () => {
  it('is the same after files changed as made anew', () => {
    fc.assert(
      fc.property(flags, files, files, fc.nat(), (all, before, after, gone) => {
        const book = new ReferenceBook(before);
        for (const file of after) book.set(file);
        const first = before[gone % Math.max(1, before.length)];
        if (first) book.delete(first);
        const left = new Map([...before, ...after].map((file) => [file.path, file]));
        if (first) left.delete(first.path);
        const now = [...left.values()];
        const of = diagnosing([answered(all)]);
        const kept = new Diagnosis(book, of);
        const sorted = (found: readonly FlagDiagnostic[]) =>
          found.map((hit) => JSON.stringify({ ...hit, related: [] })).sort();
        const incremental = [...now.flatMap((file) => kept.ofFile(file)), ...kept.unreferenced()];
        expect(sorted(incremental)).toEqual(sorted(diagnose(now, of)));
      }),
      { numRuns: 80, seed: 17 },
    );
  });
});
