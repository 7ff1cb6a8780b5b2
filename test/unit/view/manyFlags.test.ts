import { expect, it } from 'vitest';
import { treeJournal } from '../../../src/view/treeJournal';
import { filtered } from '../../../src/view/treeFlags';
import type { JournalEntry } from '../../../src/model/change';
import type { FlagSnapshot } from '../../../src/model/flag';

const ref = (key: string) => ({ system: 'flags', project: 'shop', key });
const environment = (name: string) => ({ system: 'flags', project: 'shop', name });
const entry = (id: string, key: string, name: string, at: number, status: JournalEntry['status']): JournalEntry =>
  ({ id, status, consent: { at }, plan: { ref: ref(key), environment: environment(name) } }) as unknown as JournalEntry;

it('finds the newest change of a flag in an environment, and what was changed since, whatever their order', () => {
  const journal = treeJournal([
    entry('b', 'one', 'production', 20, 'refused'),
    entry('c', 'one', 'production', 30, 'applied'),
    entry('a', 'one', 'test', 10, 'verified'),
    entry('d', 'two', 'test', 40, 'refused'),
  ]);
  expect(journal.newest(ref('one'), environment('production'))?.id).toBe('c');
  expect(journal.newest(ref('one'), environment('test'))?.id).toBe('a');
  expect(journal.newest(ref('one'), environment('other'))).toBeUndefined();
  expect(journal.newest({ ...ref('one'), project: 'other' }, environment('test'))).toBeUndefined();
  expect(journal.changedSince(ref('one'), 30)).toBe(true);
  expect(journal.changedSince(ref('one'), 31)).toBe(false);
  // Refused is not changed.
  expect(journal.changedSince(ref('two'), 0)).toBe(false);
});

it('filters by words anywhere in key, name, description, owner and tags, whatever their case', () => {
  const flag = { ref: ref('Checkout-v2'), name: 'New till', description: null, owner: 'Ana', tags: ['team-7'] };
  const flags = [flag as unknown as FlagSnapshot];
  for (const filter of ['', 'CHECKOUT', 'till checkout', 'ana team-7', '  v2  '])
    expect(filtered(flags, filter)).toEqual(flags);
  for (const filter of ['x', 'checkout x', 'null']) expect(filtered(flags, filter)).toEqual([]);
});
