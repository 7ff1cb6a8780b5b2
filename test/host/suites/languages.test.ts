import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { absent, featureNames, features, type FeatureName } from '../languages/features';
import { fixtures, languageNames, offsetOf, plainText, type Fixture, type Mark } from '../languages/fixtures';
import { agreed } from '../refactorPreview';
import { api, extension, file, until, write } from '../shop';
import type { SightglassApi } from '../../../src/editor/api';

const folder = 'languages';
const flagFile = `${folder}/languages.flagd.json`;
const flags = {
  flags: {
    'new-checkout': { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' },
    'new-basket': { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
    'gift-wrapping': { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off' },
    theme: { state: 'ENABLED', variants: { red: 'red', blue: 'blue' }, defaultVariant: 'red' },
  },
};
const environment = {
  name: 'production',
  kind: 'live',
  production: true,
  protected: true,
  source: ['languages.flagd.json'],
};
const configuration = {
  systems: [{ id: 'languages', type: 'flagd', projects: [{ name: 'languages', environments: [environment] }] }],
};

interface Open {
  readonly fixture: Fixture;
  readonly document: vscode.TextDocument;
  readonly editor: vscode.TextEditor;
  readonly exported: SightglassApi;
}

/** Between the marks of a fixture and the text. */
const inside = ({ document, fixture }: Pick<Open, 'document' | 'fixture'>, mark: Mark, by = 3): vscode.Position =>
  document.positionAt(offsetOf(fixture, mark) + by);

const lineOf = (open: Pick<Open, 'document' | 'fixture'>, mark: Mark): number => inside(open, mark, 0).line;

/** Each asks VS Code as a person does; what it throws or finds missing is what a cell says is absent. */
const tests: Readonly<Record<FeatureName, (open: Open) => Promise<void>>> = {
  async inline(open) {
    const line = lineOf(open, 'key') + 1;
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      open.document.uri,
      new vscode.Range(0, 0, open.document.lineCount, 0),
    );
    const here = hints
      .filter(({ position }) => position.line + 1 === line)
      .flatMap(({ label }) => (typeof label === 'string' ? [label] : []));
    assert.ok(
      here.some((label) => label.startsWith('on ')),
      JSON.stringify(here),
    );
  },
  async hover(open) {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      open.document.uri,
      inside(open, 'key'),
    );
    const words = hovers.flatMap(({ contents }) =>
      contents.flatMap((part) => (part instanceof vscode.MarkdownString ? [part.value] : [])),
    );
    assert.ok(
      words.some((text) => /environment.*state/.test(text)),
      words.join('\n'),
    );
  },
  async definition(open) {
    const fromKey = await locations('vscode.executeDefinitionProvider', open, 'key');
    assert.deepEqual(fromKey.map(short), [`languages.flagd.json:3`]);
    const fromName = (await locations('vscode.executeDefinitionProvider', open, 'named')).map(short);
    const own = `${open.fixture.path.slice(open.fixture.path.lastIndexOf('/') + 1)}:${lineOf(open, 'constant') + 1}`;
    assert.deepEqual([...new Set(fromName)].sort(), [own, 'languages.flagd.json:3'].sort());
  },
  async references(open) {
    const found = await locations('vscode.executeReferenceProvider', open, 'key');
    const here = found.filter(({ uri }) => uri.toString() === open.document.uri.toString());
    const lines = [...new Set(here.map(({ range }) => range.start.line))].sort((a, b) => a - b);
    const expected = (['constant', 'key', 'again', 'named'] as const).map((mark) => lineOf(open, mark));
    assert.deepEqual(
      lines,
      expected.sort((a, b) => a - b),
    );
    assert.ok(
      found.some(({ uri }) => uri.path.endsWith(flagFile)),
      'the flag file is among them',
    );
    const others = new Set(found.map(({ uri }) => uri.toString()));
    assert.ok(others.size >= languageNames.length, `those of other languages too, ${others.size}`);
  },
  async fromFlagFile(open) {
    const definition = await vscode.workspace.openTextDocument(file(flagFile));
    const found = await vscode.commands.executeCommand<vscode.Location[]>(
      'vscode.executeReferenceProvider',
      definition.uri,
      definition.positionAt(definition.getText().indexOf('gift-wrapping') + 2),
    );
    const here = found.find(({ uri }) => uri.toString() === open.document.uri.toString());
    assert.equal(here?.range.start.line, lineOf(open, 'wrapped'));
  },
  async highlights(open) {
    const found = await vscode.commands.executeCommand<vscode.DocumentHighlight[]>(
      'vscode.executeDocumentHighlights',
      open.document.uri,
      inside(open, 'key'),
    );
    const lines = [...new Set(found.map(({ range }) => range.start.line))].sort((a, b) => a - b);
    const expected = (['constant', 'key', 'again', 'named'] as const).map((mark) => lineOf(open, mark));
    assert.deepEqual(
      lines,
      expected.sort((a, b) => a - b),
    );
  },
  async renameKey(open) {
    await assert.rejects(
      async () => vscode.commands.executeCommand('vscode.prepareRename', open.document.uri, inside(open, 'key')),
      /the key that the flag is known by/,
    );
  },
  async renameConstant(open) {
    const at = inside(open, 'constant');
    const prepared = await vscode.commands.executeCommand<{ range: vscode.Range; placeholder: string }>(
      'vscode.prepareRename',
      open.document.uri,
      at,
    );
    assert.match(prepared.placeholder, /^new_?checkout$/i);
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      open.document.uri,
      at,
      'RENAMED',
    );
    const edits = edit.entries().flatMap(([, each]) => each);
    const lines = [...new Set(edits.map(({ range }) => range.start.line))].sort((a, b) => a - b);
    assert.deepEqual(lines, [lineOf(open, 'constant'), lineOf(open, 'named')]);
    assert.ok(edits.every(({ newText }) => newText === 'RENAMED'));
  },
  async region(open) {
    const { editor } = open;
    const at = inside(open, 'region', 0);
    editor.selection = new vscode.Selection(at, at);
    await vscode.commands.executeCommand('sightglass.goToRegionFlag');
    assert.equal(editor.document.offsetAt(editor.selection.start), offsetOf(open.fixture, 'key'));
    assert.match(editor.document.getText(editor.selection), /new-checkout/);
  },
  async callersOfFlag(open) {
    const at = inside(open, 'key');
    open.editor.selection = new vscode.Selection(at, at);
    const item = await until('the flag is the item', async () => {
      const items = await prepare(open, at);
      return items.find(({ name }) => name === 'new-checkout');
    });
    const lines = await callersOf(item, open);
    for (const mark of ['key', 'again', 'named'] as const) assert.ok(lines.includes(lineOf(open, mark)), mark);
  },
  async callersOfWrapper(open) {
    const at = inside(open, 'wrapper', 1);
    open.editor.selection = new vscode.Selection(at, at);
    const item = await until('the wrapper is the item', async () => {
      const items = await prepare(open, at);
      return items.find(({ name }) => /is_?on|on\?|useFeature/i.test(name));
    });
    assert.ok((await callersOf(item, open)).includes(lineOf(open, 'wrapped')));
  },
  async completeKey(open) {
    const items = await completions(open, 'key');
    assert.deepEqual(
      items.map(({ label }) => label),
      ['new-basket', 'new-checkout'],
    );
    const chosen = items.find(({ label }) => label === 'new-checkout');
    assert.match(chosen?.description ?? '', /^on /);
    assert.equal(chosen?.after.split('new-checkout').length, 2, chosen?.after);
  },
  async completeWrapped(open) {
    const items = await completions(open, 'wrapped');
    assert.deepEqual(
      items.map(({ label }) => label),
      ['gift-wrapping'],
    );
  },
  async completeVariant(open) {
    const items = await completions(open, 'variant');
    assert.ok(
      items.some(({ label }) => label === 'blue'),
      JSON.stringify(items),
    );
    assert.ok(
      items.some(({ label }) => label === 'red'),
      JSON.stringify(items),
    );
  },
  async snippet(open) {
    const whole = plainText(open.fixture);
    await written(open, 'flag-gi', async (at) => {
      const item = await until('the call is offered', async () => {
        const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          open.document.uri,
          at,
        );
        return items.find(({ filterText }) => filterText === 'flag-gift-wrapping');
      });
      const text = typeof item.insertText === 'string' ? item.insertText : '';
      assert.match(text, /\(.*["']gift-wrapping["']/);
      const like = ['gift-wrapping', 'new-checkout'].map((key) => text.replace('gift-wrapping', key));
      assert.ok(
        like.some((one) => whole.includes(one)),
        `${text} is no call like those of the file`,
      );
    });
  },
  async wrap(open) {
    const { editor, document, fixture } = open;
    const statements = statement(fixture.path);
    const from = document.positionAt(offsetOf(fixture, 'write'));
    const line = document.lineAt(from).text;
    await editor.edit((edit) => edit.insert(from, statements));
    try {
      const selected = new vscode.Selection(from, from.translate(0, statements.length));
      // On a busy machine a question may be given up.
      let tries = 10;
      const action = await until('refactorings are offered', async () => {
        const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
          'vscode.executeCodeActionProvider',
          ...[document.uri, selected, 'refactor.surround'],
        );
        return actions.find(({ command }) => command?.command === 'sightglass.wrapInFlag') ?? (--tries < 0 && 'none');
      });
      assert.notEqual(action, 'none', 'Wrap in flag is not offered');
      editor.selection = selected;
      const asked = { key: 'new-basket', otherwise: true };
      await agreed(vscode.commands.executeCommand('sightglass.wrapInFlag', asked), () =>
        document.getText().includes('new-basket'),
      );
      const below = document.getText().slice(offsetOf(fixture, 'write')).split('\n').slice(0, 3).join('\n');
      assert.match(below, /^if .*["']new-basket["'].*\n(?:\s*\{\n)?/);
      const inner = document
        .getText()
        .split('\n')
        .find((one) => one.trim() === statements);
      assert.ok(inner?.startsWith(/^\s*/.exec(line)?.[0] ?? '') === true && inner.trimStart() !== inner);
    } finally {
      await reverted(document, fixture);
    }
  },
  async undefinedFlag(open) {
    const { document, fixture } = open;
    // What was shown of a refactoring may have taken the editor's place.
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    const whole = plainText(fixture);
    const known = document.positionAt(whole.indexOf('new-checkout', offsetOf(fixture, 'again')));
    // These two ask Unleash, of which nothing is known here; OpenFeature may ask what is.
    const asksElsewhere = /\.(?:vue|svelte)$/.test(fixture.path);
    const at = asksElsewhere ? document.positionAt(offsetOf(fixture, 'write')) : known;
    await editor.edit((edit) => {
      if (!asksElsewhere) edit.replace(new vscode.Range(at, at.translate(0, 12)), 'new-chekout');
      else
        edit.insert(
          at,
          `import { OpenFeature } from '@openfeature/web-sdk'; OpenFeature.getClient().getBooleanValue('new-chekout', false);`,
        );
    });
    try {
      const found = await until('it is told', () =>
        vscode.languages.getDiagnostics(document.uri).find(({ message }) => message.includes('new-chekout')),
      );
      assert.match(found.message, /No flag.*new-chekout.*Did you mean.*new-checkout/);
      assert.ok(document.getText(found.range).includes('new-chekout'), document.getText(found.range));
    } finally {
      await reverted(document, fixture);
    }
  },
};

/** A statement of a language, by the ending of its files. */
function statement(path: string): string {
  if (/\.(?:py|go|kt|rb|swift)$/.test(path)) return 'audit("one")';
  return path.endsWith('.html') ? 'show("one");' : 'audit("one");';
}

async function written(open: Open, text: string, look: (at: vscode.Position) => Promise<void>): Promise<void> {
  const from = open.document.positionAt(offsetOf(open.fixture, 'write'));
  await open.editor.edit((edit) => edit.insert(from, text));
  try {
    await look(from.translate(0, text.length));
  } finally {
    await reverted(open.document, open.fixture);
  }
}

/**
 * The document as it is on disk. VS Code says that it did so before the extension host sees it; and it reverts the
 * editor that has the focus, which a slow machine may have given to something else: then it is shown and asked again.
 */
async function reverted(document: vscode.TextDocument, fixture: Fixture): Promise<void> {
  const plain = plainText(fixture);
  const clean = (): boolean => document.getText() === plain;
  await vscode.commands.executeCommand('workbench.action.files.revert');
  for (let round = 0; round < 20 && !clean(); round++) await new Promise((resolve) => setTimeout(resolve, 50));
  await until(
    'what was written is gone',
    async () => {
      if (clean()) return true;
      const editor = await vscode.window.showTextDocument(document, { preview: false });
      const whole = new vscode.Range(0, 0, document.lineCount, 0);
      await editor.edit((edit) => edit.replace(whole, plain));
      return clean();
    },
    () => [vscode.window.activeTextEditor?.document.uri.path, document.isDirty, document.getText()],
  );
}

async function locations(command: string, open: Open, mark: Mark): Promise<vscode.Location[]> {
  const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>(
    command,
    open.document.uri,
    inside(open, mark),
  );
  return found.map((one) =>
    'targetUri' in one ? new vscode.Location(one.targetUri, one.targetSelectionRange ?? one.targetRange) : one,
  );
}

const short = ({ uri, range }: vscode.Location): string =>
  `${uri.path.slice(uri.path.lastIndexOf('/') + 1)}:${range.start.line + 1}`;

function prepare({ document }: Open, at: vscode.Position): Thenable<vscode.CallHierarchyItem[]> {
  return vscode.commands.executeCommand<vscode.CallHierarchyItem[]>('vscode.prepareCallHierarchy', document.uri, at);
}

/** Lines of the document in which the item is called. */
async function callersOf(item: vscode.CallHierarchyItem, { document }: Open): Promise<number[]> {
  const calls = await vscode.commands.executeCommand<vscode.CallHierarchyIncomingCall[]>(
    'vscode.provideIncomingCalls',
    item,
  );
  return calls
    .filter(({ from }) => from.uri.toString() === document.uri.toString())
    .flatMap(({ fromRanges }) => fromRanges.map(({ start }) => start.line));
}

interface Offered {
  readonly label: string;
  readonly description: string;
  /** The line as it is once the item is taken. */
  readonly after: string;
}

/** Our items that begin with what a person has written so far (all of them for variants), by name. */
async function completions(
  { document, fixture, editor }: Open,
  what: keyof Fixture['writes'],
): Promise<readonly Offered[]> {
  const written = fixture.writes[what];
  const from = document.positionAt(offsetOf(fixture, 'write'));
  const [before = ''] = written.split('|');
  const typed = what === 'variant' ? '' : before.replace(/^.*["']/, '');
  await editor.edit((edit) => edit.insert(from, written.replace('|', '')));
  try {
    const at = from.translate(0, before.length);
    const ask = async (): Promise<readonly Offered[]> => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        at,
      );
      return items
        .filter(({ sortText, filterText }) => /^\d{4}$/.test(sortText ?? '') && filterText?.startsWith(typed) === true)
        .map((item) => offered(item, document.lineAt(at).text))
        .sort((a, b) => (a.label < b.label ? -1 : 1));
    };
    // VS Code asks again with the next key; a suite that reverts and writes at once may be faster than its own editor.
    return await until(
      'something is offered',
      async () => {
        const items = await ask();
        return items.length > 0 && items;
      },
      () => [document.lineAt(at).text, document.languageId, document.isDirty],
    );
  } finally {
    await reverted(document, fixture);
  }
}

function offered({ label, insertText, range }: vscode.CompletionItem, line: string): Offered {
  const replaced = range instanceof vscode.Range ? range : range?.replacing;
  const text = typeof insertText === 'string' ? insertText : '';
  return {
    label: typeof label === 'string' ? label : label.label,
    description: typeof label === 'string' ? '' : (label.description ?? ''),
    after: line.slice(0, replaced?.start.character) + text + line.slice(replaced?.end.character),
  };
}

suite('flags in every language', () => {
  let exported: SightglassApi;

  suiteSetup(async function () {
    this.timeout(120_000);
    await write(flagFile, `${JSON.stringify(flags, null, 2)}\n`);
    await write(`${folder}/.sightglass.json`, `${JSON.stringify(configuration, null, 2)}\n`);
    for (const language of languageNames)
      await write(`${folder}/${fixtures[language].path}`, plainText(fixtures[language]));
    exported = await api();
    await vscode.commands.executeCommand('sightglass.refresh');
  });

  for (const language of languageNames) {
    const fixture: Fixture = fixtures[language];
    suite(fixture.title, () => {
      let open: Open;

      suiteSetup(async function () {
        this.timeout(60_000);
        const uri = file(`${folder}/${fixture.path}`);
        const editor = await vscode.window.showTextDocument(uri, { preview: false });
        open = { fixture, document: editor.document, editor, exported };
        const line = lineOf(open, 'key') + 1;
        await until(
          `the flag is known in ${fixture.title}`,
          () => exported.facts(uri)?.inline.some((fact) => fact.line === line && fact.text.startsWith('on')),
          () => exported.facts(uri),
          45_000,
        );
      });

      for (const feature of featureNames) {
        const absence = absent(feature, language);
        test(`${features[feature]} ${absence?.cell ?? 'works'}`, async function () {
          // VS Code shows its preview of refactorings, which takes it seconds.
          if (feature === 'wrap') this.timeout(90_000);
          if (!absence) await tests[feature](open);
          else if (absence.cell === 'absent') await assert.rejects(tests[feature](open), absence.says);
          else
            await tests[feature](open).catch((error: unknown) => {
              if (!absence.says.test(String(error))) throw error;
            });
        });
      }
    });
  }

  test('a renamed constant leaves code that the compiler takes', async function () {
    const compiler = vscode.Uri.joinPath(extension().extensionUri, 'node_modules/typescript/bin/tsc').fsPath;
    if (!existsSync(compiler)) return this.skip();
    this.timeout(60_000);
    const path = `${folder}/renamed/orders.ts`;
    await write(path, plainText(fixtures.typescript));
    const document = await vscode.workspace.openTextDocument(file(path));
    const at = inside({ document, fixture: fixtures.typescript }, 'constant');
    await vscode.window.showTextDocument(document);
    const line = lineOf({ document, fixture: fixtures.typescript }, 'key') + 1;
    await until('its flags are known', () => exported.facts(document.uri)?.inline.some((fact) => fact.line === line));
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      at,
      'CHECKOUT_FLAG',
    );
    assert.ok(await vscode.workspace.applyEdit(edit));
    await document.save();
    assert.match(document.getText(), /const CHECKOUT_FLAG = 'new-checkout'[^]*getBooleanValue\(CHECKOUT_FLAG, false\)/);
    await write(
      `${folder}/renamed/sdk.d.ts`,
      `declare module '@openfeature/server-sdk' {
        interface Client { getBooleanValue(key: string, fallback: boolean): Promise<boolean>; getStringValue(key: string, fallback: string): Promise<string>; }
        export const OpenFeature: { getClient(): Client };
      }`,
    );
    const files = [document.uri.fsPath, file(`${folder}/renamed/sdk.d.ts`).fsPath];
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        compiler,
        '--noEmit',
        '--strict',
        '--target',
        'es2022',
        '--module',
        'es2022',
        '--moduleResolution',
        'bundler',
        '--skipLibCheck',
        ...files,
      ],
      { encoding: 'utf8' },
    );
    assert.equal(status, 0, stdout);
  });

  test('flags are among the symbols of the workspace, with their state', async () => {
    const symbols = await vscode.commands.executeCommand<vscode.SymbolInformation[]>(
      'vscode.executeWorkspaceSymbolProvider',
      'new-bask',
    );
    const found = symbols.find(({ name }) => name === 'new-basket');
    assert.match(found?.containerName ?? '', /^off /);
    assert.ok(found?.location.uri.path.endsWith(flagFile));
  });

  test('keys of a flag file lead to the code that asks for them', async () => {
    const definition = await vscode.workspace.openTextDocument(file(flagFile));
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      definition.uri,
    );
    const ours = links.filter(({ target }) => target?.path === 'sightglass.peekFlagReferences');
    assert.deepEqual(
      ours.map(({ range }) => definition.getText(range)),
      Object.keys(flags.flags),
    );
  });
});
