import type { FlagSnapshot } from '../model/flag';
import { inFlightKey, type ViewContext } from './input';
import type { Standing } from './environments';
import { shareWords } from './shareWords';
import { sourceOf } from './subject';
import { treeCapabilities, type ActionLink } from './output';

/**
 * What may be proposed for a flag in one environment, most important first. What the system cannot do is absent.
 * One button turns off, unless the system's own switch hands out something else than the off variant: then there is Kill.
 */
export function changeActions(context: ViewContext, flag: FlagSnapshot, standing: Standing): readonly ActionLink[] {
  const { l10n } = context;
  const { environment, state } = standing;
  if (!state || flag.unreadable || state.switch === 'absent') return [];
  // Unknown rights are tried: the system's own refusal is then said in its words.
  if (environment.readOnly || state.writable.kind === 'no') return [];
  if (context.inFlight.has(inFlightKey(flag.ref, environment.ref))) return [];
  const write = (kind: 'turnOff' | 'turnOn' | 'percentage' | 'kill' | 'target', label: string): ActionLink => ({
    label,
    action: { kind, ref: flag.ref, environment: environment.ref },
  });
  const ownSwitch = state.offServes !== null;
  const offIsOffVariant = state.offServes?.kind === 'variant' && state.offServes.variant === state.offVariant;
  const isOff = shareWords(flag, standing, l10n).off;
  const switchedOff = ownSwitch ? state.switch === 'off' : isOff;
  const canTurnOff = ownSwitch || state.offVariant !== null;
  return [
    ...(switchedOff ? [write('turnOn', l10n.t('Turn on'))] : []),
    ...(!switchedOff && canTurnOff ? [write('turnOff', l10n.t('Turn off'))] : []),
    ...(flag.variants.length > 1 ? [write('percentage', l10n.t('Percentage…'))] : []),
    ...(ownSwitch && !offIsOffVariant && !isOff && state.offVariant !== null ? [write('kill', l10n.t('Kill'))] : []),
    ...(sourceOf(context.flags, flag)?.targets === true ? [write('target', l10n.t('On for me…'))] : []),
  ];
}

/** Details, traces where there are examples, and the definition. */
export function lookActions(
  context: ViewContext,
  flag: FlagSnapshot,
  standing: Standing | null,
  exemplars: number,
  codePathId: string | null,
): readonly ActionLink[] {
  const { l10n } = context;
  const links: ActionLink[] = [
    {
      label: l10n.t('Details'),
      action: { kind: 'details', ref: flag.ref, environment: standing?.environment.ref ?? null },
    },
  ];
  if (sourceOf(context.flags, flag)?.evaluates === true && !flag.unreadable)
    links.push({ label: l10n.t('Evaluate as…'), action: { kind: 'evaluate', ref: flag.ref } });
  if (exemplars > 0) links.push({ label: l10n.t('Traces'), action: { kind: 'traces', codePathId, ref: flag.ref } });
  if (standing?.state?.location) {
    const { location } = standing.state;
    links.push({
      label: l10n.t('Open in {0}', standing.environment.sourceName),
      action: { kind: 'openDefinition', path: location.path, line: location.line },
    });
  }
  return links;
}

/** `flag turnOff percentage`: what `when` clauses read. */
export function contextValue(kind: string, actions: readonly ActionLink[]): string {
  const able = new Set<string>(actions.map(({ action }) => action.kind));
  return [kind, ...treeCapabilities.filter((token) => able.has(token))].join(' ');
}
