/** API paths below the base URL; everything that goes into one is escaped. */
const part = encodeURIComponent;
const feature = (key: string): string => `/api/v2/features/${part(key)}`;

/** Of a draft that is there, or of one that is made with its first edit. */
export type DraftVersion = number | 'new';
const draft = (key: string, version: DraftVersion): string => `${feature(key)}/revisions/${String(version)}`;

/** The project that stands for all of them: organisations without projects have features that are in none. */
export const ALL_PROJECTS = '*';

export const apiPaths = {
  environments: '/api/v1/environments',
  projects: (limit: number): string => `/api/v1/projects?limit=${String(limit)}`,
  /** Archived ones among them. */
  features: (project: string, limit: number, offset: number): string =>
    `/api/v2/features?limit=${String(limit)}&offset=${String(offset)}&archived=true${project === ALL_PROJECTS ? '' : `&projectId=${part(project)}`}`,
  create: '/api/v2/features',
  feature,
  toggle: (key: string): string => `${feature(key)}/toggle`,
  stale: (keys: readonly string[]): string => `/api/v2/stale-features?ids=${part(keys.join(','))}`,
  ramps: (limit: number, offset: number): string =>
    `/api/v1/ramp-schedules?limit=${String(limit)}&offset=${String(offset)}`,
  rampsOf: (key: string): string => `/api/v1/ramp-schedules?limit=100&featureId=${part(key)}`,
  /** Newest first. */
  revisions: (key: string, limit: number): string => `${feature(key)}/revisions?limit=${String(limit)}`,
  drafts: (key: string): string => `${feature(key)}/revisions?limit=100&status=all-drafts`,
  draftToggle: (key: string, version: DraftVersion): string => `${draft(key, version)}/toggle`,
  draftRules: (key: string, version: DraftVersion): string => `${draft(key, version)}/rules`,
  draftRule: (key: string, version: DraftVersion, rule: string): string => `${draft(key, version)}/rules/${part(rule)}`,
  draftArchive: (key: string, version: DraftVersion): string => `${draft(key, version)}/archive`,
  review: (key: string, version: number): string => `${draft(key, version)}/request-review`,
  publish: (key: string, version: number): string => `${draft(key, version)}/publish`,
  discard: (key: string, version: number): string => `${draft(key, version)}/discard`,
} as const;
