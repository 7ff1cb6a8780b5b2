import type { Reference } from '../model/reference';
import type { FlagLookup } from '../view/input';
import type { FileChange, ReviewInput } from './input';
import { knownFlag, newFlag } from './knownFlag';
import { touched } from './lines';
import { placeOf } from './place';
import { referenceChanges, type Pair, type ReferenceChange } from './referenceChanges';
import type { DefaultChange, FlagChange, FlagImpact, Place } from './report';

/** Of references that are left so many are named. */
const mostPlaces = 10;

/** Flags whose references, guarded code or definitions the change touches, by key. */
export function flagImpacts(input: ReviewInput): readonly FlagImpact[] {
  const all = referenceChanges(input.codeBefore, input.codeAfter, input.changes);
  const byPath = new Map(input.changes.flatMap((change) => (change.after === null ? [] : [[change.after, change]])));
  const defined = new Set(input.definitions.flatMap(({ before, after }) => before?.ref.key ?? after?.ref.key ?? []));
  const impacts = all.flatMap((change): FlagImpact[] => {
    const guarded = guardedPlaces(change, byPath);
    const defaults = defaultChanges(change);
    const is = changeOf(change, { guarded, defaults }, defined.has(change.key), input);
    return is === null ? [] : [impactOf(is, change, { guarded, defaults }, input)];
  });
  const seen = new Set(impacts.map(({ key }) => key));
  const none = { kept: [], edited: [], moved: [], added: [], removed: [] };
  for (const key of defined)
    if (!seen.has(key)) impacts.push(impactOf('defined', { key, ...none }, { guarded: [], defaults: [] }, input));
  return impacts.sort((a, b) => (a.key < b.key ? -1 : 1));
}

function changeOf(
  { key, kept, edited, moved, added, removed }: ReferenceChange,
  { guarded, defaults }: { readonly guarded: readonly Place[]; readonly defaults: readonly DefaultChange[] },
  defined: boolean,
  { written }: ReviewInput,
): FlagChange | null {
  const left = kept.length + edited.length + moved.length + added.length;
  if (left === 0) return written?.has(key) === false ? 'extinct' : 'removed';
  if (added.length > 0 && removed.length > 0) return 'edited';
  if (added.length > 0) return 'added';
  if (removed.length > 0) return 'removed';
  if (moved.length > 0) return 'moved';
  if (edited.length > 0 || defaults.length > 0) return 'edited';
  if (guarded.length > 0) return 'guards';
  return defined ? 'defined' : null;
}

function impactOf(
  change: FlagChange,
  { key, kept, edited, moved, added, removed }: ReferenceChange,
  { guarded, defaults }: { readonly guarded: readonly Place[]; readonly defaults: readonly DefaultChange[] },
  input: ReviewInput,
): FlagImpact {
  const pair = ({ before, after }: Pair) => ({ from: placeOf(before, 'base'), to: placeOf(after, 'head') });
  const now = [...added, ...[...edited, ...moved, ...kept].map(({ after }) => after)];
  const resolved = resolve(key, [...now, ...removed], input);
  return {
    key,
    change,
    added: added.map((reference) => placeOf(reference, 'head')),
    removed: removed.map((reference) => placeOf(reference, 'base')),
    moved: moved.map(pair),
    edited: edited.map(pair),
    guarded,
    left: {
      count: now.length,
      evaluations: now.filter(({ kind }) => kind === 'evaluation').length,
      places: [...now]
        .sort(evaluationsFirst)
        .slice(0, mostPlaces)
        .map((reference) => placeOf(reference, 'head')),
    },
    written: now.length > 0 ? true : (input.written?.has(key) ?? null),
    ...resolved,
    defaults,
  };
}

const evaluationsFirst = (a: Reference, b: Reference): number =>
  Number(b.kind === 'evaluation') - Number(a.kind === 'evaluation');

/** Which flags the key is, as the files that name it see them. */
function resolve(
  key: string,
  references: readonly Reference[],
  input: ReviewInput,
): Pick<FlagImpact, 'known' | 'flags' | 'nearest'> {
  const paths = [...new Set(references.map(({ path }) => path))];
  const lookups = new Set((paths.length > 0 ? paths : ['']).map((path) => input.flagsOf(path)));
  const flags = [...lookups].flatMap((lookup) => lookup.resolve(key).map((flag) => ({ flag, lookup })));
  const distinct = [...new Map(flags.map((one) => [JSON.stringify(one.flag.ref), one])).values()];
  if (distinct.length > 0) {
    return {
      known: distinct.length === 1 ? 'one' : 'several',
      flags: distinct.map(({ flag, lookup }) => knownFlag(flag, lookup, input)),
      nearest: null,
    };
  }
  const created = input.definitions.flatMap(({ before, after }) => (!before && after?.ref.key === key ? [after] : []));
  if (created.length > 0)
    return {
      known: created.length === 1 ? 'one' : 'several',
      flags: created.map((flag) => newFlag(flag, input)),
      nearest: null,
    };
  const all = [...lookups];
  const isWhole = all.some(({ projects }) => projects.length > 0) && all.every(answersWhole);
  const nearest = all.map((lookup) => lookup.nearest(key)).find((near) => near !== null) ?? null;
  return { known: isWhole ? 'none' : 'unknown', flags: [], nearest };
}

/** Every project has told of all its flags: what is not among them, is not. */
const answersWhole = ({ projects }: FlagLookup): boolean =>
  projects.every(
    ({ answer }) =>
      answer.state === 'ok' &&
      answer.value.isPartial !== true &&
      answer.value.problems.every(({ severity }) => severity !== 'error'),
  );

/** Lines that are others in code that was under the flag and still is. */
function guardedPlaces({ kept, edited, moved }: ReferenceChange, changes: ReadonlyMap<string, FileChange>): Place[] {
  const places = new Map<string, Place>();
  for (const { after: reference } of [...kept, ...edited, ...moved]) {
    const change = changes.get(reference.path);
    if (!change) continue;
    for (const region of reference.regions)
      for (const { startLine, endLine } of touched(region, change, 'head')) {
        const place = { ...placeOf(reference, 'head'), line: startLine, endLine, kind: null };
        places.set(JSON.stringify(place), place);
      }
  }
  return [...places.values()];
}

/** What code hands out where nothing else does. */
function defaultChanges({ kept, edited, moved }: ReferenceChange): DefaultChange[] {
  return [...kept, ...edited, ...moved].flatMap(({ before, after }) =>
    before.kind === 'evaluation' && JSON.stringify(before.defaultValue) !== JSON.stringify(after.defaultValue)
      ? [
          {
            before: before.defaultValue ?? null,
            after: after.defaultValue ?? null,
            place: placeOf(after, 'head'),
          },
        ]
      : [],
  );
}
