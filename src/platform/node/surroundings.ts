import { homedir, userInfo } from 'node:os';
import { homeFolder } from './home';

/** What the process knows of its machine, for composition roots that may not ask Node themselves. */
export interface Surroundings {
  /** The folder shared by all windows and the command line; made by who writes there first. */
  readonly home: string;
  /** Name of the account, for the record of who consented. */
  readonly user: string;
  readonly platform: string;
  readonly arch: string;
  readonly pathVariable: string | undefined;
}

/** Throws RangeError when SIGHTGLASS_HOME is not absolute. */
export function surroundings(): Surroundings {
  const { platform, arch, env } = process;
  return {
    home: homeFolder({ platform, env, homedir: homedir() }),
    user: accountName(),
    platform,
    arch,
    pathVariable: env.PATH,
  };
}

/** Accounts without an entry in the user database (containers with any uid) have no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
