import type { EnvironmentConfig } from '../model/config';
import type { Environment } from '../model/flag';
import { globPattern } from './globs';

/**
 * The user's own settings. Globs, matched against an environment's name and against `system/project/environment`,
 * case ignored. Only these can loosen: what a repository says can only tighten.
 */
export interface UserProtection {
  readonly protected: readonly string[];
  readonly unprotected: readonly string[];
}

/** Names that mean production unless the user says otherwise. */
export const PROTECTED_NAMES: readonly string[] = [
  'prod',
  'prod-*',
  '*-prod',
  'production',
  'production-*',
  '*-production',
  'prd',
  'live',
  'live-*',
];

export function protectionOf(
  names: { readonly system: string; readonly project: string; readonly environment: string },
  repository: EnvironmentConfig['protected'],
  systemMarksIt: boolean,
  user: UserProtection,
): Environment['protected'] {
  const { system, project, environment } = names;
  const whole = `${system}/${project}/${environment}`;
  const matches = (globs: readonly string[]): boolean =>
    globs.some((glob) => glob.length <= 200 && globPattern(glob, 'i').test(glob.includes('/') ? whole : environment));
  if (matches(user.unprotected)) return { value: false, because: 'user' };
  if (systemMarksIt) return { value: true, because: 'system' };
  if (matches(user.protected)) return { value: true, because: 'user' };
  if (repository === true) return { value: true, because: 'repository' };
  if (matches(PROTECTED_NAMES)) return { value: true, because: 'name' };
  return { value: false, because: 'nothing' };
}
