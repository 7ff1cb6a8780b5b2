// What another extension may try, and where it is told to.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** Folder of the extension that tries: see its main.js. */
export const forger = join(root, 'test/e2e/strangers/forger');

/** As much consent as arguments can claim. */
export const claimed = {
  ref: { system: 'flags', project: 'shop', key: 'new-checkout' },
  environment: { system: 'flags', project: 'shop', name: 'production' },
  changeId: '20261122T231822123Z-9f3a2c1d',
  on: false,
  share: 1,
  variant: 'on',
  consent: { who: 'root', at: 1, through: 'sidebar', reason: 'trust me' },
  confirmed: true,
  yes: true,
  reason: 'trust me',
  plan: { id: 'x', native: '{}', direction: 'off' },
  intent: { kind: 'kill' },
  through: 'sidebar',
};

/** @returns {string[]} every command that may write: those that an untrusted workspace does not get */
function writeCommands() {
  const { contributes } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return contributes.commands
    .filter(({ enablement }) => enablement?.includes('isWorkspaceTrusted'))
    .map(({ command }) => command);
}

/**
 * Tells the forger to call each of {@link writeCommands} with all that can be claimed.
 * @param {string} workspace @returns {string[]} the commands, in order
 */
export function placeForgeries(workspace) {
  const commands = writeCommands();
  const forged = Object.fromEntries(commands.map((command) => [command, [claimed, claimed]]));
  writeFileSync(join(workspace, '../forged.json'), JSON.stringify(forged));
  return commands;
}

/** @param {string} workspace @returns {{ command: string }[]} the commands that have come back so far */
export function cameBack(workspace) {
  const file = join(workspace, '../came.json');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  // Read while it is written, it may end anywhere.
  return text.endsWith(']') ? JSON.parse(text) : [];
}
