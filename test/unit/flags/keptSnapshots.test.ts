import { expect, it } from 'vitest';
import { KeptSnapshots } from '../../../src/flags/rest/keptSnapshots';
import type { FlagSnapshot } from '../../../src/model/flag';

it('a flag is another where it is made of more than before, or of less', () => {
  const kept = new KeptSnapshots();
  let made = 0;
  const get = (...of: unknown[]): number => Number(kept.get('a', of, () => ++made as unknown as FlagSnapshot));
  expect([get('x'), get('x'), get('x', 'y'), get('x')]).toEqual([1, 1, 2, 3]);
});
