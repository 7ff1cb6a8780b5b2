import type { RawState } from './rawState';
import type { GbFeature } from './schema';
import type { Edit } from './nativePlan';
import type { NamedVariant, Variants } from './variants';

/** What a flag is, where it is to be changed. */
export interface Standing {
  readonly feature: GbFeature;
  readonly environment: string;
  readonly raw: RawState;
  readonly variants: Variants;
  /** Null where there is none. */
  readonly off: NamedVariant | null;
  readonly offReason: string;
  /** Every environment that the project has. */
  readonly environments: readonly string[];
  /** Epoch ms. */
  readonly now: number;
}

export interface Changed {
  readonly raw: RawState;
  readonly edits: readonly Edit[];
  /** What takes the edits back, in their order. */
  readonly undo: readonly Edit[];
  readonly notes: readonly string[];
}
