const part = encodeURIComponent;

/** Below the base URL; every name that comes from outside is one segment. */
export const adminPaths = {
  features: (project: string): string => `/api/admin/projects/${part(project)}/features`,
  feature: (project: string, feature: string): string =>
    `/api/admin/projects/${part(project)}/features/${part(feature)}?variantEnvironments=true`,
  /** What archives it, asked with DELETE. */
  plainFeature: (project: string, feature: string): string =>
    `/api/admin/projects/${part(project)}/features/${part(feature)}`,
  /** An archived flag, for good. */
  deleted: (feature: string): string => `/api/admin/archive/${part(feature)}`,
  validate: '/api/admin/features/validate',
  playground: '/api/admin/playground',
  environment: (project: string, feature: string, environment: string): string =>
    `/api/admin/projects/${part(project)}/features/${part(feature)}/environments/${part(environment)}`,
  environments: (project: string): string => `/api/admin/environments/project/${part(project)}`,
  projects: '/api/admin/projects',
  segments: '/api/admin/segments',
  user: '/api/admin/user',
  projectEvents: (project: string, limit: number, offset = 0): string =>
    `/api/admin/search/events?project=${part(`IS:${project}`)}&limit=${limit}&offset=${offset}`,
  featureEvents: (project: string, feature: string, limit: number): string =>
    `/api/admin/search/events?project=${part(`IS:${project}`)}&feature=${part(`IS:${feature}`)}&limit=${limit}`,
  archived: (project: string, limit: number): string =>
    `/api/admin/search/features?project=${part(`IS:${project}`)}&archived=${part('IS:true')}&limit=${limit}`,
  changeRequestConfig: (project: string): string => `/api/admin/projects/${part(project)}/change-requests/config`,
  changeRequests: (project: string, environment: string): string =>
    `/api/admin/projects/${part(project)}/environments/${part(environment)}/change-requests`,
};

/** Pages for people. */
export const pagePaths = {
  feature: (project: string, feature: string): string => `/projects/${part(project)}/features/${part(feature)}`,
  changeRequest: (project: string, id: number): string => `/projects/${part(project)}/change-requests/${String(id)}`,
};
