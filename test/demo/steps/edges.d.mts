export declare const shopRoutes: Readonly<Record<'checkout' | 'payments' | 'storefront', readonly string[]>>;
export declare const shopCalls: readonly {
  readonly client: string;
  readonly server: string;
  readonly operation: string;
}[];
export declare function edgeProblems(home: string): Promise<string[]>;
export declare function differences(
  edges: readonly {
    readonly client: string | null;
    readonly server: string;
    readonly operation: { readonly name: string } | null;
  }[],
): string[];
