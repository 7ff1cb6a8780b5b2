import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { searchKeys, type Searched } from '../../../src/view/keySearch';

/** What is meant, said plainly: every key is looked at, nothing is counted beforehand. */
function plainly(keys: readonly string[], { written, prefix, suffix }: Searched, few: number, enough: number) {
  const wanted = written.toLowerCase();
  const texts = keys.flatMap((key) =>
    key.startsWith(prefix) && key.endsWith(suffix) && (prefix + suffix === '' || key.length > (prefix + suffix).length)
      ? [{ key, text: key.slice(prefix.length, key.length - suffix.length).toLowerCase() }]
      : [],
  );
  const rank = (text: string): number => {
    const at = text.indexOf(wanted);
    if (at <= 0) return at === 0 ? 0 : 3;
    return /[\p{L}\p{N}]/u.test(text.charAt(at - 1)) ? 2 : 1;
  };
  const letters = new RegExp(
    Array.from(wanted, (one) => `\\u{${one.codePointAt(0)?.toString(16) ?? ''}}`).join('.*'),
    'su',
  );
  const holding = [0, 1, 2].flatMap((wantedRank) => texts.filter(({ text }) => rank(text) === wantedRank));
  const loose = holding.length < few ? texts.filter(({ text }) => rank(text) === 3 && letters.test(text)) : [];
  return [...holding, ...loose].slice(0, enough).map(({ key }) => key);
}

const sign = fc.constantFrom(...Array.from('abcAB01-_.ключ'));
const text = (maxLength: number) => fc.array(sign, { maxLength }).map((signs) => signs.join(''));

describe('the search of keys', () => {
  it('finds what looking at every key finds', () => {
    fc.assert(
      fc.property(
        fc.array(text(7), { maxLength: 40 }),
        fc.record({ written: text(3), prefix: text(1), suffix: text(1) }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 12 }),
        (keys, searched, few, more) => {
          const enough = few + more;
          expect(searchKeys(keys, searched, few, enough)).toEqual(plainly(keys, searched, few, enough));
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
