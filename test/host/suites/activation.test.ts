import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { api, extension } from '../shop';

suite('activation', () => {
  test('takes under 30 ms of the extension host', async () => {
    const { activationMs } = await api();
    // Wall time: where more processes want the cores than there are cores, each waits its turn.
    const waiting = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
    assert.ok(
      activationMs < 30 * waiting,
      `activate took ${activationMs.toFixed(1)} ms at ${waiting.toFixed(1)} a core`,
    );
  });

  test('registers every command it contributes', async () => {
    await api();
    const manifest = extension().packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.map(({ command }) => command).filter((id) => !registered.has(id));
    assert.deepEqual(missing, []);
  });

  test('leaves the fetch and the dispatcher of the host as they were', () => {
    const dispatcher = Symbol.for('undici.globalDispatcher.1');
    const now = (): unknown[] => [globalThis.fetch, (globalThis as Record<symbol, unknown>)[dispatcher]];
    const before = now();
    const bundle = join(extension().extensionPath, 'dist/extension.js');
    const load = createRequire(bundle);
    // Loaded a second time, so that it is the loading that is looked at, whenever activation was.
    Reflect.deleteProperty(load.cache, bundle);
    const loaded = load(bundle) as { activate?: unknown };
    assert.equal(typeof loaded.activate, 'function');
    const after = now();
    assert.ok(before.every((value, at) => value === after[at]));
  });
});
