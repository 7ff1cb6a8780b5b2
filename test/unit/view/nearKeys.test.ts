import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NearKeys } from '../../../src/view/nearKeys';
import { slips } from '../../../src/view/slips';

/** The same distance as the definition has it, without any of the shortcuts. */
function plainly(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i + j));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = cost;
    }
  return rows[a.length]![b.length]!;
}

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), maxLength: 12 });

describe('slips', () => {
  it('are the distance as it is defined, up to the limit', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 1, max: 6 }), (a, b, limit) => {
        expect(slips(a, b, limit)).toBe(Math.min(limit, plainly(a, b)));
      }),
      { numRuns: 2_000, seed: 3 },
    );
  });
});

describe('the nearest of many keys', () => {
  it('is as near as weighing all of them finds', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e', '-'), minLength: 3, maxLength: 14 });
    fc.assert(
      fc.property(key, fc.array(key, { maxLength: 12 }), (wanted, known) => {
        const most = Math.min(4, Math.floor(wanted.length / 3));
        const pairs = new Set(Array.from(`^${wanted}`, (_, at) => `^${wanted}$`.slice(at, at + 2))).size;
        // A key that repeats itself has few pairs, and may lose them all: those are not looked for.
        fc.pre(pairs > 3 * most);
        const costs = known.filter((each) => each !== wanted).map((each) => plainly(wanted, each));
        const least = Math.min(...costs, Number.POSITIVE_INFINITY);
        const found = new NearKeys(known).nearest(wanted);
        if (least > most) expect(found).toBe(null);
        else expect(plainly(wanted, found ?? '')).toBe(least);
      }),
      { numRuns: 1_000, seed: 5 },
    );
  });
});

describe('the nearest key', () => {
  const known = ['new-checkout', 'new-checkin', 'cart', 'loyaltyPoints'];
  it.each([
    ['new-chekout', 'new-checkout'],
    ['new-chekcout', 'new-checkout'],
    ['NewCheckout', 'new-checkout'],
    ['loyalty-points', 'loyaltyPoints'],
    ['crat', 'cart'],
    ['car', 'cart'],
    ['cat-food', null],
    ['', null],
  ])('of "%s" is %s', (key, expected) => {
    expect(new NearKeys(known).nearest(key)).toBe(expected);
  });
});
