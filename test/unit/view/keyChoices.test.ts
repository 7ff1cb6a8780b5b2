import { describe, expect, it } from 'vitest';
import type { FlagSnapshot } from '../../../src/model/flag';
import type { FlagLookup } from '../../../src/view/input';
import { flagLookup } from '../../../src/view/flagLookup';
import { keyChoices, mostChoices, variantChoices, type Wanted } from '../../../src/view/keyChoices';
import { flag, now, project, state, stringFlag } from './sample';

const named = (key: string, more: Partial<FlagSnapshot> = {}): FlagSnapshot => {
  const one = flag([state({ on: 1 })], more);
  return { ...one, ref: { ...one.ref, key } };
};
const lookupOf = (flags: readonly FlagSnapshot[]): FlagLookup =>
  flagLookup([
    {
      ...{ system: 'flags', systemType: 'flagd', project: 'shop' },
      answer: { state: 'ok', value: project(flags), at: now },
    },
  ]);
const wanted = (written: string, more: Partial<Wanted> = {}): Wanted => ({
  ...{ written, prefix: '', suffix: '', valueType: null, bare: false },
  ...more,
});
const offered = (flags: readonly FlagSnapshot[], asked: Wanted): string[] =>
  keyChoices(lookupOf(flags), asked).choices.map(({ text }) => text);

describe('keys that are offered', () => {
  const flags = ['gift-wrapping', 'checkout-new', 'new-checkout', 'renew', 'nice-extra-words'].map((key) => named(key));

  it('begin with what is written, then have a word that does, then hold it, then its letters', () => {
    expect(offered(flags, wanted('new'))).toEqual(['new-checkout', 'checkout-new', 'renew', 'nice-extra-words']);
    expect(offered(flags, wanted('NEW'))[0]).toBe('new-checkout');
    expect(offered(flags, wanted(''))).toHaveLength(5);
    expect(offered(flags, wanted('zzz'))).toEqual([]);
  });

  it('stand without what a wrapper writes around them, and are only those that it can ask for', () => {
    const some = ['exp-a-v1', 'exp-b-v1', 'exp-c', 'exp--v1', 'b-v1'].map((key) => named(key));
    expect(offered(some, wanted('', { prefix: 'exp-', suffix: '-v1' }))).toEqual(['a', 'b']);
    expect(offered(some, wanted('b', { prefix: 'exp-', suffix: '-v1' }))).toEqual(['b']);
  });

  it('of another type than is asked for come later, archived ones last', () => {
    const some = [named('a-old', { archived: true }), named('a-text', { type: 'string' }), named('a-yes')];
    expect(offered(some, wanted('a', { valueType: 'boolean' }))).toEqual(['a-yes', 'a-text', 'a-old']);
    expect(offered(some, wanted('a', { valueType: 'string' }))).toEqual(['a-text', 'a-yes', 'a-old']);
  });

  it('can be written as they are: none that would end its string, or run on over it', () => {
    const some = [`it's`, 'a"b', 'a\nb', 'a\\b', 'a${b}', 'a`b', 'fine.key/1', 'ключ'].map((key) => named(key));
    expect(offered(some, wanted(''))).toEqual(['fine.key/1', 'ключ']);
    expect(
      offered(
        ['new-one', 'new_one'].map((key) => named(key)),
        wanted('', { bare: true }),
      ),
    ).toEqual(['new_one']);
  });

  it('are few of many, and it is told that there are more', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => named(`flag-${String(index)}`));
    const { choices, cut } = keyChoices(lookupOf(many), wanted('flag-1'));
    expect(choices).toHaveLength(mostChoices);
    expect(cut).toBe(true);
    expect(keyChoices(lookupOf(many), wanted('flag-19999')).choices.map(({ key }) => key)).toEqual(['flag-19999']);
  });
});

describe('what a result is compared with', () => {
  it('values that are texts, then names, each once', () => {
    const variants = [
      { name: 'red', value: '#f00' },
      { name: 'blue', value: 'blue' },
      { name: 'none', value: null },
      { name: 'bad', value: `'); drop()` },
    ];
    expect(variantChoices([{ ...stringFlag({ red: 1 }), variants }]).map(({ text }) => text)).toEqual([
      '#f00',
      'blue',
      'red',
      'none',
      'bad',
    ]);
  });
});
