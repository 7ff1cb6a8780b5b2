import type { FlagSnapshot } from '../model/flag';
import type { FlagRef } from '../model/identity';

/** A flag of which nothing is known but that it is called so: one that is to be made, or of a list of keys. */
export const bareFlag = (ref: FlagRef): FlagSnapshot => ({
  ref,
  name: null,
  description: null,
  type: 'unknown',
  variants: [],
  owner: null,
  tags: [],
  changed: null,
  archived: false,
  unreadable: null,
  states: [],
});

/** A flag whose answer cannot be read: listed under its key, with the reason. `code` names the problem. */
export const unreadableFlag = (ref: FlagRef, code: string, reason: string): FlagSnapshot => ({
  ...bareFlag(ref),
  unreadable: { severity: 'error', code, message: reason, key: ref.key },
});
