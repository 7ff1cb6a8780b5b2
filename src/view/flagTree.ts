import { lastKnown } from '../model/answer';
import type { FlagSnapshot } from '../model/flag';
import { environmentId, flagId } from '../model/identity';
import { changeActions, contextValue, lookActions } from './actions';
import { fullName, standings, type Standing } from './environments';
import { flagFact, type FlagFact } from './flagFact';
import { flagHover } from './hover';
import type { ReferenceAt, TreeInput } from './input';
import { numbersFor } from './numbers';
import type { ActionLink, FlagTree, TreeNode } from './output';
import { dotted, oneLine } from './text';
import { serverSection } from './serverRows';
import { spokenFact } from './spoken';
import { filtered, knownFlags } from './treeFlags';
import { treeJournal } from './treeJournal';
import { welcome } from './welcome';

const mostReferences = 200;
/** A list nobody reads to its end costs everybody: beyond this the filter is the way. */
const mostFlags = 250;

/** The Flags view: sections with counts, empty ones left out. Items below a section are made when it is opened. */
export function flagTree(input: TreeInput): FlagTree {
  const all = knownFlags(input);
  const shown = filtered(all, input.filter);
  const suspects = regressingKeys(input);
  const regressing = withKeys(shown, suspects).filter((flag) => flagFact(input, flag, null).regression);
  const keysHere = new Set(input.file?.references.flatMap(({ key }) => (key === null ? [] : [key])) ?? []);
  const here = withKeys(shown, keysHere);
  const changed = changedToday(shown, input);
  const unreferenced =
    input.unreferenced.size === 0 ? [] : shown.filter(({ ref }) => input.unreferenced.has(flagId(ref)));
  const { l10n } = input;
  const sections = [
    serverSection(input.servers, l10n),
    section(input, 'regressing', l10n.t('Regressing'), regressing, 'expanded'),
    section(input, 'file', l10n.t('In this file'), inFileOrder(here, input), 'expanded'),
    section(input, 'today', l10n.t('Changed today'), newestFirst(changed), 'collapsed'),
    // Those of servers have no file in which they could be told.
    section(input, 'unreferenced', l10n.t('Not referenced in this workspace'), unreferenced, 'collapsed'),
    everything(input, shown),
  ].filter((node) => node !== null);
  return {
    sections,
    welcome: sections.length === 0 ? welcome(input, all.length) : null,
    regressing: regressing.length,
  };
}

const withKeys = (flags: readonly FlagSnapshot[], keys: ReadonlySet<string>): readonly FlagSnapshot[] =>
  keys.size === 0 ? [] : flags.filter(({ ref }) => keys.has(ref.key));

/** Keys with a regression anywhere: cheap, so that ten thousand flags are not each read in full. */
function regressingKeys(input: TreeInput): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { answer } of input.flags.projects) {
    for (const { telemetryName } of lastKnown(answer)?.value.environments ?? []) names.add(telemetryName);
  }
  const keys = new Set<string>();
  for (const name of names) {
    const answer = input.signals(name);
    for (const flag of (answer ? lastKnown(answer)?.value.flags : null) ?? []) {
      if (flag.comparison?.verdict === 'regression' || flag.latency?.verdict === 'regression') keys.add(flag.key);
    }
  }
  return keys;
}

const newestFirst = (flags: readonly FlagSnapshot[]): readonly FlagSnapshot[] =>
  [...flags].sort((a, b) => (b.changed?.at ?? 0) - (a.changed?.at ?? 0));

function inFileOrder(flags: readonly FlagSnapshot[], { file }: TreeInput): readonly FlagSnapshot[] {
  const order = new Map<string, number>();
  for (const [index, { key }] of (file?.references ?? []).entries()) {
    if (key !== null && !order.has(key)) order.set(key, index);
  }
  return [...flags].sort((a, b) => (order.get(a.ref.key) ?? 0) - (order.get(b.ref.key) ?? 0));
}

/** Since the reader's midnight, by the system's own record or by our journal. */
function changedToday(flags: readonly FlagSnapshot[], { now, journal }: TreeInput): readonly FlagSnapshot[] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const ours = treeJournal(journal);
  return flags.filter(
    ({ ref, changed }) => (changed !== null && changed.at >= midnight) || ours.changedSince(ref, midnight),
  );
}

function section(
  input: TreeInput,
  id: string,
  label: string,
  flags: readonly FlagSnapshot[],
  expanded: 'expanded' | 'collapsed',
): TreeNode | null {
  if (flags.length === 0) return null;
  return folder(input, 'section', id, label, flags.length, expanded, () => flagNodes(input, id, id, flags));
}

/** Grouped by system and project when there are several. */
function everything(input: TreeInput, flags: readonly FlagSnapshot[]): TreeNode | null {
  if (flags.length === 0) return null;
  const groups = new Map<string, FlagSnapshot[]>();
  let group: FlagSnapshot[] = [];
  for (const flag of flags) {
    const { system, project } = flag.ref;
    const before = group[0]?.ref;
    // Most have the project of the one before: no name is made for each of thousands.
    if (before?.system !== system || before.project !== project) {
      const place = `${system}\n${project}`;
      const known = groups.get(place);
      group = known ?? [];
      if (!known) groups.set(place, group);
    }
    group.push(flag);
  }
  const children = (): readonly TreeNode[] =>
    groups.size === 1
      ? flagNodes(input, 'all', 'all', flags)
      : [...groups.values()].map((group) => groupNode(input, group));
  return folder(input, 'section', 'all', input.l10n.t('All flags'), flags.length, 'expanded', children);
}

function groupNode(input: TreeInput, flags: readonly FlagSnapshot[]): TreeNode {
  const { system = '', project = '' } = flags[0]?.ref ?? {};
  const id = `all/${encodeURIComponent(system)}/${encodeURIComponent(project)}`;
  const label = dotted(oneLine(project), oneLine(system));
  return folder(input, 'group', id, label, flags.length, 'collapsed', () => flagNodes(input, 'all', id, flags));
}

function folder(
  { l10n }: TreeInput,
  kind: 'section' | 'group',
  id: string,
  label: string,
  count: number,
  expanded: TreeNode['expanded'],
  children: () => readonly TreeNode[],
): TreeNode {
  const number = numbersFor(l10n).count(count);
  return {
    id,
    kind,
    label,
    description: number,
    icon: null,
    contextValue: kind,
    accessibilityLabel: count === 1 ? l10n.t('{0}, 1 flag', label) : l10n.t('{0}, {1} flags', label, number),
    expanded,
    actions: [],
    open: null,
    tooltip: () => null,
    children: once(children),
  };
}

/** What is open is asked for by whoever looks for differences, and by whoever draws them. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function flagNodes(
  input: TreeInput,
  within: string,
  folderId: string,
  flags: readonly FlagSnapshot[],
): readonly TreeNode[] {
  const nodes = flags.slice(0, mostFlags).map((flag) => flagNode(input, within, flag));
  const left = flags.length - nodes.length;
  if (left === 0) return nodes;
  const words = input.l10n.t('and {0} more: filter to find them', numbersFor(input.l10n).count(left));
  return [...nodes, note(`${folderId}#more`, words)];
}

function flagNode(input: TreeInput, within: string, flag: FlagSnapshot): TreeNode {
  const fact = flagFact(input, flag, null);
  const { standing } = fact;
  const actions = standing ? actionsOf(input, flag, standing, fact) : [];
  const id = `${within}:${flagId(flag.ref)}`;
  const label = oneLine(flag.ref.key);
  return {
    id,
    kind: 'flag',
    label,
    description: fact.text,
    icon: { kind: 'share', icon: fact.icon, regression: fact.regression },
    contextValue: contextValue('flag', actions),
    accessibilityLabel: spoken(label, fact, input),
    expanded: 'collapsed',
    actions,
    open: { kind: 'details', ref: flag.ref, environment: standing?.environment.ref ?? null },
    tooltip: () => flagHover(input, flag, null, standing),
    children: () => [
      ...standings(input, flag).map((one) => environmentNode(input, id, flag, one)),
      ...referenceNodes(input, id, flag),
    ],
  };
}

function environmentNode(input: TreeInput, within: string, flag: FlagSnapshot, standing: Standing): TreeNode {
  const fact = flagFact(input, flag, null, { among: standing });
  const actions = actionsOf(input, flag, standing, fact);
  const label = oneLine(fullName(standing.environment, input.l10n));
  return {
    id: `${within}@${environmentId(standing.environment.ref)}`,
    kind: 'environment',
    label,
    description: fact.text,
    icon: { kind: 'share', icon: fact.icon, regression: fact.regression },
    contextValue: contextValue('environment', actions),
    accessibilityLabel: spoken(label, fact, input),
    expanded: 'none',
    actions,
    open: { kind: 'details', ref: flag.ref, environment: standing.environment.ref },
    tooltip: () => flagHover(input, flag, null, standing),
    children: () => [],
  };
}

/** What can be changed, the newest change taken back where that is exact, and where to look. */
function actionsOf(input: TreeInput, flag: FlagSnapshot, standing: Standing, fact: FlagFact): readonly ActionLink[] {
  const exemplars =
    'seen' in fact.reading ? (fact.reading.seen?.flag.arms.flatMap((arm) => arm.exemplars).length ?? 0) : 0;
  const last = treeJournal(input.journal).newest(flag.ref, standing.environment.ref);
  const undo: ActionLink[] =
    last && input.undoable(last) ? [{ label: input.l10n.t('Undo'), action: { kind: 'undo', changeId: last.id } }] : [];
  return [...changeActions(input, flag, standing), ...undo, ...lookActions(input, flag, standing, exemplars, null)];
}

function referenceNodes(input: TreeInput, within: string, flag: FlagSnapshot): readonly TreeNode[] {
  const { l10n } = input;
  const references = input.references(flag.ref);
  if (references === null) return [note(`${within}#`, l10n.t('Looking for references…'))];
  const shown = references.slice(0, mostReferences);
  const left = references.length - shown.length;
  return [
    ...shown.map((at, index) => referenceNode(within, at, index)),
    ...(left > 0 ? [note(`${within}#more`, l10n.t('and {0} more references', numbersFor(l10n).count(left)))] : []),
    ...(references.length === 0 ? [note(`${within}#`, l10n.t('No references found'))] : []),
  ];
}

function referenceNode(within: string, { root, reference, code }: ReferenceAt, index: number): TreeNode {
  const { path, line, column } = reference;
  const place = `${path.split('/').at(-1) ?? path}:${String(line)}`;
  const description = oneLine(code ?? reference.function ?? '', 120);
  return {
    id: `${within}#${encodeURIComponent(root)}/${path}:${String(line)}:${String(column)}:${String(index)}`,
    kind: 'reference',
    label: place,
    description,
    icon: { kind: 'codicon', id: reference.kind === 'test' ? 'beaker' : 'references', tone: null },
    contextValue: 'reference',
    accessibilityLabel: dotted(`${path}:${String(line)}`, description).replaceAll(' · ', ', '),
    expanded: 'none',
    actions: [],
    open: { kind: 'openReference', root, path, line, column },
    tooltip: () => `${path}:${String(line)}`,
    children: () => [],
  };
}

function note(id: string, label: string): TreeNode {
  return {
    id,
    kind: 'note',
    label,
    description: '',
    icon: null,
    contextValue: 'note',
    accessibilityLabel: label,
    expanded: 'none',
    actions: [],
    open: null,
    tooltip: () => null,
    children: () => [],
  };
}

function spoken(name: string, { whole }: FlagFact, { l10n }: TreeInput): string {
  return l10n.t('{0}: {1}', name, spokenFact(whole, l10n));
}
