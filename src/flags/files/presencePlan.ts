import type { Plan } from '../../model/change';
import type { SystemDeps } from '../deps';
import { PlanError } from '../system';
import type { DefinedFlag } from './definedFlag';
import { filePlan, type TextChange } from './filePlan';

/** What a flag does and has, in words of its system, and what happens before those who ask for it hear of a change. */
export interface Said<Defined> {
  readonly side: (definition: Defined) => Plan['before'];
  readonly delay: readonly string[];
}

/**
 * Puts a flag, off, into a file that has it not. `definition`: what is read of the file as it will be; `place`: where it is
 * written to, in words. Throws {@link PlanError} where that is not what was written.
 */
export function insertionPlan<Defined extends DefinedFlag>(
  change: Omit<TextChange, 'before'>,
  definition: Defined | undefined,
  place: (definition: Defined) => string,
  { side, delay }: Said<Defined>,
  deps: SystemDeps,
): Plan {
  const { t } = deps.l10n;
  if (!definition || definition.unreadable || definition.text !== change.after)
    throw new PlanError('unsupported', t('{0} is written in a way that cannot be edited safely.', change.file.path));
  return filePlan(
    { ...change, before: '' },
    {
      direction: 'off',
      before: absentSide(deps),
      after: side(definition),
      notes: [place(definition), t('Who asks for it got the default in the code until now.'), ...delay],
    },
    deps,
  );
}

/** Takes a flag out of its file, whatever it says. */
export function removalPlan<Defined extends DefinedFlag>(
  change: Omit<TextChange, 'before' | 'after'>,
  definition: Defined,
  { side, delay }: Said<Defined>,
  deps: SystemDeps,
): Plan {
  const before = side(definition);
  return filePlan(
    { ...change, before: definition.text, after: '' },
    {
      // What callers get from then on stands in their code, and may be anything.
      direction: 'up',
      before,
      after: absentSide(deps),
      notes: [deps.l10n.t('It is taken out of {0}: {1} until now.', change.file.path, before.words), ...delay],
    },
    deps,
  );
}

const absentSide = ({ l10n }: SystemDeps): Plan['before'] => ({
  words: l10n.t('not defined: everyone gets the default in the code'),
  text: '',
  shares: null,
});
