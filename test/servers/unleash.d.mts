export type UnleashDatabase = 'pglite' | 'postgres';

export const unleashHow: string;
export const adminToken: string;
export function backendToken(environment: string): string;
/** Those to be tried here: both, or the one that SIGHTGLASS_UNLEASH_DB names. */
export function unleashDatabases(): UnleashDatabase[];
/** What is missing for it; null when it can be started. */
export function unleashNeeds(database: UnleashDatabase): string | null;
export function startUnleash(options?: {
  readonly database?: UnleashDatabase;
  /** How often a minute it may be searched. */
  readonly searchLimit?: number;
  readonly patienceMs?: number;
}): Promise<{
  readonly url: string;
  /** Runs a text in its database; rows of the last statement. */
  readonly sql: (text: string) => Promise<readonly Record<string, unknown>[]>;
  readonly stop: () => Promise<void>;
  readonly startedInMs: number;
}>;
