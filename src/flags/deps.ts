import type { Clock } from '../platform/clock';
import type { Files, Paths } from '../platform/files';
import type { Hash } from '../platform/hash';
import type { L10n } from '../platform/l10n';
import type { Log } from '../platform/log';

/** What every flag system is given. */
export interface SystemDeps {
  readonly files: Files;
  readonly paths: Paths;
  readonly hash: Hash;
  readonly clock: Clock;
  readonly l10n: L10n;
  readonly log: Log;
  /** True while an editor holds unsaved changes of this file. */
  readonly isDirty: (path: string) => boolean;
  /** Nothing outside these folders is ever written. */
  readonly workspaceFolders: () => readonly string[];
  /** Why nothing may be written at all (an untrusted workspace), else null. */
  readonly readOnlyReason: () => string | null;
}
