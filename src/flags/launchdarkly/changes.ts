import type { Intent } from '../../model/change';
import type { L10n } from '../../platform/l10n';
import { PlanError } from '../system';
import type { Rollout, Served } from './schema';
import type { Changed, Standing } from './standing';
import { targetedState } from './targets';

/** A roll-out in thousandths of a percent. */
const WHOLE = 100_000;

/** Works an intent out as another state. Throws {@link PlanError} where LaunchDarkly cannot say it. */
export function changedState(standing: Standing, intent: Intent, l10n: L10n): Changed {
  const { raw } = standing;
  const { t } = l10n;
  switch (intent.kind) {
    case 'switch':
      return { raw: { ...raw, on: intent.on }, notes: intent.on ? [] : offNotes(standing, l10n) };
    case 'kill': {
      // Targeting is left out altogether while a flag is off, and stays what it is.
      const { at } = offOf(standing);
      return { raw: { ...raw, on: false, offVariation: at }, notes: [] };
    }
    case 'percentage': {
      const fallthrough = shared(standing, placeOf(standing, intent.variant, l10n), intent.share, l10n);
      const given = intent.share > 0;
      return {
        raw: { ...raw, fallthrough: fallthrough.served, on: raw.on || given },
        notes: [...fallthrough.notes, ...restNotes(standing, l10n)],
      };
    }
    case 'defaultVariant': {
      const at = placeOf(standing, intent.variant, l10n);
      refuseExperiment(raw.fallthrough, standing, l10n);
      const on = raw.on || at !== standing.off?.at;
      return { raw: { ...raw, fallthrough: { variation: at }, on }, notes: restNotes(standing, l10n) };
    }
    case 'target':
      return targetedState(standing, intent, placeOf(standing, intent.variant, l10n), l10n);
    case 'create':
    case 'undo':
      throw new PlanError('unsupported', t('This is planned another way.'));
  }
}

function placeOf({ variants, flag }: Standing, variant: string, { t }: L10n): number {
  const at = variants.indexOf(variant);
  if (at < 0)
    throw new PlanError(
      'unsupported',
      t('"{0}" has no variation "{1}". It has: {2}.', flag.key, variant, variants.join(', ')),
    );
  return at;
}

function offOf({ off, offReason }: Standing): { readonly at: number; readonly name: string } {
  if (off) return off;
  throw new PlanError('noOffVariant', offReason);
}

/** `share` (0..1) of the variation, the rest to the off variation; other variations keep theirs. */
function shared(
  standing: Standing,
  at: number,
  share: number,
  l10n: L10n,
): { readonly served: Served; readonly notes: readonly string[] } {
  const { fallthrough } = standing.raw;
  const { t, locale } = l10n;
  refuseExperiment(fallthrough, standing, l10n);
  const off = offOf(standing);
  const wanted = Math.round(share * WHOLE);
  if (wanted === 0 && share > 0) throw new PlanError('unsupported', t('LaunchDarkly rolls out in steps of 0.001%.'));
  const current = weightsOf(fallthrough, standing.variants.length);
  const rest = at === off.at ? otherThanOff(standing, current, l10n) : off.at;
  const kept = current.map((weight, place) => (place === at || place === rest ? 0 : weight));
  const others = kept.reduce((sum, weight) => sum + weight, 0);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 3 });
  if (wanted + others > WHOLE)
    throw new PlanError(
      'unsupported',
      t('Other variations have {0} of it: {1} is too much.', percent.format(others / WHOLE), percent.format(share)),
    );
  const weights = kept.map((weight, place) =>
    place === at ? wanted : place === rest ? WHOLE - wanted - others : weight,
  );
  const rolled = Math.abs(wanted / WHOLE - share) > 1e-9;
  // What a roll-out hashes by, and its seed, stay: who was in stays in.
  const rollout: Rollout = {
    ...(fallthrough.rollout ?? { contextKind: 'user' }),
    variations: weights.map((weight, variation) => ({ variation, weight })),
  };
  return {
    served: { rollout },
    notes: rolled ? [t('LaunchDarkly rolls out in steps of 0.001%: {0}.', percent.format(wanted / WHOLE))] : [],
  };
}

/** Who gets what the off variation gives up: the one other variation. */
function otherThanOff({ off, flag, variants }: Standing, current: readonly number[], { t }: L10n): number {
  const served = current.flatMap((weight, at) => (weight > 0 && at !== off?.at ? [at] : []));
  const others = served.length > 0 ? served : variants.flatMap((_, at) => (at === off?.at ? [] : [at]));
  const [only, another] = others;
  if (only !== undefined && another === undefined) return only;
  throw new PlanError('unsupported', t('"{0}" has several other variations: say the share of one of them.', flag.key));
}

function weightsOf({ variation, rollout }: Served, count: number): number[] {
  const weights = Array.from({ length: count }, (_, at): number => (!rollout && at === variation ? WHOLE : 0));
  for (const each of rollout?.variations ?? [])
    if (each.variation < count) weights[each.variation] = (weights[each.variation] ?? 0) + each.weight;
  return weights;
}

function refuseExperiment({ rollout }: Served, { flag, environment }: Standing, { t }: L10n): void {
  if (rollout?.experimentAllocation === undefined || rollout.experimentAllocation === null) return;
  throw new PlanError(
    'unsupported',
    t(
      'An experiment or a guarded roll-out decides about "{0}" in {1}: stop it in LaunchDarkly first. The flag can be switched off from here.',
      flag.key,
      environment,
    ),
  );
}

function offNotes({ raw, variants, off }: Standing, { t }: L10n): string[] {
  const serves = raw.offVariation === null ? undefined : variants[raw.offVariation];
  if (serves === undefined)
    return [
      t('No off variation is set: off hands everyone the default in the code.'),
      ...(off ? [t('Kill gives everyone "{0}" instead.', off.name)] : []),
    ];
  return [t('Off gives everyone "{0}"; rules and targets stay as they are.', serves)];
}

function restNotes({ raw }: Standing, { t }: L10n): string[] {
  const rules = raw.rules.filter(({ disabled }) => disabled !== true).length;
  const targets = [...raw.targets, ...raw.contextTargets].filter(({ values }) => values.length > 0).length;
  const before = rules + targets + raw.prerequisites.length;
  return before === 0
    ? []
    : [
        t(
          'This is the default rule; prerequisites ({0}), targets ({1}) and rules ({2}) come first.',
          raw.prerequisites.length,
          targets,
          rules,
        ),
      ];
}
