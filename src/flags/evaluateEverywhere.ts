import type { Environment } from '../model/flag';
import type { FlagRef } from '../model/identity';
import type { Json } from '../model/json';
import type { EvaluatedAs, FlagSystem } from './system';

/** What somebody is given in one environment, or why that cannot be told. */
export interface EvaluatedIn {
  readonly environment: Environment;
  readonly answer: EvaluatedAs | null;
  readonly error: string | null;
}

/**
 * What somebody with this context is given in each of these environments, asked one after the other: one that cannot tell
 * leaves the others. Rejects only when given up, or where the system evaluates nothing at all.
 */
export async function evaluateEverywhere(
  system: FlagSystem,
  ref: FlagRef,
  environments: readonly Environment[],
  context: Readonly<Record<string, Json>>,
  signal: AbortSignal,
): Promise<readonly EvaluatedIn[]> {
  const found: EvaluatedIn[] = [];
  for (const environment of environments) {
    try {
      const answer = (await system.evaluateAs?.(ref, environment.ref, context, signal)) ?? null;
      found.push({ environment, answer, error: null });
    } catch (error) {
      signal.throwIfAborted();
      found.push({ environment, answer: null, error: error instanceof Error ? error.message : String(error) });
    }
  }
  return found;
}
