import type { ProjectConfig } from '../model/config';
import type { Environment } from '../model/flag';
import type { Clock } from '../platform/clock';
import type { Files, Paths } from '../platform/files';
import type { Hash } from '../platform/hash';
import type { L10n } from '../platform/l10n';
import type { Log } from '../platform/log';
import type { Remotes } from '../platform/remotes';

/** What every flag system is given. */
export interface SystemDeps {
  readonly files: Files;
  readonly paths: Paths;
  readonly hash: Hash;
  readonly clock: Clock;
  readonly l10n: L10n;
  readonly log: Log;
  /** Servers: consent, tokens and origins are looked after there. */
  readonly remotes: Remotes;
  /** True while an editor holds unsaved changes of this file. */
  readonly isDirty: (path: string) => boolean;
  /** Nothing outside these folders is ever written. */
  readonly workspaceFolders: () => readonly string[];
  /** Why nothing may be written at all (an untrusted workspace), else null. */
  readonly readOnlyReason: () => string | null;
}

/** One project as its system is made from. */
export interface SystemOptions {
  /** The id that refs carry. */
  readonly system: string;
  readonly project: ProjectConfig;
  /** Base URL of the system's admin API, where the configuration names one. */
  readonly url?: string;
  /** The environments of the project, in its order. */
  readonly environments: readonly Environment[];
  /** What `source` is relative to. */
  readonly folder: string;
  /** Absolute folders whose code the project is about. */
  readonly folders: readonly string[];
}
