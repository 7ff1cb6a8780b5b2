/** What bounds the memory of the rollups, whatever arrives. */
export interface RollupLimits {
  readonly services: number;
  readonly operations: number;
  readonly flags: number;
  readonly variantsPerFlag: number;
  readonly versions: number;
  /** Cells of one minute; arms beyond are not told apart, operations always are. */
  readonly cellsPerMinute: number;
  /** Edges between services within one hour. */
  readonly edgesPerHour: number;
  /** Cells held as objects before the oldest minutes are packed. */
  readonly openCells: number;
  /** Packed history, in bytes. */
  readonly packedBytes: number;
  /** Minutes kept. */
  readonly minutes: number;
}

export const defaultRollupLimits: RollupLimits = {
  services: 500,
  operations: 2_000,
  flags: 1_000,
  variantsPerFlag: 50,
  versions: 1_000,
  cellsPerMinute: 50_000,
  edgesPerHour: 2_000,
  openCells: 60_000,
  packedBytes: 64 * 1024 * 1024,
  minutes: 24 * 60,
};

/** What stands for everything past a limit. */
export const otherName = 'other';

export const minuteMs = 60_000;
export const minuteOf = (ms: number): number => Math.floor(ms / minuteMs);
