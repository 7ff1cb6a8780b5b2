import { lastKnown } from '../model/answer';
import type { FlagSnapshot } from '../model/flag';
import type { TreeInput } from './input';

/** Flags by key of each list that a snapshot had: sorted once, however often the tree is decided anew. */
const sorted = new WeakMap<readonly FlagSnapshot[], readonly FlagSnapshot[]>();
/** What a filter looks into, flag by flag of such a list: a table for each flag would cost more than the search. */
const searched = new WeakMap<readonly FlagSnapshot[], readonly string[]>();

/** All flags that are known, by key. */
export function knownFlags({ flags }: TreeInput): readonly FlagSnapshot[] {
  const lists = flags.projects.flatMap(({ answer }) => {
    const known = lastKnown(answer)?.value.flags;
    return known ? [sortedOf(known)] : [];
  });
  const [first = [], ...others] = lists;
  return others.length === 0 ? first : merged(lists);
}

/** The last one made: of several projects, it is the same list for as long as theirs are. */
let last: { readonly lists: readonly (readonly FlagSnapshot[])[]; readonly all: readonly FlagSnapshot[] } | undefined;

function merged(lists: readonly (readonly FlagSnapshot[])[]): readonly FlagSnapshot[] {
  if (last?.lists.length !== lists.length || !last.lists.every((list, at) => list === lists[at]))
    last = { lists, all: byKey(lists.flat()) };
  return last.all;
}

/** Those in which every word of the filter is in the key, name, description, owner or a tag. */
export function filtered(flags: readonly FlagSnapshot[], filter: string): readonly FlagSnapshot[] {
  const words = filter.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return flags;
  const texts = textsOf(flags);
  return flags.filter((_, at) => words.every((word) => texts[at]?.includes(word) === true));
}

function sortedOf(flags: readonly FlagSnapshot[]): readonly FlagSnapshot[] {
  let known = sorted.get(flags);
  if (!known) sorted.set(flags, (known = byKey(flags)));
  return known;
}

const byKey = (flags: readonly FlagSnapshot[]): readonly FlagSnapshot[] =>
  [...flags].sort((a, b) => (a.ref.key < b.ref.key ? -1 : a.ref.key > b.ref.key ? 1 : 0));

function textsOf(flags: readonly FlagSnapshot[]): readonly string[] {
  let known = searched.get(flags);
  if (!known) {
    known = flags.map(({ ref, name, description, owner, tags }) =>
      [ref.key, name, description, owner, ...tags].join('\n').toLowerCase(),
    );
    searched.set(flags, known);
  }
  return known;
}
