import type { About } from '../rest/apiErrors';

/** Which project, environment and flag a path of the admin API is about; null for what is about no project. */
export function aboutPath(path: string): About | null {
  const project = /\/projects?\/([^/?]+)/.exec(path)?.[1];
  if (project === undefined) return null;
  const key = /\/features\/([^/?]+)/.exec(path)?.[1];
  const environment = /\/features\/[^/?]+\/environments\/([^/?]+)/.exec(path)?.[1];
  return {
    project: decoded(project),
    ...(environment !== undefined && { environment: decoded(environment) }),
    ...(key !== undefined && { key: decoded(key) }),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
