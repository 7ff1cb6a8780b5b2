import type { ReferencesSince } from '../code/api';

/** Up to where references are known, by folder; given back with the next question. */
export interface HeldReferences {
  readonly starts: number;
  readonly revisions: ReadonlyMap<string, number>;
}

export interface MovedReferences {
  readonly held: HeldReferences;
  /** `isWhole`: the files are all of the folder, not those that changed. */
  readonly roots: readonly (Omit<ReferencesSince, 'revision'> & { readonly root: string; readonly isWhole: boolean })[];
}
