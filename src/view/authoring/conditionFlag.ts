import type { FlagSnapshot } from '../../model/flag';

/** Of the flags that a key may mean the one that can be a condition: on or off, or a text, and still served. */
export const conditionFlag = (flags: readonly FlagSnapshot[]): FlagSnapshot | undefined =>
  flags.find(({ type, archived }) => !archived && type !== 'number' && type !== 'object');
