import { expect, it } from 'vitest';
import { anyChange, choicesOf, filterInWords, isSame, isWanted } from '../../../src/view/journalFilter';
import type { ChangeStatus, JournalEntry } from '../../../src/model/change';
import { memoryL10n } from '../../../src/platform/memory/l10n';

const entry = (key: string, environment: string, who: string, status: ChangeStatus, undoneBy: string | null = null) =>
  ({ status, undoneBy, consent: { who }, plan: { ref: { key }, environment: { name: environment } } }) as JournalEntry;
const entries = [
  entry('checkout', 'production', 'Ana', 'verified'),
  entry('checkout', 'staging', 'Ana', 'applied'),
  entry('banner', 'production', 'Ben', 'applied', 'x'),
  entry('checkout-v2', 'production', 'Ben', 'conflict'),
];

it('what a part can be is counted among the changes that the other parts leave', () => {
  expect(choicesOf(entries, anyChange, 'flag')).toEqual([
    { value: 'checkout', count: 2 },
    { value: 'banner', count: 1 },
    { value: 'checkout-v2', count: 1 },
  ]);
  const filter = { ...anyChange, environment: 'production', who: 'Ben' };
  expect(choicesOf(entries, filter, 'outcome').map(({ value }) => value)).toEqual(['refused', 'undone']);
  expect(choicesOf(entries, filter, 'environment')).toEqual([{ value: 'production', count: 2 }]);
  for (const part of ['flag', 'environment', 'who', 'outcome'] as const)
    for (const { value, count } of choicesOf(entries, anyChange, part))
      expect(entries.filter((each) => isWanted(each, { ...anyChange, [part]: value }, isSame)).length).toBe(count);
});

it('a filter is said in one line, with nothing of others that could be more', () => {
  expect(filterInWords(anyChange, memoryL10n)).toBe('');
  const filter = { flag: 'check\nout', environment: 'production', who: 'Ana', outcome: 'refused' } as const;
  expect(filterInWords(filter, memoryL10n)).toBe('flag check out · in production · by Ana · refused');
});
