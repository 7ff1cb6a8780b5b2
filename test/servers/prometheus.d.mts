export declare const prometheusNeeds: string;
export declare const prometheusHow: string;
export declare function hasPrometheus(): boolean;
export declare function startPrometheus(of: {
  readonly folder: string;
  readonly history?: string;
  readonly prefix?: string;
  readonly scrape?: string;
}): Promise<{ readonly url: string; readonly stop: () => Promise<void> }>;
