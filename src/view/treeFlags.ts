import { lastKnown } from '../model/answer';
import type { FlagSnapshot } from '../model/flag';
import type { TreeInput } from './input';

/** Flags by key of each list that a snapshot had: sorted once, however often the tree is decided anew. */
const sorted = new WeakMap<readonly FlagSnapshot[], readonly FlagSnapshot[]>();
/** What a filter looks into, by flag. */
const searched = new WeakMap<FlagSnapshot, string>();

/** All flags that are known, by key. */
export function knownFlags({ flags }: TreeInput): readonly FlagSnapshot[] {
  const lists = flags.projects.flatMap(({ answer }) => {
    const known = lastKnown(answer)?.value.flags;
    return known ? [sortedOf(known)] : [];
  });
  return lists.length === 1 ? (lists[0] ?? []) : byKey(lists.flat());
}

/** Those in which every word of the filter is in the key, name, description, owner or a tag. */
export function filtered(flags: readonly FlagSnapshot[], filter: string): readonly FlagSnapshot[] {
  const words = filter.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return flags;
  return flags.filter((flag) => {
    const text = textOf(flag);
    return words.every((word) => text.includes(word));
  });
}

function sortedOf(flags: readonly FlagSnapshot[]): readonly FlagSnapshot[] {
  let known = sorted.get(flags);
  if (!known) sorted.set(flags, (known = byKey(flags)));
  return known;
}

const byKey = (flags: readonly FlagSnapshot[]): readonly FlagSnapshot[] =>
  [...flags].sort((a, b) => (a.ref.key < b.ref.key ? -1 : a.ref.key > b.ref.key ? 1 : 0));

function textOf(flag: FlagSnapshot): string {
  let known = searched.get(flag);
  if (known === undefined) {
    const { ref, name, description, owner, tags } = flag;
    known = [ref.key, name, description, owner, ...tags].join('\n').toLowerCase();
    searched.set(flag, known);
  }
  return known;
}
