/** Log of one topic. Implementations redact secrets and never take focus. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  /** `error` is summarised by message and stack; pass the caught value as it is. */
  error(message: string, error?: unknown): void;
  child(topic: string): Log;
}
