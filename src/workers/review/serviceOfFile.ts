import type { SignalFacts } from '../../model/facts';
import { componentAbove, type CatalogEntity } from '../../review/consumers/catalog';
import { isSameService, serviceKey } from '../../review/consumers/serviceNames';
import { ServiceFolders } from '../../telemetry/match/serviceFolders';

/** Each is compared with each, for every file. */
const mostNames = 200;

/**
 * Which services a file is built into, by the first of these that says so: the configuration; operations that were
 * matched to code in it; a folder that bears a service's name; the component whose catalog file stands nearest above it.
 */
export function servicesOfFiles(of: {
  /** Service to folders (globs). */
  readonly configured: Readonly<Record<string, readonly string[]>>;
  /** Names that telemetry has. */
  readonly services: readonly string[];
  readonly entities: readonly CatalogEntity[];
  readonly facts: readonly SignalFacts[];
}): (path: string) => readonly string[] {
  const { configured, services, entities, facts } = of;
  const components = entities.filter(({ kind }) => kind === 'component').map(({ name }) => name);
  const names = distinct([...Object.keys(configured), ...services, ...components]).slice(0, mostNames);
  const folders = new ServiceFolders(configured, names);
  const matched = new Map<string, string[]>();
  for (const { paths } of facts)
    for (const { codePathId, operation, match } of paths) {
      if (match.via !== null || match.approximate) continue;
      // `path:line:column`.
      const path = codePathId.replace(/:\d+:\d+$/, '');
      matched.set(path, [...(matched.get(path) ?? []), operation.service]);
    }
  const known = new Map<string, readonly string[]>();
  const find = (path: string): readonly string[] => {
    const fits = (least: number): string[] => names.filter((name) => (folders.fit(name, path) ?? -1) >= least);
    const ways = [(): string[] => fits(2), (): string[] => distinct(matched.get(path) ?? []), (): string[] => fits(1)];
    for (const way of ways) {
      const found = way();
      if (found.length > 0) return found;
    }
    const above = componentAbove(entities, path)?.name;
    return above === undefined ? [] : [names.find((name) => isSameService(name, above)) ?? above];
  };
  return (path) => {
    const found = known.get(path) ?? find(path);
    known.set(path, found);
    return found;
  };
}

/** One name of each service, the first. */
function distinct(names: readonly string[]): string[] {
  const kept = new Map<string, string>();
  for (const name of names) if (!kept.has(serviceKey(name))) kept.set(serviceKey(name), name);
  return [...kept.values()];
}
