export interface RunningJaeger {
  /** `http://127.0.0.1:port`: its query API. */
  readonly url: string;
  /** Where it takes OTLP over HTTP: `http://127.0.0.1:port/v1/traces`. */
  readonly otlp: string;
  readonly stop: () => Promise<void>;
}
export declare const jaegerNeeds: string;
export declare const jaegerHow: string;
export declare function hasJaeger(): boolean;
export declare function startJaeger(of: { readonly folder: string }): Promise<RunningJaeger>;
