import { saysFlag } from '../flagNames';
import type { Family } from '../summary';
import { asMatch, distinct, type Match, type Step } from './match';
import type { Wrappers } from './wrappers';

/**
 * A call by its name alone in Ruby, of which no class around tells: a method of a module that is mixed in, of a helper
 * that every view has, of what the framework puts there.
 */
export function mixedIn(family: Family, name: string, wrappers: Wrappers, step: Step): Match[] {
  if (family !== 'ruby') return [];
  const own = wrappers.named(name).filter((wrapper) => wrapper.fixed === null && wrapper.field === null);
  return distinct(own).map((wrapper) => asMatch(wrapper, saysFlag(name) ? 'followed' : 'guessed', step));
}
