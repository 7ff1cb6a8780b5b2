import { expect, it } from 'vitest';
import {
  accessorWords,
  holderOf,
  holderWords,
  isAccessor,
  isWrapper,
  wrapperWords,
} from '../../../src/model/traceWords';

it('what is written of a step is read of it again, and of no other', () => {
  for (const kind of ['constant', 'enum member', 'property'] as const) {
    const words = holderWords(kind, 'Flags.newCheckout', 'wrapper x');
    expect([holderOf({ words }), isAccessor({ words }), isWrapper({ words })]).toEqual([
      'Flags.newCheckout',
      false,
      false,
    ]);
  }
  const accessor = { words: accessorWords('Checkout.Value', 'k') };
  expect([holderOf(accessor), isAccessor(accessor), isWrapper(accessor)]).toEqual([null, true, false]);
  const wrapper = { words: wrapperWords('isOn', 'passes its parameter to getBooleanValue') };
  expect([holderOf(wrapper), isAccessor(wrapper), isWrapper(wrapper)]).toEqual([null, false, true]);
  expect(holderOf({ words: '"constant x = " is written in a' })).toBeNull();
});
