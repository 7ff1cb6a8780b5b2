export declare const victoriaMetricsNeeds: string;
export declare const victoriaMetricsHow: string;
export declare function hasVictoriaMetrics(): boolean;
export declare function startVictoriaMetrics(of: {
  readonly folder: string;
  readonly history?: string;
  readonly prefix?: string;
}): Promise<{ readonly url: string; readonly stop: () => Promise<void> }>;
