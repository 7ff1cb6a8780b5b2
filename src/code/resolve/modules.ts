import type { Value } from './value';
import type { FileView } from './view';

/** The other files, as far as they are known by now. What is not known yet is noted and asked for again later. */
export interface Modules {
  /** The file a specifier means, null when it is none of the workspace's, undefined when not known yet. */
  resolve(from: string, specifier: string): string | null | undefined;
  /** The file's view, undefined when not read yet. */
  view(path: string): FileView | undefined;
  /** Files that declare a class of this name, where only the files themselves tell (C#); empty as long as not known. */
  declaring(name: string): readonly FileView[];
  /** What all files of such a language see without naming it, as {@link Piece.stars} has it. */
  readonly seenByAll: readonly string[];
  /** What was left unread of the file is needed: it is asked for again once it was read. */
  readWhole(path: string): void;
  /** Functions of the project that hand out all flags at once, by name. */
  handingOut(name: string): readonly BagMaker[];
  /** All flags, where callers give them to a function as this parameter (or property of it). */
  handedTo(path: string, fn: string, index: number, property: string | null): FlagBag | undefined;
}

/** All flags as one object: whose they are, and whether names are keys in camel case. */
export type FlagBag = Pick<Extract<Value, { k: 'bag' }>, 'origin' | 'camelCased'>;

/** A function that hands out all flags, and the names its receiver may go by. */
export interface BagMaker extends FlagBag {
  readonly path: string;
  readonly name: string;
  readonly owners: readonly string[];
}

/** A parameter of a function (by its file and qualified name) that is given all flags somewhere. */
export interface Handed extends FlagBag {
  readonly path: string;
  readonly fn: string;
  readonly index: number;
  readonly property: string | null;
}

/** Longer chains of names than this are not followed. */
export const deepest = 24;
