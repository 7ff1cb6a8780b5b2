import type { Disposable } from '../../platform/disposable';
import type { Log } from '../../platform/log';
import type { Settings } from '../../platform/settings';

/** Settings that switch a surface: `sightglass.<name>.enabled`. */
export type SurfaceName =
  | 'inlayHints'
  | 'codeLens'
  | 'gutter'
  | 'hover'
  | 'statusBar'
  | 'diagnostics'
  | 'flagsView'
  | 'impactView'
  | 'journalView';

export function surfaceEnabled(settings: Settings, name: SurfaceName): boolean {
  return settings.get(`${name}.enabled`, true);
}

/**
 * Holds a surface while its setting is on, builds it anew when it is switched on again. One that fails to build is
 * logged and leaves the others alone.
 */
export function switchable(settings: Settings, name: SurfaceName, log: Log, build: () => Disposable): Disposable {
  let built: Disposable | undefined;
  const follow = (): void => {
    if (surfaceEnabled(settings, name) === (built !== undefined)) return;
    try {
      if (built) {
        built.dispose();
        built = undefined;
      } else {
        built = build();
      }
    } catch (error) {
      log.error(`The surface "${name}" failed`, error);
    }
  };
  follow();
  const listening = settings.onDidChange(follow);
  return {
    dispose: () => {
      listening.dispose();
      built?.dispose();
      built = undefined;
    },
  };
}
