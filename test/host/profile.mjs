import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Quiet, and without what would cover the screen or go to the network. */
const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'update.mode': 'none',
  'git.openRepositoryInParentFolders': 'never',
  'json.schemaDownload.enable': false,
};

/**
 * Writes the settings of a profile that only this run uses.
 * @param {string} data the user-data-dir @param {Record<string, unknown>} [settings]
 */
export function writeProfile(data, settings = {}) {
  for (const kind of ['User', 'Machine']) {
    mkdirSync(join(data, kind), { recursive: true });
    // A server reads settings of machine scope from the second file only; a desktop never reads it.
    writeFileSync(join(data, kind, 'settings.json'), JSON.stringify({ ...quiet, ...settings }, null, 2));
  }
}
