import type { ServiceGraph } from '../../model/serviceGraph';
import type { CatalogEntity } from './catalog';
import type { OwnerRule } from './codeOwners';

/** What one source saw of who calls whom. */
export interface ObservedGraph {
  /** For display: `built-in receiver`. */
  readonly source: string;
  /** What is told is of it, for display; without an answer, what was asked for. `''` where none is named. */
  readonly environment: string;
  /** Null: it did not answer, which `reason` says why. */
  readonly graph: ServiceGraph | null;
  readonly reason: string | null;
}

/** A place in code of one service that calls a route of another. */
export interface FoundCall {
  /** The path itself where it is of no service that is known. */
  readonly client: string;
  readonly server: string;
  /** `/charges`, as the called service has it. */
  readonly template: string;
  readonly path: string;
  readonly line: number;
}

/** What is known of who uses what, from whoever was asked. */
export interface ConsumersInput {
  /** Services that a file is built into, as telemetry, the configuration or the catalog name them. */
  readonly servicesOf: (path: string) => readonly string[];
  readonly entities: readonly CatalogEntity[];
  readonly owners: readonly OwnerRule[];
  readonly observed: readonly ObservedGraph[];
  /** How far back was looked. */
  readonly windowMinutes: number;
  readonly found: readonly FoundCall[];
  /** Why code was not searched through for calls; null: it was. */
  readonly notSearched: string | null;
  /** Catalogs that could not be read, in words. */
  readonly unread: readonly string[];
}
