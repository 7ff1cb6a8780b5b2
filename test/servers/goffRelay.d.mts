export interface RunningGoffRelay {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly port: number;
  readonly stop: () => Promise<void>;
}
export declare const goffRelayNeeds: string;
export declare const goffRelayHow: string;
export declare function hasGoffRelay(): boolean;
export declare function startGoffRelay(of: {
  readonly folder: string;
  readonly sources: readonly string[];
  readonly format?: 'yaml' | 'json' | 'toml';
  readonly keys?: readonly string[];
  readonly adminKeys?: readonly string[];
  readonly pollMs?: number;
  readonly port?: number;
}): Promise<RunningGoffRelay>;
