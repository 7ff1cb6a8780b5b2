import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SightglassApi } from '../../../src/editor/api';
import { api, file, until, write } from '../shop';

const folder = 'diagnostics';
const codeFile = `${folder}/orders.ts`;
const otherFile = `${folder}/other.ts`;
const flagFile = `${folder}/diagnostics.flagd.json`;
const flags = {
  flags: {
    'new-checkout': { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' },
    'nobody-asks': { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
    theme: { state: 'ENABLED', variants: { red: 'red', blue: 'blue' }, defaultVariant: 'red' },
  },
};
const configuration = {
  systems: [
    {
      id: 'diagnosed',
      type: 'flagd',
      projects: [
        {
          name: 'diagnosed',
          environments: [
            { name: 'production', kind: 'live', protected: true, source: ['diagnostics.flagd.json'], pollSeconds: 1 },
          ],
        },
      ],
    },
  ],
};
const code = `import { OpenFeature } from '@openfeature/server-sdk';
const client = OpenFeature.getClient();
export async function order(): Promise<string> {
  const fresh = await client.getBooleanValue('new-chekout', false);
  const nothing = await client.getBooleanValue('entirely-elsewhere', false);
  const theme = await client.getStringValue('theme', 'red');
  if (theme === 'blu') return 'blue';
  return String(fresh && nothing && (await client.getNumberValue('theme', 1)));
}
`;

interface Shown {
  readonly code: string;
  readonly line: number;
  readonly text: string;
  readonly diagnostic: vscode.Diagnostic;
}

function shownIn(path: string): readonly Shown[] {
  const document = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file(path).toString());
  if (!document) return [];
  return vscode.languages.getDiagnostics(document.uri).flatMap((diagnostic) => {
    const { code: of, range, source } = diagnostic;
    // Whether defaults differ is a matter of all files of the window, which other suites write as well.
    if (source !== 'Sightglass' || typeof of !== 'object' || of.value === 'flag-default-differs') return [];
    return [{ code: String(of.value), line: range.start.line + 1, text: document.getText(range), diagnostic }];
  });
}

const told = (all: readonly Shown[]): string[] => all.map(({ code: of, line }) => `${of}:${String(line)}`).sort();

/** VS Code gives the question up where the text or a diagnostic moved meanwhile: it is asked again. */
async function fixes(path: string, title: RegExp, at: () => vscode.Range | undefined): Promise<vscode.CodeAction> {
  return until(`a fix ${title.source}`, async () => {
    const range = at();
    if (!range) return undefined;
    try {
      const kind = vscode.CodeActionKind.QuickFix.value;
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        ...[file(path), range, kind],
      );
      return actions.find((action) => title.test(action.title));
    } catch {
      return undefined;
    }
  });
}

suite('diagnostics of flags', function () {
  this.timeout(90_000);
  let exported: SightglassApi;

  suiteSetup(async function () {
    this.timeout(90_000);
    await write(flagFile, `${JSON.stringify(flags, null, 2)}\n`);
    await write(`${folder}/.sightglass.json`, `${JSON.stringify(configuration, null, 2)}\n`);
    await write(codeFile, code);
    await write(otherFile, code.replace('new-chekout', 'new-checkout').replace(/ {2}const theme[^]*?'blue';\n/, ''));
    exported = await api();
    await vscode.commands.executeCommand('sightglass.refresh');
    await vscode.window.showTextDocument(file(codeFile), { preview: false });
    await until(
      'what differs is told',
      () => shownIn(codeFile).length >= 4,
      () => [told(shownIn(codeFile)), exported.facts(file(codeFile))],
      60_000,
    );
  });

  test('undefined flags, wrong types and variants that do not exist are told at the token', async () => {
    const all = shownIn(codeFile);
    assert.deepEqual(told(all), ['flag-undefined:4', 'flag-undefined:5', 'flag-wrong-type:8', 'variant-undefined:6']);
    assert.deepEqual(
      all.filter(({ code: of }) => of === 'flag-undefined').map(({ text }) => text),
      [`'new-chekout'`, `'entirely-elsewhere'`],
    );
    const first = all.find(({ line }) => line === 4);
    assert.match(first?.diagnostic.message ?? '', /new-chekout.*Did you mean.*new-checkout/);
    const { code: of } = first?.diagnostic ?? {};
    assert.ok(typeof of === 'object' && of.target.fragment === 'flag-undefined', 'the code leads to its explanation');
    const variant = all.find(({ code: one }) => one === 'variant-undefined');
    assert.equal(variant?.diagnostic.relatedInformation?.length, 1);
  });

  test('a file that nobody opened is told of as well', async () => {
    const diagnostics = vscode.languages.getDiagnostics(file(otherFile));
    assert.ok(diagnostics.some(({ message }) => message.includes('entirely-elsewhere')));
  });

  test('a flag that nothing names is faded at its key in the flag file', async () => {
    await vscode.workspace.openTextDocument(file(flagFile));
    const only = await until(
      'it is told at the key',
      () => shownIn(flagFile).find(({ text }) => text === 'nobody-asks'),
      () => shownIn(flagFile),
    );
    assert.deepEqual(told(shownIn(flagFile)), ['flag-unreferenced:11']);
    assert.deepEqual(only.diagnostic.tags, [vscode.DiagnosticTag.Unnecessary]);
    assert.match(only.diagnostic.message, /not referenced in this workspace/);
  });

  test('flags that nothing names are a section of the Flags view, where those of servers stand too', async () => {
    const listed = (): string[] | undefined =>
      exported
        .flags()
        .sections.find(({ id }) => id === 'unreferenced')
        ?.children.map(({ label }) => label);
    await until(
      'the section has it',
      () => listed()?.includes('nobody-asks'),
      () => exported.flags().sections,
    );
    assert.ok(!listed()?.includes('new-checkout'), 'what is referenced is not in it');
  });

  test('a near miss and a variant are written by quick fixes, and nothing is told of them any more', async () => {
    for (const [of, title] of [
      ['flag-undefined', /Write.*new-checkout/],
      ['variant-undefined', /Compare with.*blue/],
    ] as const) {
      const { edit } = await fixes(
        codeFile,
        title,
        () => shownIn(codeFile).find(({ code: one }) => one === of)?.diagnostic.range,
      );
      assert.ok(edit, `a fix of ${of}`);
      assert.ok(await vscode.workspace.applyEdit(edit));
    }
    const document = await vscode.workspace.openTextDocument(file(codeFile));
    assert.match(document.getText(), /getBooleanValue\('new-checkout', false\)/);
    assert.match(document.getText(), /theme === 'blue'/);
    assert.ok(document.isDirty, 'unsaved text counts');
    await until(
      'what was mended is gone',
      () => told(shownIn(codeFile)).join() === 'flag-undefined:5,flag-wrong-type:8',
      () => told(shownIn(codeFile)),
    );
  });

  test('a missing flag is proposed to be created, by its key and the type of the call', async () => {
    const action = await fixes(
      codeFile,
      /Create flag.*entirely-elsewhere/,
      () => shownIn(codeFile).find(({ text }) => text.includes('entirely-elsewhere'))?.diagnostic.range,
    );
    assert.equal(action.command?.command, 'sightglass.createFlag');
    assert.deepEqual(action.command.arguments, [{ key: 'entirely-elsewhere', type: 'boolean' }]);
  });

  test('a rule of a flag file that names no variant is told at the name, as grave as is set', async () => {
    const text = JSON.stringify(flags, null, 2).replace(
      '"defaultVariant": "red"',
      '"defaultVariant": "red",\n      "targeting": { "if": [{ "==": [{ "var": "plan" }, "gold"] }, "bleu", "red"] }',
    );
    await write(flagFile, `${text}\n`);
    const shown = (): vscode.Diagnostic | undefined =>
      vscode.languages.getDiagnostics(file(flagFile)).find(({ message }) => message.includes('"bleu"'));
    const one = await until('it is told', shown);
    const line = text.split('\n').findIndex((each) => each.includes('bleu'));
    const at = (text.split('\n')[line] ?? '').indexOf('bleu');
    assert.deepEqual(one.range, new vscode.Range(line, at, line, at + 4));
    assert.equal(one.severity, vscode.DiagnosticSeverity.Warning);
    const configured = vscode.workspace.getConfiguration('sightglass');
    await configured.update('diagnostics.severities', { 'flag-file': 'off' }, vscode.ConfigurationTarget.Global);
    await until('off is off', () => shown() === undefined);
    await configured.update('diagnostics.severities', undefined, vscode.ConfigurationTarget.Global);
    await write(flagFile, `${JSON.stringify(flags, null, 2)}\n`);
    await until('it is mended', () => shown() === undefined);
  });

  test('a severity that is set counts, and off is off', async () => {
    const settings = vscode.workspace.getConfiguration('sightglass');
    const target = vscode.ConfigurationTarget.Global;
    await settings.update('diagnostics.severities', { 'flag-undefined': 'error', 'flag-wrong-type': 'off' }, target);
    try {
      await until(
        'the severities count',
        () => {
          const all = shownIn(codeFile);
          return all.length === 1 && all[0]?.diagnostic.severity === vscode.DiagnosticSeverity.Error;
        },
        () => told(shownIn(codeFile)),
      );
    } finally {
      await settings.update('diagnostics.severities', undefined, target);
    }
  });

  test('nothing is told of flags whose file cannot be read', async () => {
    await write(flagFile, '{ "flags": { "new-checkout": ');
    await until(
      'all is silent',
      () => told(shownIn(codeFile)).every((one) => !one.startsWith('flag-undefined')),
      () => told(shownIn(codeFile)),
    );
    await write(flagFile, `${JSON.stringify(flags, null, 2)}\n`);
    await until(
      'it is told again',
      () => told(shownIn(codeFile)).includes('flag-undefined:5'),
      () => told(shownIn(codeFile)),
      30_000,
    );
  });

  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
