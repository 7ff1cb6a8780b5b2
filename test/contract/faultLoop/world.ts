import type { Intent } from '../../../src/model/change';
import type { FaultScene } from './faults';

/**
 * A flag system as the fault loop needs it: where it is, what its orders look like, and what it says itself, asked without
 * the proxy. A further system is one of these.
 */
export interface FaultyWorld extends Pick<FaultScene, 'vendorError' | 'requiredFields'> {
  /** The type in `.sightglass.json`. */
  readonly type: string;
  readonly url: string;
  readonly token: string;
  readonly project: string;
  readonly environment: string;
  /** Flags that the loop changes, and nobody else. */
  readonly keys: readonly string[];
  /** A flag that somebody else changes, which must come onto the screen. */
  readonly theirs: string;
  /** Whether a request changes flags. */
  readonly isWrite: (method: string, path: string) => boolean;
  /** Requests that a plan takes: `native` of the plan. */
  readonly stepsOf: (native: string) => number;
  /** What a state says, in short; of a state's `raw` and of the text of a plan's side. */
  readonly shortOf: (raw: string) => string;
  /** The flag as the server has it now. */
  readonly standing: (key: string) => Promise<string>;
  /** Every state that the server's own log says was written, oldest first. */
  readonly written: (key: string) => Promise<readonly string[]>;
  /** Ids of plans of which the server keeps what was never made: their entries have to say so. */
  readonly left?: () => readonly string[];
  /** Sets `theirs` to something else. */
  readonly somebodyElse: (turn: number) => Promise<void>;
  /** The change number `turn` of a flag that is so, in short: one that takes a single request. */
  readonly intent: (turn: number, chance: number, short: string) => Intent;
}
