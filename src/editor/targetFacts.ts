import type { ResolvedFlag } from '../flags/api';
import { flagFact } from '../view/flagFact';
import type { ViewContext } from '../view/input';
import { numbersFor } from '../view/numbers';
import { standings } from '../view/environments';
import { environmentId } from '../model/identity';
import type { FlagTarget } from './flagPick';

/** The inline fact of a flag without its key, for lists. */
export function targetFact(
  context: ViewContext,
  flag: ResolvedFlag | undefined,
): { readonly text: string; readonly regressing: boolean } {
  if (!flag) return { text: '', regressing: false };
  const { text, regression } = flagFact(context, flag.flag, null);
  return { text, regressing: regression };
}

/** What is known of the flag where it is about to be changed, for the question. */
export function targetFacts(context: ViewContext, { flag, environment }: FlagTarget): readonly string[] {
  const id = environmentId(environment.ref);
  const among = standings(context, flag.flag).find((standing) => environmentId(standing.environment.ref) === id);
  if (!among) return [];
  const { reading } = flagFact(context, flag.flag, null, { among });
  const side = reading.kind === 'single' ? reading.side : reading.kind === 'arms' ? reading.treatment : null;
  if (!side) return [];
  const { perMinute, errorRate } = side;
  const { l10n } = context;
  const numbers = numbersFor(l10n);
  return [
    l10n.t('requests {0}', numbers.perMinute(perMinute)),
    ...(errorRate !== null ? [l10n.t('errors {0}', numbers.percent(errorRate))] : []),
  ];
}
