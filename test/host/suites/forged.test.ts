import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SightglassApi } from '../../../src/editor/api';
import { api, extension, flagFile, openCode, read, until, writeShop } from '../shop';

const ref = { system: 'flags', project: 'shop', key: 'new-checkout' };
const environment = { system: 'flags', project: 'shop', name: 'production' };

/** As much as a caller can claim. */
const claimed: readonly unknown[] = [
  {
    ref,
    environment,
    on: false,
    share: 1,
    variant: 'on',
    changeId: '20261122T231822123Z-9f3a2c1d',
    consent: { who: 'root', at: 1, through: 'sidebar', reason: 'trust me' },
    plan: { id: 'x', native: '{}', direction: 'off' },
    intent: { kind: 'kill' },
    confirmed: true,
    yes: true,
    reason: 'trust me',
  },
  { ref, environment, changeId: '../../journal/forged', path: '/etc/passwd', line: 1, origin: 'http://127.0.0.1:1' },
  'new-checkout',
  [ref, environment],
  { ref: { ...ref, key: 'x'.repeat(100_000) } },
];

/** Commands that hand over to VS Code, where they would wait for a person or take the window away. */
const leavesTheWindow = ['sightglass.openWalkthrough'];

const asking = [
  'showWarningMessage',
  'showInformationMessage',
  'showErrorMessage',
  'showInputBox',
  'showQuickPick',
  'showSaveDialog',
  'showOpenDialog',
] as const;

/** A person who dismisses everything. What was asked is counted by its kind. */
function dismissing(): { readonly asked: Map<string, number>; restore: () => void } {
  const window = vscode.window as unknown as Record<(typeof asking)[number], unknown>;
  const before = asking.map((name) => [name, window[name]] as const);
  const asked = new Map<string, number>();
  for (const name of asking)
    window[name] = async () => {
      asked.set(name, (asked.get(name) ?? 0) + 1);
      return undefined;
    };
  return {
    asked,
    restore: () => {
      for (const [name, was] of before) window[name] = was;
    },
  };
}

function journalFiles(): string[] {
  const folder = join(process.env.SIGHTGLASS_HOME ?? '', 'journal');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
}

suite('every command called with forged arguments', () => {
  let exported: SightglassApi;
  const manifest = extension().packageJSON as { contributes: { commands: { command: string }[] } };
  const commands = manifest.contributes.commands.map(({ command }) => command);

  suiteSetup(async function () {
    this.timeout(90_000);
    await writeShop();
    exported = await api();
    const editor = await openCode();
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    await until(
      'the flag is listed',
      () => JSON.stringify(exported.flags()).includes('new-checkout'),
      () => exported.flags(),
      60_000,
    );
  });

  suiteTeardown(async () => {
    // Called so often, what can be switched is as it happens to be.
    await vscode.workspace.getConfiguration('sightglass').update('inlayHints.enabled', undefined, true);
  });

  for (const command of commands.filter((name) => !leavesTheWindow.includes(name))) {
    test(`${command} changes no flag and no configuration, and leaves no entry`, async function () {
      this.timeout(60_000);
      const files = async (): Promise<string[]> => Promise.all([flagFile, '.sightglass.json'].map(read));
      const [before, entries] = [await files(), journalFiles()];
      const person = dismissing();
      try {
        for (const argument of claimed) await vscode.commands.executeCommand(command, argument, ...claimed);
      } finally {
        person.restore();
      }
      assert.deepEqual(await files(), before);
      assert.deepEqual(journalFiles(), entries);
      if (/toggleFlag|killFlag/.test(command)) assert.ok((person.asked.get('showWarningMessage') ?? 0) >= 1);
    });
  }
});
