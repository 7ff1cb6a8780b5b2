/** API paths below the base URL; everything that goes into one is escaped. */
const part = encodeURIComponent;

export interface Place {
  readonly environment: string;
  readonly namespace: string;
}

export const FLAG = 'flipt.core.Flag';
export const SEGMENT = 'flipt.core.Segment';

const resources = ({ environment, namespace }: Place): string =>
  `/api/v2/environments/${part(environment)}/namespaces/${part(namespace)}/resources`;

export const apiPaths = {
  environments: '/api/v2/environments',
  namespaces: (environment: string): string => `/api/v2/environments/${part(environment)}/namespaces`,
  /** What is put and posted to. */
  resources,
  list: (place: Place, type: string): string => `${resources(place)}/${part(type)}`,
  flag: (place: Place, key: string): string => `${resources(place)}/${part(FLAG)}/${part(key)}`,
  /** What evaluators are given, with an ETag: it changes with everything that counts. */
  snapshot: ({ environment, namespace }: Place): string =>
    `/client/v2/environments/${part(environment)}/namespaces/${part(namespace)}/snapshot`,
  /** Of servers of version 1, which have no environments. */
  flagsV1: (namespace: string, limit: number, pageToken: string): string =>
    `/api/v1/namespaces/${part(namespace)}/flags?limit=${String(limit)}${pageToken === '' ? '' : `&pageToken=${part(pageToken)}`}`,
  flagV1: (namespace: string, key: string): string => `/api/v1/namespaces/${part(namespace)}/flags/${part(key)}`,
  evaluate: (type: 'boolean' | 'variant'): string => `/evaluate/v1/${type}`,
} as const;
