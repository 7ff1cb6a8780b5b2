import type { FlagSnapshot, FlagState } from '../../model/flag';
import type { FlagRef } from '../../model/identity';
import type { L10n } from '../../platform/l10n';
import type { Turns } from '../turns';
import type { Definition } from './definition';
import type { FlagdEnvironment } from './environment';
import { offVariantOf } from './offVariant';

/** All flags of a project, in the order of the files, each with a state in every environment. */
export async function flagSnapshots(
  ids: { readonly system: string; readonly project: string },
  environments: readonly FlagdEnvironment[],
  l10n: L10n,
  turns: Turns,
  signal: AbortSignal,
): Promise<FlagSnapshot[]> {
  const merged = environments.map((environment) => ({ environment, definitions: environment.definitions() }));
  const keys = new Set(merged.flatMap(({ definitions }) => [...definitions.keys()]));
  const flags: FlagSnapshot[] = [];
  for (const key of keys) {
    const found = merged.map(({ environment, definitions }) => ({ environment, definition: definitions.get(key) }));
    flags.push(flagSnapshot({ ...ids, key }, found, l10n));
    if (turns.over) await turns.rest(signal);
  }
  return flags;
}

export function flagSnapshot(
  ref: FlagRef,
  found: readonly { readonly environment: FlagdEnvironment; readonly definition: Definition | undefined }[],
  l10n: L10n,
): FlagSnapshot {
  const definitions = found.flatMap(({ definition }) => (definition ? [definition] : []));
  const [first] = definitions;
  const variants = new Map(
    definitions.toReversed().flatMap((definition) => definition.variants.map((variant) => [variant.name, variant])),
  );
  // The order of the first environment that has the flag, then what only others have.
  const names = new Set(definitions.flatMap((definition) => definition.variants.map(({ name }) => name)));
  return {
    ref,
    name: null,
    description: first?.description ?? null,
    type: first?.type ?? 'unknown',
    variants: [...names].flatMap((name) => variants.get(name) ?? []),
    owner: first?.owner ?? null,
    tags: [...(first?.tags ?? [])],
    changed: null,
    archived: false,
    unreadable: definitions.find(({ unreadable }) => unreadable)?.unreadable ?? null,
    states: found.map(({ environment, definition }) =>
      definition ? stateOf(definition, environment, l10n) : absentState(environment, l10n),
    ),
  };
}

export function stateOf(definition: Definition, environment: FlagdEnvironment, l10n: L10n): FlagState {
  const off = offVariantOf(definition.variants, environment.config.offVariants?.[definition.key], l10n);
  return {
    environment: environment.environment.ref,
    // flagd has no switch that hands out the off variant: `state: DISABLED` gives the default written in the code.
    switch: 'none',
    writable: definition.unreadable
      ? { kind: 'no', reason: definition.unreadable.message }
      : environment.writable(definition.path),
    offServes: null,
    offVariant: off.variant,
    offVariantReason: off.reason,
    defaultRule: definition.defaultRule,
    rules: [...definition.rules],
    prerequisites: [],
    effective: definition.effective,
    version: definition.version,
    raw: definition.text,
    location: { path: definition.path, line: definition.line, endLine: definition.endLine },
  };
}

function absentState(environment: FlagdEnvironment, l10n: L10n): FlagState {
  const reason = l10n.t('It is not defined in {0}.', environment.environment.ref.name);
  return {
    environment: environment.environment.ref,
    switch: 'absent',
    writable: { kind: 'no', reason },
    offServes: null,
    offVariant: null,
    offVariantReason: reason,
    defaultRule: { kind: 'codeDefault' },
    rules: [],
    prerequisites: [],
    effective: {
      kind: 'codeDefault',
      shares: null,
      defaultShares: null,
      ruleCount: 0,
      randomised: 'no',
      unreachable: [],
    },
    version: 'absent',
    raw: '',
    location: null,
  };
}
