export interface FliptEngine {
  boolean(flagKey: string, entityId: string, context: Readonly<Record<string, string>>): boolean;
  variant(
    flagKey: string,
    entityId: string,
    context: Readonly<Record<string, string>>,
  ): { readonly match: boolean; readonly variantKey: string; readonly reason: string };
  close(): void;
}
export declare const fliptEngineNeeds: string;
export declare const fliptEngineHow: string;
export declare function hasFliptEngine(): boolean;
export declare function openFliptEngine(snapshot: {
  readonly namespace: { readonly key: string };
  readonly flags: readonly unknown[];
}): Promise<FliptEngine>;
