import { expect, it } from 'vitest';
import { conditionFlag } from '../../../src/view/authoring/conditionFlag';
import { flag, state, stringFlag } from './sample';

const shares = { on: 1, off: 0 };

it('is the flag of a key that can be a condition, whichever system names it first', () => {
  const on = flag([state(shares)]);
  const text = stringFlag({ red: 1, blue: 0 });
  const number = flag([state(shares)], { type: 'number' });
  const archived = flag([state(shares)], { archived: true });
  expect(conditionFlag([number, text])).toBe(text);
  expect(conditionFlag([archived, on])).toBe(on);
  expect(conditionFlag([archived, number])).toBeUndefined();
});
