import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { api, extension } from '../shop';

suite('activation', () => {
  // A figure, not a bound: how long it takes depends on the machine. `npm run bench` prints it beside its goal.
  test('activates', async function () {
    const { activationMs } = await api();
    assert.ok(activationMs > 0);
    if (this.test) this.test.title = `activates in ${activationMs.toFixed(1)} ms`;
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
