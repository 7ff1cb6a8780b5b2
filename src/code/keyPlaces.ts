import type { Reference } from '../model/reference';
import { holderAt, holderOf } from '../model/traceWords';
import type { KeyPlace, KeyPlaces } from './api';
import type { FileEntries } from './fileEntries';
import { referencesTo } from './referencesTo';

/** Every place that names a key, by path and line; at most `limit` in all. */
export function placesOfKey(entries: FileEntries, key: string, limit: number): readonly KeyPlaces[] {
  const files: KeyPlaces[] = [];
  for (const [path, { linked }] of entries.all()) {
    const places = linked ? referencesTo(key, linked.references) : [];
    if (places.length > 0) files.push({ path, places: places.map((reference) => placeOf(reference, key)) });
  }
  // By code units, as everywhere: a locale's order takes longer than all else.
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  let left = limit;
  return files.flatMap(({ path, places }) => {
    const some = places.slice(0, left);
    left -= some.length;
    return some.length > 0 ? [{ path, places: some }] : [];
  });
}

/** The key with its quotes where it is written there; else where the name that stands for it starts. */
function placeOf({ line, column, kind, via, trace }: Reference, key: string): KeyPlace {
  const [named] = trace.flatMap((step) => holderOf(step) ?? []);
  const length = named?.length ?? (via === 'codegen' || via === 'property' ? 0 : key.length + 2);
  return { line, column, length, isDefinition: kind === 'definition', holder: holderAt({ trace }) };
}
