/** A service that the change is in, with who else uses it. All names come from outside: escape them before display. */
export interface ServiceImpact {
  readonly service: string;
  /** Changed files that are built into it. */
  readonly files: readonly string[];
  /** By the catalog. */
  readonly owner: string | null;
  readonly consumers: readonly Party[];
  /** Whom it uses. */
  readonly providers: readonly Party[];
  /** Parties that are too many to be told. */
  readonly left: { readonly consumers: number; readonly providers: number };
  /** How far back it was looked for what is observed. */
  readonly windowMinutes: number;
  /** Sources that answered. */
  readonly asked: readonly string[];
  /** Why there may be others; only where this is empty do no consumers mean that there are none. */
  readonly unknown: readonly string[];
}

/** Who uses, or is used; with what each source says. */
export interface Party {
  /** Null: callers that are not traced, whoever they are. A path: code that is of no service that is known. */
  readonly name: string | null;
  /** In a catalog. */
  readonly declared: readonly { readonly api: string | null; readonly path: string }[];
  readonly observed: readonly Observed[];
  /** In the code of this repository: lines that write a route of the called service. */
  readonly found: readonly { readonly path: string; readonly line: number; readonly template: string }[];
  /** Lines that are too many to be told. */
  readonly left: { readonly declared: number; readonly observed: number; readonly found: number };
  /** `not-observed`: declared, and not seen in the window; `not-declared`: seen, and declared nowhere. */
  readonly disagreement: 'not-observed' | 'not-declared' | null;
}

/** Times are epoch milliseconds, null where the source keeps none. */
export interface Observed {
  readonly source: string;
  readonly environment: string;
  readonly windowMinutes: number;
  readonly requests: number;
  /** To operations that the change touches; null: the source does not tell operations apart, or none is known. */
  readonly requestsToChanged: number | null;
  readonly since: number | null;
  readonly lastSeen: number | null;
  readonly messaging: boolean;
  /** The busiest, of those that the change touches where there are any. */
  readonly operations: readonly string[];
}

/** Files of one group of owners, by CODEOWNERS. */
export interface OwnedPaths {
  /** Empty: nobody's. */
  readonly owners: readonly string[];
  readonly paths: readonly string[];
}
