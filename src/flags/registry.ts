import type { SystemDeps, SystemOptions } from './deps';
import { FlagdSystem } from './flagd/system';
import type { FlagSystem } from './system';

/** The kinds of flag system that `.sightglass.json` can name in `type`. Adding one adds a row. */
const factories: Readonly<Record<string, (options: SystemOptions, deps: SystemDeps) => FlagSystem>> = {
  flagd: (options, deps) => new FlagdSystem(options, deps),
};

export const systemTypes: readonly string[] = Object.keys(factories);

export function createSystem(type: string, options: SystemOptions, deps: SystemDeps): FlagSystem | undefined {
  return Object.hasOwn(factories, type) ? factories[type]?.(options, deps) : undefined;
}
