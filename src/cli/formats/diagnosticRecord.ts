import { isAbsolute, relative, sep } from 'node:path';
import type { DiagnosticPlace, FlagDiagnostic } from '../../view/diagnostics/diagnostic';

/** A place as the command line names it: relative to the folder that was looked at, with `/`, where it is in it. */
export type PlaceRecord = Omit<DiagnosticPlace, 'root'>;

/** What is written for programs: {@link FlagDiagnostic} with paths of that kind. */
export type DiagnosticRecord = Omit<FlagDiagnostic, 'place' | 'related'> & {
  readonly place: PlaceRecord | null;
  readonly related: readonly { readonly place: PlaceRecord; readonly message: string }[];
};

export function diagnosticRecord({ place, related, ...rest }: FlagDiagnostic, folder: string): DiagnosticRecord {
  return {
    ...rest,
    place: place && placeRecord(place, folder),
    related: related.map((each) => ({ place: placeRecord(each.place, folder), message: each.message })),
  };
}

function placeRecord({ root, path, ...range }: DiagnosticPlace, folder: string): PlaceRecord {
  if (root !== null) return { path, ...range };
  const inside = relative(folder, path);
  return { path: inside.startsWith('..') || isAbsolute(inside) ? path : inside.split(sep).join('/'), ...range };
}
