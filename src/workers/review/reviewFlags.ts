import { resolve } from 'node:path';
import { CONFIGURATION_NAME } from '../../flags/configuration';
import { sourceAddress } from '../../flags/flagd/sourceAddress';
import type { UserProtection } from '../../flags/protection';
import { FlagStore } from '../../flags/store';
import type { FlagSnapshot, FlagState } from '../../model/flag';
import { flagId } from '../../model/identity';
import { Emitter } from '../../platform/emitter';
import type { L10n } from '../../platform/l10n';
import { systemClock } from '../../platform/node/clock';
import { nodeHash } from '../../platform/node/hash';
import { nodePaths } from '../../platform/node/paths';
import { stderrLog } from '../../platform/node/stderrLog';
import { RemoteError, type Remotes } from '../../platform/remotes';
import type { DefinitionChange } from '../../review/input';
import type { Place } from '../../review/report';
import { RevisionFiles, type RevisionSource } from './revisionFiles';
import type { RevisionTree } from './revisionTree';

export interface FlagsRead {
  readonly remotes: Remotes;
  /** What the user says is protected. */
  readonly protection: UserProtection;
  readonly l10n: L10n;
}

/** The flags that a revision's configuration names, of files as they are in that revision. */
export async function flagsAt(
  tree: RevisionTree,
  source: RevisionSource,
  { remotes, protection, l10n }: FlagsRead,
): Promise<FlagStore> {
  const { top } = source;
  const store = new FlagStore({
    files: new RevisionFiles(source, tree).files,
    paths: nodePaths,
    hash: nodeHash,
    clock: systemClock,
    l10n,
    log: stderrLog('flags'),
    remotes,
    isDirty: () => false,
    workspaceFolders: () => [],
    readOnlyReason: () => l10n.t('A review changes nothing.'),
    protection: () => protection,
  });
  const configurations = [...tree.keys()].filter(
    (path) => path === CONFIGURATION_NAME || path.endsWith(`/${CONFIGURATION_NAME}`),
  );
  await store.setFolders(
    [top],
    configurations.map((path) => resolve(top, path)),
  );
  return store;
}

/** Another revision's files under this one's configuration: a change does not decide how it is looked at. */
export function configuredBy(tip: RevisionTree, tree: RevisionTree): RevisionTree {
  const isConfiguration = (path: string): boolean =>
    path === CONFIGURATION_NAME || path.endsWith(`/${CONFIGURATION_NAME}`);
  return new Map([
    ...[...tree].filter(([path]) => !isConfiguration(path)),
    ...[...tip].filter(([path]) => isConfiguration(path)),
  ]);
}

/** Files of the repository that the store's flags are defined in, relative to its top. */
export function definingFiles(store: FlagStore, top: string): readonly string[] {
  return store.projects().flatMap(({ config, configPath }) =>
    config.environments.flatMap(({ source }) =>
      source.flatMap((written) => {
        const address = sourceAddress(written);
        if (address.kind !== 'file') return [];
        const absolute = resolve(configPath === null ? top : nodePaths.dirname(configPath), address.path);
        return nodePaths.relative(top, absolute).split(nodePaths.separator).join('/');
      }),
    ),
  );
}

/** Flags whose definition in the repository's files the change makes another, of projects read whole on both sides. */
export function definitionChanges(before: FlagStore, after: FlagStore, top: string): readonly DefinitionChange[] {
  const [all, others] = [flagsOf(before), flagsOf(after)];
  const both = [...all.keys()].filter((project) => others.has(project));
  return both.flatMap((project) => {
    const [old, now] = [
      all.get(project) ?? new Map<string, FlagSnapshot>(),
      others.get(project) ?? new Map<string, FlagSnapshot>(),
    ];
    return [...new Set([...old.keys(), ...now.keys()])].flatMap((id) => {
      const [was, is] = [old.get(id) ?? null, now.get(id) ?? null];
      if (factsOf(was) === factsOf(is)) return [];
      return [{ before: was, after: is, places: is ? placesOf(is, was, 'head', top) : placesOf(was, is, 'base', top) }];
    });
  });
}

const factsOf = (flag: FlagSnapshot | null): string =>
  JSON.stringify(flag && [flag.variants, flag.states.map((state) => stateFacts(state))]);

const stateFacts = ({ environment, switch: toggle, effective, rules, defaultRule }: FlagState): unknown[] => [
  environment.name,
  toggle,
  effective,
  rules,
  defaultRule,
];

/** Where a flag is defined in files of the repository, of environments in which the other is not the same. */
function placesOf(
  flag: FlagSnapshot | null,
  other: FlagSnapshot | null,
  side: Place['side'],
  top: string,
): readonly Place[] {
  const same = new Set((other?.states ?? []).map((state) => JSON.stringify([other?.variants, stateFacts(state)])));
  return (flag?.states ?? []).flatMap((state): Place[] => {
    const { location } = state;
    if (!location || !nodePaths.isInside(top, location.path)) return [];
    if (same.has(JSON.stringify([flag?.variants, stateFacts(state)]))) return [];
    const path = nodePaths.relative(top, location.path).split(nodePaths.separator).join('/');
    return [{ side, path, line: location.line, endLine: location.endLine, function: null, kind: null }];
  });
}

function flagsOf(store: FlagStore): Map<string, Map<string, FlagSnapshot>> {
  return new Map(
    store.projects().flatMap(({ system, config, answer }) => {
      if (answer.state !== 'ok' || answer.value.problems.some(({ severity }) => severity === 'error')) return [];
      const flags = new Map(answer.value.flags.map((flag) => [flagId(flag.ref), flag]));
      return [[JSON.stringify([system, config.name]), flags] as const];
    }),
  );
}

/** Only files are compared: no server is asked twice. */
export function noRemotes(l10n: L10n): Remotes {
  const refusal = (): RemoteError =>
    new RemoteError('notAllowed', '', l10n.t('Only files of the repository are compared.'));
  return {
    remote: (options) => ({
      options,
      origin: '',
      refusal: () => Promise.resolve(refusal()),
      request: () => Promise.reject(refusal()),
    }),
    onDidChange: new Emitter<void>(() => undefined).event,
  };
}
