import { ApartSystem } from './apartSystem';
import type { SystemDeps, SystemOptions } from './deps';
import { FlagdSystem } from './flagd/system';
import type { FlagSystem } from './system';

/** The kinds of flag system that `.sightglass.json` can name in `type`. Adding one adds a row. */
const factories: Readonly<Record<string, (options: SystemOptions, deps: SystemDeps) => FlagSystem>> = {
  flagd: (options, deps) => new FlagdSystem(options, deps),
  unleash: (options, deps) =>
    new ApartSystem('unleash', options, deps, async () => (await import('./unleash/system')).makeUnleash, {
      evaluateAs: true,
    }),
  goff: (options, deps) => new ApartSystem('goff', options, deps, async () => (await import('./goff/system')).makeGoff),
  flipt: (options, deps) =>
    new ApartSystem('flipt', options, deps, async () => (await import('./flipt/system')).makeFlipt),
  launchdarkly: (options, deps) =>
    new ApartSystem(
      'launchdarkly',
      options,
      deps,
      async () => (await import('./launchdarkly/system')).makeLaunchDarkly,
    ),
  growthbook: (options, deps) =>
    new ApartSystem('growthbook', options, deps, async () => (await import('./growthbook/system')).makeGrowthBook),
};

/** Types whose environments say in `source` where their flags are; the others have a `url`. */
export const typesWithSources: ReadonlySet<string> = new Set(['flagd', 'goff', 'flipt']);
/** Of them, those that have a server at a `url` where one is named. */
export const typesWithEither: ReadonlySet<string> = new Set(['flipt']);

export const systemTypes: readonly string[] = Object.keys(factories);

export function createSystem(type: string, options: SystemOptions, deps: SystemDeps): FlagSystem | undefined {
  return Object.hasOwn(factories, type) ? factories[type]?.(options, deps) : undefined;
}
