export interface RunningFlagd {
  readonly ports: { readonly sync: number; readonly ofrep: number };
  /** `grpc://127.0.0.1:port` */
  readonly sync: string;
  /** `http://127.0.0.1:port` */
  readonly ofrep: string;
  /** `0.11.2`; of the stand-in, the one it is made after. */
  readonly version: string;
  readonly stop: () => Promise<void>;
  /** Only the stand-in tells: the time (epoch ms) at which each state is put on the wire. Returns how to stop. */
  readonly onSent: (listener: (at: number) => void) => () => void;
}
export interface StartOf {
  readonly sources: readonly string[];
  readonly ports?: RunningFlagd['ports'];
}
export declare const flagdNeeds: string;
export declare const flagdHow: string;
export declare function flagdBinary(): string | null;
export declare function flagdVersion(): string;
export declare function startFlagd(of: StartOf): Promise<RunningFlagd>;
