import type { Environment, FlagSnapshot, FlagState, Writable } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import type { Hash } from '../../platform/hash';
import type { L10n } from '../../platform/l10n';
import { absentState } from '../absentState';
import { offVariantOf } from '../offVariant';
import type { SharedParts } from '../rest/sharedParts';
import { rawStateOf, textOf, type RawState } from './rawState';
import { readState } from './reading';
import { isOnAt, isOver, rampWords, scheduleWords, timeOf } from './schedule';
import type { GbFeature, Ramp } from './schema';
import { typeOf, Variants } from './variants';

/** What a flag is described with. */
export interface FlagSources {
  readonly ref: FlagRef;
  readonly feature: GbFeature;
  readonly ramps: readonly Ramp[];
  /** Why GrowthBook calls it stale; null: it does not, undefined: it was not asked. */
  readonly stale: string | null | undefined;
}

type SharedState = Omit<FlagState, 'environment' | 'switch' | 'writable' | 'location' | 'schedule'>;

export interface SnapshotDeps {
  /** Kept from snapshot to snapshot by whoever asks for them. */
  readonly shared: SharedParts<SharedState>;
  readonly l10n: L10n;
  readonly hash: Hash;
  /** Epoch ms. */
  readonly now: number;
  readonly environments: readonly Environment[];
  /** The off variant that the configuration names, by environment and key. */
  configuredOff(environment: string, key: string): string | undefined;
  writable(environment: Environment): Writable;
}

export function flagSnapshot(of: FlagSources, deps: SnapshotDeps): FlagSnapshot {
  const { feature, ref } = of;
  const variants = new Variants(feature);
  return {
    ref,
    name: null,
    description: feature.description,
    type: typeOf(feature.valueType),
    variants: variants.all.map(({ name, value }) => ({ name, value })),
    owner: feature.owner,
    tags: tagsOf(of, deps.l10n),
    changed: lastChange(feature, deps.l10n),
    archived: feature.archived,
    unreadable: null,
    states: deps.environments.map((environment) => stateOf(environment, of, variants, deps)),
  };
}

/** Which of its scheduled rules are on: what else of a flag changes with time alone. */
export const turnsOf = ({ rules }: GbFeature, now: number): string =>
  rules
    .filter(({ scheduleRules }) => (scheduleRules ?? []).length > 0)
    .map((rule) => (isOnAt(rule, now) ? '1' : '0'))
    .join('');

function stateOf(environment: Environment, of: FlagSources, variants: Variants, deps: SnapshotDeps): FlagState {
  const { l10n, now } = deps;
  const { feature } = of;
  const { name } = environment.ref;
  const raw = rawStateOf(feature, name);
  if (!raw) return absentState(environment.ref, l10n.t('GrowthBook says nothing of it in {0}.', name));
  const configured = deps.configuredOff(name, feature.id);
  const turns = turnsOf(feature, now);
  const key = JSON.stringify([raw, configured, turns, variants.all.map(({ written }) => written)]);
  const ids = new Set(raw.rules.map(({ id, rampScheduleId }) => rampScheduleId ?? id));
  const schedule = [
    ...scheduleWords(raw.rules, now, l10n),
    ...of.ramps.filter((ramp) => ids.has(ramp.id) && !isOver(ramp)).map((ramp) => rampWords(ramp, l10n)),
  ];
  return {
    environment: environment.ref,
    switch: raw.enabled ? 'on' : 'off',
    writable: feature.archived ? { kind: 'no', reason: l10n.t('It is archived.') } : deps.writable(environment),
    ...deps.shared.get(key, () => sharedState(raw, variants, configured, deps)),
    ...(schedule.length > 0 && { schedule }),
    location: null,
  };
}

function sharedState(
  raw: RawState,
  variants: Variants,
  configured: string | undefined,
  { l10n, hash, now }: SnapshotDeps,
): SharedState {
  const reading = readState(raw, variants, now, l10n);
  const off = offVariantOf(variants.all, configured, l10n);
  const text = textOf(raw);
  const effective = JSON.stringify(reading.effective);
  return {
    // What is off is left out of what SDKs are given.
    offServes: { kind: 'codeDefault' },
    offVariant: off.variant,
    offVariantReason: off.reason,
    defaultRule: reading.defaultRule,
    rules: [...reading.rules],
    prerequisites: raw.prerequisites.map((key) => l10n.t('{0} to give true', key)),
    effective: reading.effective,
    version: hash.sha256(JSON.stringify([text, variants.names, effective])).slice(0, 20),
    raw: text,
  };
}

/** The flag's own tags, then what GrowthBook says of its life. */
function tagsOf({ feature, stale, ramps }: FlagSources, { t }: L10n): string[] {
  const experiments = feature.rules.flatMap(({ type, experimentId, trackingKey, contextualBanditId, id }) => {
    if (type === 'experiment' || type === 'experiment-ref')
      return [t('experiment: {0}', experimentId ?? trackingKey ?? id)];
    if (type === 'contextual-bandit-ref') return [t('contextual bandit: {0}', contextualBanditId ?? id)];
    return type === 'safe-rollout' ? [t('safe roll-out')] : [];
  });
  return [
    ...feature.tags,
    ...new Set(experiments),
    ...(ramps.some((ramp) => !isOver(ramp)) ? [t('ramp')] : []),
    ...(typeof stale === 'string' ? [stale === '' ? t('stale') : t('stale: {0}', stale)] : []),
  ].slice(0, 50);
}

/** The live revision: by whom, when, and what they said of it. */
function lastChange({ revision, dateUpdated, dateCreated }: GbFeature, { t }: L10n): FlagSnapshot['changed'] {
  const at = timeOf(revision.date) ?? timeOf(dateUpdated) ?? timeOf(dateCreated);
  if (at === null) return null;
  const who = revision.publishedBy ?? revision.createdBy;
  const said = revision.comment === null ? '' : `: ${revision.comment.slice(0, 200)}`;
  return {
    at,
    by: who?.name ?? who?.email ?? who?.id ?? null,
    words: `${t('revision {0}', revision.version)}${said}`,
  };
}
