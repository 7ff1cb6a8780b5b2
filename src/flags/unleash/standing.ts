import type { EffectiveState } from './effective';
import type { RawState } from './rawState';
import type { Reading } from './strategies';

/** What a flag is, where it is to be changed. */
export interface Standing {
  readonly key: string;
  readonly environment: string;
  readonly raw: RawState;
  readonly active: readonly Reading[];
  readonly state: EffectiveState;
  readonly variants: readonly string[];
}

export interface Changed {
  readonly raw: RawState;
  readonly notes: readonly string[];
}
