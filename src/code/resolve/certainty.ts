import type { Reference } from '../../model/reference';
import type { Expr } from '../summary';
import { saysFlag } from '../flagNames';
import { isFlagService } from './flagService';
import type { KeyFound } from './keyFound';
import { inWords } from './keys';
import type { Match } from './match';

export interface Judged {
  readonly certainty: Reference['certainty'];
  /** What speaks for it, beyond the trace; null where the trace says all. */
  readonly because: string | null;
}

/** How sure it is that a call asks for this key; undefined where too little speaks for it. */
export function certaintyOf(
  { evidence }: Match,
  found: Extract<KeyFound, { k: 'key' }>,
  isKnown: boolean,
  /** Classes around the call, from the innermost out. */
  around: readonly string[],
): Judged | undefined {
  if (evidence === 'followed') return { certainty: 'certain', because: null };
  if (evidence === 'likely') return { certainty: 'likely', because: null };
  if (evidence === 'named' && found.via !== 'literal' && (saysFlag(tableOf(found.e)) || isServices(found.e, around)))
    return { certainty: 'certain', because: `${inWords(found.e)} is one of a table of flags` };
  return isKnown ? { certainty: 'likely', because: `"${found.key}" is a flag of a connected system` } : undefined;
}

/** A service of flags names its own by constants that need not say so: `IsEnabled(BANNER)` in `FlagService`. */
const isServices = (e: Expr, around: readonly string[]): boolean =>
  e.k === 'id' && around.slice(0, 1).some(isFlagService);

/** What a constant is one of: `FeatureFlagKeys` of `FeatureFlagKeys.PlanChange`, else its own name. */
function tableOf(e: Expr): string {
  return e.k === 'mem' ? inWords(e.o) : inWords(e);
}
