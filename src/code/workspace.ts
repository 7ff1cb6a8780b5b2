import type { Surroundings } from './resolve/match';
import type { Modules } from './resolve/modules';
import type { Wrappers } from './resolve/wrappers';
import type { Mount, Registration } from './routes';

/** All that linking one file needs to know of the rest. */
export interface Workspace extends Modules, Surroundings {
  readonly wrappers: Wrappers;
  readonly mounts: ReadonlyMap<string, readonly Mount[]>;
  /** Handlers of this file that other files register. */
  registrationsFor(path: string): readonly Registration[];
  /** Keys that references elsewhere reach through constants of this file. */
  definedIn(path: string): ReadonlySet<string>;
  /** Known keys by their camel-cased form. */
  camelCased(name: string): string | undefined;
  readonly isKnown: (key: string) => boolean;
  /** Whether any system is connected whose keys are known. */
  readonly hasKnown: boolean;
  /** Whether functions of a file are given all flags somewhere. */
  isHanded(path: string): boolean;
}
