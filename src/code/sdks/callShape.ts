import type { Reference } from '../../model/reference';
import type { Family } from '../summary';

/** Where an SDK package runs; the key's place differs by package, so shapes are chosen by import. */
export type EvaluatedOn = Reference['evaluatedOn'];

/**
 * Where a call says something: the position of an argument (negative: from the end), the property of an object argument,
 * a struct or a component (`{ arg: 0, property: 'flagKey' }`), or all arguments from one on. An array there names one
 * flag an item.
 */
export type Place = number | { readonly arg: number; readonly property: string } | { readonly from: number };

/**
 * A call that asks for a flag: `key` is where its key stands, `fallback` where the default written at the call does.
 * Several places are tried in turn: the first that holds a text counts.
 */
export interface CallShape {
  readonly names: readonly string[];
  readonly key: Place | readonly Place[];
  readonly fallback?: Place;
  /** Names under which both may be given instead, where the language has arguments by name or labels. */
  readonly named?: { readonly key: readonly string[]; readonly fallback?: readonly string[] };
  /**
   * A name that no other library has: counts even where the receiver cannot be followed. `likely`: one that others may
   * have; where the receiver cannot be followed, what it asks for is likely a flag, not certainly.
   */
  readonly distinctive?: true | 'likely';
  /** It is asked for the type of the default that is written there: `useFlag('k', false)`. */
  readonly typedByFallback?: true;
  /** Counts only where its SDK is imported somewhere: no import beside the call tells whose it is. */
  readonly inUse?: true;
  /** How code writes it, where the name here is made up. */
  readonly said?: string;
  /** Keys are settings' names, of which only some are flags. */
  readonly setting?: Setting;
}

/** How settings are told apart that are flags: by what they are called. They are likely flags, never certainly. */
export interface Setting {
  readonly flag: RegExp;
  /** The key is the name inside `${name:default}`. */
  readonly placeholder?: true;
  /** Name of the argument that stands before the key, with a dot between. */
  readonly prefix?: string;
}

/** A call that hands out all flags as one object, its property names being keys. */
export interface Bag {
  readonly name: string;
  /** Names are keys in camel case: LaunchDarkly's React SDK. */
  readonly camelCased?: true;
}

/**
 * The packages of a vendor in one family of languages that are called alike. Packages with other shapes (a client's and
 * a server's) are rows of their own.
 */
export interface SdkRow {
  readonly family: Family;
  /**
   * Modules, namespaces or crates as they are imported; what begins with one is of it (`io.getunleash.util.X`), and where
   * they run: `unknown` where what else is imported may tell, `anywhere` where it may not.
   */
  readonly packages: Readonly<Record<string, EvaluatedOn | 'anywhere'>>;
  /** What packages call themselves whose path ends otherwise: Go's. */
  readonly ownNames?: Readonly<Record<string, string>>;
  /** Methods of its client. */
  readonly methods?: readonly CallShape[];
  /** Functions and hooks imported from the package itself. */
  readonly functions?: readonly CallShape[];
  /** Decorators, attributes, annotations and JSX components imported from the package. */
  readonly markers?: readonly CallShape[];
  /** Type names of its client, as imported from the package. */
  readonly clientTypes?: readonly string[];
  /** Functions and methods that hand out a client, and constructors that make one. */
  readonly clientMakers?: readonly string[];
  /** Names imported from the package that are clients themselves: instances, static classes; `default`, `*` the package. */
  readonly clients?: readonly string[];
  readonly bags?: readonly Bag[];
  /**
   * What a page that loads the package by a `script` element finds it under: the name, and which package of the row and
   * which name of it that is (`*`: the package itself).
   */
  readonly globals?: Readonly<Record<string, { readonly pkg: string; readonly name: string }>>;
}

/** A flag system's SDKs as data. Adding an SDK is adding a row; adding a vendor, a file of rows named in `table.ts`. */
export interface Vendor {
  /** As references name it. */
  readonly id: string;
  readonly title: string;
  /**
   * What every file that may use it contains, as a regular expression that ripgrep's engine and JavaScript's read alike:
   * what its packages, types and clients are called by.
   */
  readonly mention: string;
  /** Receivers that by their very name are its client, where they cannot be followed. */
  readonly receiver: RegExp;
  readonly rows: readonly SdkRow[];
}

/** A row together with its vendor's name, nothing left out. */
export interface Sdk extends Required<SdkRow> {
  readonly id: string;
  readonly title: string;
  readonly receiver: RegExp;
}
