import type { FlagState } from '../model/flag';
import type { EnvironmentRef } from '../model/identity';

/**
 * A flag in an environment that has none of that key, which code gets its own default for. `reason`: why it cannot be
 * changed there; '' for one that is to be made, of which nobody knows that yet.
 */
export function absentState(environment: EnvironmentRef, reason = ''): FlagState {
  return {
    environment,
    switch: 'absent',
    writable: reason === '' ? { kind: 'unknown' } : { kind: 'no', reason },
    offServes: null,
    offVariant: null,
    offVariantReason: reason,
    defaultRule: { kind: 'codeDefault' },
    rules: [],
    prerequisites: [],
    effective: {
      kind: 'codeDefault',
      shares: null,
      defaultShares: null,
      ruleCount: 0,
      randomised: 'no',
      unreachable: [],
    },
    version: 'absent',
    raw: '',
    location: null,
  };
}
