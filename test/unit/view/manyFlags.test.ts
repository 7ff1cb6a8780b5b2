import { expect, it } from 'vitest';
import { treeJournal } from '../../../src/view/treeJournal';
import { filtered, knownFlags } from '../../../src/view/treeFlags';
import { shareWords } from '../../../src/view/shareWords';
import type { TreeInput } from '../../../src/view/input';
import { memoryL10n } from '../../../src/platform/memory/l10n';
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

it('knows the flags of several projects by key, and those of now when one of them answered anew', () => {
  const flags = (...keys: string[]): FlagSnapshot[] =>
    keys.map((key) => ({ ref: ref(key) }) as unknown as FlagSnapshot);
  const known = (...lists: FlagSnapshot[][]): string[] => {
    const projects = lists.map((list) => ({ answer: { state: 'ok', at: 0, value: { flags: list } } }));
    return knownFlags({ flags: { projects } } as unknown as TreeInput).map(({ ref: { key } }) => key);
  };
  const [first, second] = [flags('b', 'd'), flags('c', 'a')];
  expect(known(first, second)).toEqual(['a', 'b', 'c', 'd']);
  expect(known(first, second)).toEqual(['a', 'b', 'c', 'd']);
  expect(known(first, flags('e'))).toEqual(['b', 'd', 'e']);
  expect(known(first)).toEqual(['b', 'd']);
});

it('says the share of a state by the flag it is asked for, in the language that is asked for', () => {
  const shares = { blue: 1 };
  const state = {
    ...{ switch: 'on', offVariant: 'green' },
    effective: { kind: 'everyone', shares, defaultShares: shares, ruleCount: 0 },
  } as unknown as Parameters<typeof shareWords>[1]['state'];
  const flagOf = (...values: unknown[]): FlagSnapshot =>
    ({ variants: values.map((value, at) => ({ name: ['blue', 'green'][at], value })) }) as unknown as FlagSnapshot;
  const german = { ...memoryL10n, t: () => 'an' };
  expect(shareWords(flagOf('b', 'g'), { state }, memoryL10n).texts[0]).toBe('"blue"');
  const boolean = flagOf(true, false);
  expect(shareWords(boolean, { state }, memoryL10n).texts).toEqual(['on']);
  expect(shareWords(boolean, { state }, german).texts).toEqual(['an']);
  expect(shareWords(boolean, { state }, memoryL10n).texts).toEqual(['on']);
});
