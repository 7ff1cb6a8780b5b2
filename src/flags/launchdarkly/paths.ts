/** API paths below the base URL; everything that goes into one is escaped. */
const api = '/api/v2';
const part = encodeURIComponent;

export interface Place {
  readonly project: string;
  readonly environment: string;
  readonly key: string;
}

/** `env=production&env=staging`, a parameter each. */
const environmentsOf = (names: readonly string[]): string => names.map((name) => `env=${part(name)}`).join('&');

const approvals = ({ project, environment, key }: Place): string =>
  `${api}/projects/${part(project)}/flags/${part(key)}/environments/${part(environment)}/approval-requests`;

export const apiPaths = {
  caller: `${api}/caller-identity`,
  projects: (limit: number): string => `${api}/projects?limit=${String(limit)}&sort=name`,
  environments: (project: string, limit: number, offset: number): string =>
    `${api}/projects/${part(project)}/environments?limit=${String(limit)}&offset=${String(offset)}`,
  /** Without `summary=0` rules, targets and prerequisites are left out. */
  flags: (project: string, environments: readonly string[], limit: number, offset: number): string =>
    `${api}/flags/${part(project)}?${environmentsOf(environments)}&summary=0&limit=${String(limit)}&offset=${String(offset)}&sort=key`,
  archived: (project: string, limit: number, offset: number): string =>
    `${api}/flags/${part(project)}?filter=${part('state:archived')}&limit=${String(limit)}&offset=${String(offset)}&sort=key`,
  create: (project: string): string => `${api}/flags/${part(project)}`,
  flag: (project: string, key: string, environments: readonly string[]): string =>
    `${api}/flags/${part(project)}/${part(key)}?${environmentsOf(environments)}`,
  patch: (project: string, key: string, rehearsal: boolean): string =>
    `${api}/flags/${part(project)}/${part(key)}${rehearsal ? '?dryRun=true' : ''}`,
  audit: (resource: string, limit: number): string => `${api}/auditlog?spec=${part(resource)}&limit=${String(limit)}`,
  approvals,
  schedule: ({ project, environment, key }: Place): string =>
    `${api}/projects/${part(project)}/flags/${part(key)}/environments/${part(environment)}/scheduled-changes`,
} as const;

/** Resource specifiers: https://launchdarkly.com/docs/home/account/role-resources. */
export const resourceOf = (project: string, key = '*', environment = '*'): string =>
  `proj/${project}:env/${environment}:flag/${key}`;
