import type { FlagSnapshot, FlagState } from '../model/flag';
import type { Json } from '../model/json';
import type { ComparisonOperator, GuardedRegion, Reference } from '../model/reference';
import { fullName, standings, type Standing } from './environments';
import type { ViewContext } from './input';
import type { DimmedRegion } from './output';
import { subjectOf } from './subject';
import { oneLine, quoted } from './text';

/**
 * Regions nobody can reach: every variant that would lead there is, by the effective state, out of everybody's reach
 * in the environment shown. Unknown values, a default in the code that may be handed out, a likely reference or
 * several flags of one key: nothing is dimmed, since somebody might get there.
 */
export function dimmedRegions(
  context: ViewContext,
  reference: Reference,
  chosen: (flag: FlagSnapshot) => Standing | null,
): DimmedRegion[] {
  if (reference.kind !== 'evaluation' || reference.certainty !== 'certain' || reference.regions.length === 0) return [];
  const subject = subjectOf(context.flags, reference);
  if (subject.kind !== 'one' || subject.flag.unreadable) return [];
  const { flag, source } = subject;
  // A state that may have changed since proves nothing.
  if (source && source.answer.state !== 'ok' && source.answer.state !== 'asking') return [];
  const standing = chosen(flag);
  if (!standing?.state || standing.silent) return [];
  const { state, environment } = standing;
  return reference.regions.flatMap((region) => {
    const leading = deadWays(flag, state, region.when);
    if (!leading) return [];
    const { startLine, startColumn, endLine, endColumn } = region;
    return [
      {
        range: { startLine, startColumn, endLine, endColumn },
        reason: reasonOf(context, flag, leading, oneLine(fullName(environment, context.l10n))),
      },
    ];
  });
}

/**
 * The variants that lead into a region which nobody gets there in this state (none of them do: no variant has the value
 * that the code asks for); null where somebody may get there, or it cannot be told.
 */
export function deadWays(flag: FlagSnapshot, state: FlagState, when: GuardedRegion['when']): readonly string[] | null {
  if (!canJudge(state)) return null;
  const leading = flag.variants.filter(({ value }) => leadsThere(value, when)).map(({ name }) => name);
  return leading.every((name) => state.effective.unreachable.includes(name)) ? leading : null;
}

/** Whoever gets the code's own default may go either way. */
function canJudge({ effective, switch: toggle }: FlagState): boolean {
  return (
    toggle !== 'absent' &&
    effective.kind !== 'unknown' &&
    effective.kind !== 'codeDefault' &&
    effective.unreachable.length > 0
  );
}

/** Whether this value, used as the code uses it, enters the region. */
function leadsThere(value: Json, when: GuardedRegion['when']): boolean {
  switch (when.is) {
    case 'truthy':
      return Boolean(value);
    case 'falsy':
      return !value;
    case 'equal':
      return value === when.value;
    case 'different':
      return value !== when.value;
    case 'oneOf':
      return when.values.includes(value);
    case 'compared':
      return typeof value !== 'number' || holds(value, when.operator, when.value);
  }
}

function holds(value: number, operator: ComparisonOperator, other: number): boolean {
  switch (operator) {
    case '<':
      return value < other;
    case '<=':
      return value <= other;
    case '>':
      return value > other;
    case '>=':
      return value >= other;
  }
}

function reasonOf(context: ViewContext, flag: FlagSnapshot, leading: readonly string[], environment: string): string {
  const { l10n } = context;
  const elsewhere = standings(context, flag).length > 1 ? l10n.t(' Other environments may differ.') : '';
  const key = quoted(flag.ref.key);
  return leading.length === 0
    ? l10n.t('Nobody reaches this in {0}: no variant of {1} has the value it asks for.{2}', environment, key, elsewhere)
    : l10n.t(
        'Nobody reaches this in {0}: {1} hands {2} to nobody.{3}',
        environment,
        key,
        leading.map(quoted).join(', '),
        elsewhere,
      );
}
