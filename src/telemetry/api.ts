import type { BackendConfig } from '../model/config';
import type { SignalFacts } from '../model/facts';
import type { Effective } from '../model/flag';
import type { CodePath } from '../model/reference';
import type { InstanceEvaluation } from '../model/signal';
import type { FoldersByService, Manifest } from './match/serviceManifests';

/**
 * A question for facts. Answered for the code paths and flags asked, from rollups, in one go. Give all code paths of
 * the workspace folder: whether a name is unique, and whose calls reach a function, is judged among them.
 */
export interface FactsRequest {
  /** deployment.environment.name wanted; telemetry that names none is joined too and said so. */
  readonly environment: string;
  readonly windowMinutes: number;
  readonly codePaths: readonly CodePath[];
  /** Code path overrides of `.sightglass.json`, service map. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly services: Readonly<Record<string, readonly string[]>>;
  /** Folders by service, as manifests of the workspace say (`foldersByService`); the configured map goes before them. */
  readonly discovered?: FoldersByService;
  readonly flags: readonly FlagQuestion[];
  /** Stores to ask beside the built-in one. */
  readonly backends?: readonly BackendConfig[];
}

/** Who called whom in the last minutes, one day at most. */
export interface GraphRequest {
  readonly environment: string;
  readonly windowMinutes: number;
}

/** `at`: the code paths (ids) whose operations the arms are wanted for; empty = the flag's services as a whole. */
export interface FlagQuestion {
  readonly key: string;
  readonly at: readonly string[];
  /** From the flag's definition: decides treatment, control, and whether a verdict may be given. */
  readonly effective: Effective | null;
  readonly offVariant: string | null;
  /** When the definition last changed (epoch ms), where its system says: only then can calls be held against its shares. */
  readonly changedAt?: number;
  /** What telemetry may say in place of a variant's name, to that name (see `namesByValue`); absent: names only. */
  readonly variantNames?: Readonly<Record<string, string>>;
}

export interface ReceiverStatus {
  readonly role: 'owner' | 'reader' | 'starting' | 'stopped' | 'failed';
  readonly address: string;
  readonly port: number | null;
  /** Why the wanted port is not the one, or why it failed. */
  readonly problem: string | null;
  readonly spansReceived: number;
  readonly rejected: number;
  readonly newest: number | null;
}

export type TelemetryMethods = {
  start: (request: {
    readonly home: string;
    readonly address: string;
    readonly port: number;
    readonly token: string | null;
  }) => Promise<ReceiverStatus>;
  status: (request: Record<string, never>) => Promise<ReceiverStatus>;
  facts: (request: FactsRequest) => Promise<SignalFacts>;
  /** Folders by service, of the texts of manifests. */
  builtFrom: (request: { readonly manifests: readonly Manifest[] }) => Promise<FoldersByService>;
  /** Evaluations of one flag by service instance since a time (epoch ms). */
  instances: (request: {
    readonly flag: string;
    readonly environment: string;
    readonly since: number;
  }) => Promise<readonly InstanceEvaluation[]>;
  stop: (request: Record<string, never>) => Promise<void>;
};

export type TelemetryEvents = {
  /** The rollups changed since the last event (at most every 500 ms). */
  changed: { readonly at: number };
  status: ReceiverStatus;
};
