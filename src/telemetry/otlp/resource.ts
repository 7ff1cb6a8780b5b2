import { cut } from './bounds';
import type { Scalar } from './scalar';
import type { ResourceRecord } from './record';

/** The resource record of the kept attributes, old names where the new are missing. */
export function resourceOf(attributes: ReadonlyMap<string, Scalar>): ResourceRecord {
  const text = (...keys: string[]): string => {
    for (const key of keys) {
      const value = attributes.get(key);
      if (value !== undefined && value !== '') return cut(String(value));
    }
    return '';
  };
  const host = text('k8s.pod.name', 'host.name');
  const pid = text('process.pid');
  return {
    service: text('service.name') || 'unknown_service',
    environment: text('deployment.environment.name', 'deployment.environment'),
    version: text('service.version', 'vcs.ref.head.revision'),
    instance: text('service.instance.id') || (pid === '' ? host : `${host}:${pid}`) || 'unnamed',
  };
}
