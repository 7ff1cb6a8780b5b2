import type { RawState } from './rawState';
import type { LdFlag } from './schema';

/** What a flag is, where it is to be changed. */
export interface Standing {
  readonly flag: LdFlag;
  readonly environment: string;
  readonly raw: RawState;
  /** Names of the variations, by place. */
  readonly variants: readonly string[];
  /** Place and name of the off variant; null where there is none. */
  readonly off: { readonly at: number; readonly name: string } | null;
  readonly offReason: string;
}

export interface Changed {
  readonly raw: RawState;
  readonly notes: readonly string[];
}
