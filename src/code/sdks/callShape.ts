import type { Reference } from '../../model/reference';

/** Where an SDK package runs; the key's place differs by package, so shapes are chosen by import. */
export type EvaluatedOn = Reference['evaluatedOn'];

/**
 * A call that asks for a flag. `key` is the position of the key, or the property of an object argument that holds it
 * (`{ arg: 0, property: 'flagKey' }`). `fallback` is the position of the default written at the call.
 */
export interface CallShape {
  readonly names: readonly string[];
  readonly key: number | { readonly arg: number; readonly property: string };
  readonly fallback?: number | { readonly arg: number; readonly property: string };
  /** A name that no other library has: counts even where the receiver cannot be followed. */
  readonly distinctive?: true;
}

/** One flag SDK family as data. Adding an SDK is adding such a row to the table. */
export interface Sdk {
  readonly id: string;
  readonly title: string;
  readonly packages: Readonly<Record<string, EvaluatedOn>>;
  /** Methods of its client. */
  readonly methods: readonly CallShape[];
  /** Functions and hooks imported from the package itself. */
  readonly functions: readonly CallShape[];
  /** Decorators and JSX components imported from the package. */
  readonly markers: readonly CallShape[];
  /** Type names of its client, as imported from the package. */
  readonly clientTypes: readonly string[];
  /** Functions and methods that hand out a client, and constructors that make one. */
  readonly clientMakers: readonly string[];
  /** Calls that hand out all flags as one object, its property names being keys. */
  readonly bags: readonly { readonly name: string; readonly camelCased: boolean }[];
  /** Receivers that by their very name are this SDK's client, where they cannot be followed. */
  readonly receiver: RegExp;
}
