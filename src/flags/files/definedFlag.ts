import type { Effective, FlagSnapshot, FlagState, FlagType, Rule, Serve, Variant } from '../../model/flag';
import type { L10n } from '../../platform/l10n';
import type { Problem } from '../../model/problem';
import { absentState } from '../absentState';
import { offVariantOf } from '../offVariant';
import type { Turns } from '../turns';
import type { FileEnvironment } from './fileEnvironment';
import type { FlagOfFile } from './flagFileFormat';

/** One flag of a file or a server, read: what every format has of it. */
export interface DefinedFlag extends FlagOfFile {
  readonly key: string;
  /** Absolute path of its file; the address of its server where it is `remote`. */
  readonly path: string;
  readonly remote: boolean;
  readonly line: number;
  readonly endLine: number;
  readonly type: FlagType;
  readonly variants: readonly Variant[];
  readonly description: string | null;
  readonly owner: string | null;
  readonly tags: readonly string[];
  readonly defaultRule: Serve;
  readonly rules: readonly Rule[];
  readonly effective: Effective;
  readonly unreadable: Problem | null;
  /** Its file is refused for it, with all other flags. */
  readonly refusesFile: boolean;
}

/** An environment, and what is defined in it by key. */
export interface DefinedIn<Defined extends DefinedFlag, In extends FileEnvironment> {
  readonly environment: In;
  readonly definitions: ReadonlyMap<string, Defined>;
}

/**
 * All flags of a project, in the order of the files, each with a state in every environment, but for those of which
 * nobody can tell whether they have it: what was not read yet is not absent.
 */
export async function definedFlags<Defined extends DefinedFlag, In extends FileEnvironment>(
  ids: { readonly system: string; readonly project: string },
  merged: readonly DefinedIn<Defined, In>[],
  stateOf: (definition: Defined, environment: In) => FlagState,
  { l10n, turns, signal }: { readonly l10n: L10n; readonly turns: Turns; readonly signal: AbortSignal },
): Promise<FlagSnapshot[]> {
  const keys = new Set(merged.flatMap(({ definitions }) => [...definitions.keys()]));
  const flags: FlagSnapshot[] = [];
  for (const key of keys) {
    const found = merged.map(({ environment, definitions }) => ({ environment, definition: definitions.get(key) }));
    const definitions = found.flatMap(({ definition }) => definition ?? []);
    const [first] = definitions;
    const variants = new Map(
      definitions.toReversed().flatMap((definition) => definition.variants.map((variant) => [variant.name, variant])),
    );
    // The order of the first environment that has the flag, then what only others have.
    const names = new Set(definitions.flatMap((definition) => definition.variants.map(({ name }) => name)));
    flags.push({
      ref: { ...ids, key },
      name: null,
      description: first?.description ?? null,
      type: first?.type ?? 'unknown',
      variants: [...names].flatMap((name) => variants.get(name) ?? []),
      owner: first?.owner ?? null,
      tags: [...(first?.tags ?? [])],
      changed: null,
      archived: false,
      unreadable: definitions.find(({ unreadable }) => unreadable)?.unreadable ?? null,
      states: found.flatMap(({ environment, definition }) => {
        if (definition) return [stateOf(definition, environment)];
        const { ref } = environment.environment;
        return environment.silent?.knownAt === null
          ? []
          : [absentState(ref, l10n.t('It is not defined in {0}.', ref.name))];
      }),
    });
    if (turns.over) await turns.rest(signal);
  }
  return flags;
}

/** The state of a flag but for its system's own switch. */
export function definedState(
  definition: DefinedFlag,
  of: FileEnvironment,
  l10n: L10n,
): Omit<FlagState, 'switch' | 'offServes'> {
  const off = offVariantOf(definition.variants, of.config.offVariants?.[definition.key], l10n);
  const { remote, path, line, endLine } = definition;
  return {
    environment: of.environment.ref,
    writable: definition.unreadable
      ? { kind: 'no', reason: definition.unreadable.message }
      : of.writable(definition.path),
    offVariant: off.variant,
    offVariantReason: off.reason,
    defaultRule: definition.defaultRule,
    rules: [...definition.rules],
    prerequisites: [],
    effective: definition.effective,
    version: definition.version,
    raw: definition.text,
    location: remote ? null : { path, line, endLine },
  };
}
