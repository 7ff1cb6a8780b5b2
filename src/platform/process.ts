export interface RunOptions {
  readonly cwd?: string;
  readonly signal?: AbortSignal;
  readonly timeoutMs: number;
  /** Output past this is cut and the process ended. */
  readonly maxBytes: number;
  /** Called for every line of stdout, without its end. */
  onLine(line: string): void;
}

export interface RunResult {
  /** null when ended by a signal. */
  readonly code: number | null;
  readonly stderr: string;
  readonly truncated: boolean;
}

/** Runs an executable by absolute path with an argument list; never a shell. Rejects when it cannot be started. */
export interface Processes {
  run(executable: string, args: readonly string[], options: RunOptions): Promise<RunResult>;
}
