import type { Json } from '../../model/json';
import type { At } from '../issue';

/** Edits of one flag's text that leave everything else of it as it is. Paths start at the flag's value. */
export interface FlagEdits {
  /** Throws {@link EditRefused} where the text cannot be changed without losing something. */
  readonly text: string;
  /** Replaces the value at a path; a missing member or the next item of a list is added. */
  set(path: At, value: Json): void;
  /** Puts items before all others of a list. */
  prepend(path: At, items: readonly Json[]): void;
  /** Puts the value at a path behind these items in a list under this name. */
  enclose(path: At, name: string, items: readonly Json[]): void;
  /** Puts one of the values below a path in its place. */
  replaceBy(path: At, below: At): void;
  remove(path: At): void;
}

/** What a new flag's place is found by. */
export interface FlagsInText {
  readonly text: string;
  readonly form: 'map' | 'list' | 'none';
  readonly definitions: ReadonlyMap<string, { readonly text: string; readonly offset: number }>;
}

/** How flags are written: JSON, or YAML. A flag's own text is its value in JSON, `key: value` in YAML. */
export interface FlagSyntax {
  /** A flag's own text starts with its key. */
  readonly keyed: boolean;
  /** The value of a flag's own text. Throws TextSyntaxError. */
  valueOf(text: string): unknown;
  /** Offsets of the value at a path of a flag's own text; of the nearest one above it when that path is not there. */
  spanOf(text: string, path: At): { readonly offset: number; readonly length: number };
  /** `before`: the file's text up to the flag. Throws {@link EditRefused}. */
  editsOf(text: string, before: string): FlagEdits;
  /** A new flag's own text, as the others of the file are written. */
  written(file: FlagsInText, key: string, value: Readonly<Record<string, Json>>): string;
  /** The file's text with one more flag at the end of its flags, nothing else changed. */
  insert(file: FlagsInText, key: string, written: string): string;
  /** The file's text without a flag, nothing else changed. */
  remove(file: FlagsInText, key: string): string;
}

/** A text that is valid, and not ours to change. */
export class EditRefused extends Error {
  override readonly name = 'EditRefused';
  /** `tied`: by an anchor or an alias to other texts; `comments`: some would be lost; `unsafe`: it came out wrong. */
  constructor(readonly reason: 'tied' | 'comments' | 'unsafe') {
    super(reason);
  }
}
