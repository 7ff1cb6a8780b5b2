import { describe, expect, it } from 'vitest';
import { namesByValue } from '../../../src/model/variantNames';

describe('names by value', () => {
  it('knows a variant by its value', () => {
    const variants = [
      { name: 'enabled', value: true },
      { name: 'disabled', value: false },
      { name: 'pale', value: 'blue' },
      { name: 'three', value: 3 },
    ];
    expect([...namesByValue(variants)]).toEqual([
      ['true', 'enabled'],
      ['false', 'disabled'],
      ['blue', 'pale'],
      ['3', 'three'],
    ]);
  });

  it('knows none by a value that two have, that is the name of another, or that is a document', () => {
    const variants = [
      { name: 'a', value: 1 },
      { name: 'b', value: 1 },
      { name: 'c', value: 'a' },
      { name: 'd', value: { rate: 1 } },
      { name: 'e', value: 'x'.repeat(101) },
      { name: 'f', value: null },
    ];
    expect([...namesByValue(variants)]).toEqual([]);
  });
});
