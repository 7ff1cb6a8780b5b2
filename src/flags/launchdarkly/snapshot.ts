import type { Environment, FlagSnapshot, FlagState, Writable } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import type { Hash } from '../../platform/hash';
import type { L10n } from '../../platform/l10n';
import { absentState } from '../absentState';
import type { SharedParts } from '../rest/sharedParts';
import type { Config } from './listing';
import { partText, rawStateOf, textOf } from './rawState';
import { readState, unknownReading } from './reading';
import type { LdConfig, LdFlag } from './schema';
import { typeOf, variantsOf } from './variants';

/** What a flag is described with. `configs`: by environment; a string says why one could not be read. */
export interface FlagSources {
  readonly ref: FlagRef;
  readonly flag: LdFlag;
  readonly configs: ReadonlyMap<string, Config>;
  readonly changed: FlagSnapshot['changed'];
}

export type SharedState = Omit<FlagState, 'environment' | 'switch' | 'writable' | 'location' | 'schedule'>;

export interface SnapshotDeps {
  /** Kept from snapshot to snapshot by whoever asks for them. */
  readonly shared: SharedParts<SharedState>;
  readonly l10n: L10n;
  readonly hash: Hash;
  readonly environments: readonly Environment[];
  writable(environment: Environment, config: LdConfig): Writable;
}

export function flagSnapshot(of: FlagSources, deps: SnapshotDeps): FlagSnapshot {
  const { flag, ref } = of;
  const available = flag.clientSideAvailability;
  return {
    ref,
    name: flag.name === flag.key ? null : flag.name,
    description: flag.description,
    type: typeOf(flag.variations),
    variants: variantsOf(flag.variations),
    owner: ownerOf(flag),
    tags: tagsOf(of, deps.l10n),
    changed: of.changed ?? lastChange(of, deps.l10n),
    archived: flag.archived,
    deprecated: flag.deprecated,
    ...(available && { availableTo: { browser: available.usingEnvironmentId, mobile: available.usingMobileKey } }),
    unreadable: null,
    states: deps.environments.map((environment) => stateOf(environment, of, deps)),
  };
}

function stateOf(environment: Environment, { flag, configs }: FlagSources, deps: SnapshotDeps): FlagState {
  const { l10n } = deps;
  const { name } = environment.ref;
  const config = configs.get(name);
  if (config === undefined && flag.archived) return absentState(environment.ref, l10n.t('It is archived.'));
  if (config === undefined) return absentState(environment.ref, l10n.t('Nothing is said of it in {0}.', name));
  if (typeof config === 'string') return absentState(environment.ref, config);
  return {
    environment: environment.ref,
    switch: config.on ? 'on' : 'off',
    writable: flag.archived ? { kind: 'no', reason: l10n.t('It is archived.') } : deps.writable(environment, config),
    ...shared(config, flag, deps),
    location: null,
  };
}

/** What of a state depends on what it does alone. Flags that do the same share it: most do one of a few things. */
function shared(config: LdConfig, flag: LdFlag, deps: SnapshotDeps): SharedState {
  const { on, offVariation, fallthrough, targets, contextTargets, rules, prerequisites, _summary } = config;
  const does = [on, offVariation, fallthrough, targets, contextTargets, rules, prerequisites, _summary];
  return deps.shared.get(JSON.stringify([does, flag.variations]), () => sharedState(config, flag, deps));
}

function sharedState(config: LdConfig, flag: LdFlag, { l10n, hash }: SnapshotDeps): SharedState {
  const names = variantsOf(flag.variations).map((variant) => variant.name);
  const raw = rawStateOf(config);
  const reading = raw ? readState(raw, names, l10n) : unknownReading({ kind: 'dynamic', words: '' }, l10n);
  const off = offVariantOf(config.offVariation ?? raw?.offVariation ?? null, flag, names, l10n);
  const text = raw ? textOf(raw) : partText(config.on);
  const words = raw?.prerequisites.map(({ key, variation }) =>
    l10n.t('{0} to give variation {1}', key, String(variation)),
  );
  return {
    offServes: reading.offServes,
    offVariant: off.variant,
    offVariantReason: off.reason,
    defaultRule: reading.defaultRule,
    rules: [...reading.rules],
    prerequisites: words ?? [],
    effective: reading.effective,
    version: hash.sha256(JSON.stringify([text, names])).slice(0, 20),
    raw: text,
  };
}

/** The system's own off variation; where none is set, the one that new environments of the flag get. */
export function offVariantOf(
  at: number | null,
  flag: LdFlag,
  names: readonly string[],
  { t }: L10n,
): { readonly variant: string | null; readonly at: number | null; readonly reason: string } {
  const own = at === null ? undefined : names[at];
  if (own !== undefined) return { variant: own, at, reason: t('The off variation in LaunchDarkly.') };
  const falsy = flag.variations.flatMap(({ value }, place) => (value === false ? [place] : []));
  const [only, another] = falsy;
  const name = only === undefined ? undefined : names[only];
  if (only !== undefined && name !== undefined && another === undefined)
    return { variant: name, at: only, reason: t('No off variation is set; its value is false.') };
  return { variant: null, at: null, reason: t('No off variation is set. Name one in LaunchDarkly.') };
}

function ownerOf({ _maintainer: person, _maintainerTeam: team, maintainerTeamKey }: LdFlag): string | null {
  const name = [person?.firstName, person?.lastName].filter(Boolean).join(' ');
  return name === '' ? (person?.email ?? team?.name ?? team?.key ?? maintainerTeamKey) : name;
}

/** The flag's own tags, then what LaunchDarkly says of its life. */
function tagsOf({ flag, configs }: FlagSources, { t }: L10n): string[] {
  const { tags, temporary, experiments, _purpose } = flag;
  const metrics = (experiments?.items ?? []).flatMap(({ metricKey }) => metricKey ?? []);
  const allocated = [...configs].flatMap(([name, config]) => {
    const kind = typeof config === 'object' ? allocationOf(config) : null;
    return kind === null
      ? []
      : [kind === 'guarded' ? t('guarded roll-out in {0}', name) : t('experiment in {0}', name)];
  });
  return [
    ...tags,
    temporary ? t('temporary') : t('permanent'),
    ...(_purpose ? [_purpose] : []),
    ...metrics.map((metric) => t('experiment: {0}', metric)),
    ...allocated,
  ].slice(0, 50);
}

/** Guarded roll-outs are allocations of a type of their own; what starts and stops them is no part of the public API. */
function allocationOf({ fallthrough, rules }: LdConfig): 'experiment' | 'guarded' | null {
  const allocations = [fallthrough, ...(rules ?? [])].flatMap((served) => served?.rollout?.experimentAllocation ?? []);
  const [first] = allocations;
  if (typeof first !== 'object') return null;
  return 'type' in first && first.type === 'measuredRollout' ? 'guarded' : 'experiment';
}

/** When something of it last changed in these environments, by whom nobody asked yet. */
function lastChange({ flag, configs }: FlagSources, { t }: L10n): FlagSnapshot['changed'] {
  const [last] = [...configs]
    .flatMap(([name, config]) =>
      typeof config === 'object' && typeof config.lastModified === 'number' ? [{ name, at: config.lastModified }] : [],
    )
    .sort((a, b) => b.at - a.at);
  const made = flag.creationDate ?? null;
  // A new flag gets its environments a moment after itself.
  if (last && (made === null || last.at - made > 5_000))
    return { at: last.at, by: null, words: t('changed in {0}', last.name) };
  return made === null ? null : { at: made, by: null, words: t('created') };
}
