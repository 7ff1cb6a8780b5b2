import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SightglassApi } from '../../../src/editor/api';
import {
  api,
  callLine,
  codeFile,
  file,
  flagFile,
  inlineAt,
  openCode,
  postCalls,
  read,
  traffic,
  until,
  write,
  writeShop,
} from '../shop';

suite('facts beside the code', () => {
  let exported: SightglassApi;
  let definition: string;

  suiteSetup(async function () {
    this.timeout(90_000);
    await writeShop();
    exported = await api();
    await openCode();
    definition = await read(flagFile);
    await until(
      'the flag is shown',
      () => inlineAt(exported, callLine)?.startsWith('25%'),
      () => exported.facts(file(codeFile)),
      60_000,
    );
  });

  test('the share stands at the end of the call, without traffic', async () => {
    await until(
      'no traffic is said',
      () => inlineAt(exported, callLine)?.includes('no traffic'),
      () => inlineAt(exported, callLine),
    );
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      file(codeFile),
      new vscode.Range(0, 0, 8, 0),
    );
    const hint = hints.find(({ position }) => position.line === callLine - 1);
    assert.equal(hint?.label, inlineAt(exported, callLine));
    assert.ok(typeof hint?.label === 'string' && hint.label.length <= 43);
  });

  test('an unknown key says so and names the nearest', () => {
    assert.match(inlineAt(exported, 6) ?? '', /unknown flag.*gift-wrapping/);
  });

  test('the hover has a table, and only our commands are trusted in it', async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      file(codeFile),
      new vscode.Position(callLine - 1, 48),
    );
    const markdown = hovers
      .flatMap(({ contents }) => contents)
      .find((part) => part instanceof vscode.MarkdownString && part.value.includes('checkout'));
    assert.ok(markdown instanceof vscode.MarkdownString);
    assert.match(markdown.value, /\| environment \| state \|/);
    assert.ok(
      typeof markdown.isTrusted === 'object' &&
        markdown.isTrusted.enabledCommands.every((id) => id.startsWith('sightglass.')),
    );
    assert.notEqual(markdown.supportHtml, true);
    assert.notEqual(markdown.supportThemeIcons, true);
  });

  test('unsaved text counts, and the fact moves with its line at once', async () => {
    const editor = await openCode();
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '// a line more\n'));
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
      'vscode.executeInlayHintProvider',
      file(codeFile),
      new vscode.Range(0, 0, 9, 0),
    );
    assert.ok(
      hints.some(
        ({ position, label }) => position.line === callLine && typeof label === 'string' && label.startsWith('25%'),
      ),
    );
    await until('fresh facts', () => inlineAt(exported, callLine + 1)?.startsWith('25%'));
    await vscode.commands.executeCommand('undo');
    await until('the facts are back', () => inlineAt(exported, callLine)?.startsWith('25%'));
    await editor.document.save();
  });

  test('a half-written flag file keeps the last good state, with a problem at the place', async () => {
    await write(flagFile, definition.slice(0, -40));
    // What is wrong with the file; what its flags say beside the code leads to an explanation.
    const ofFile = (): vscode.Diagnostic[] =>
      vscode.languages
        .getDiagnostics(file(flagFile))
        .filter(({ source, code }) => source === 'Sightglass' && typeof code !== 'object');
    const problems = await until('a problem', () => {
      const found = ofFile();
      return found.length > 0 && found;
    });
    assert.ok(problems.every(({ message }) => message.length > 0));
    assert.match(inlineAt(exported, callLine) ?? '', /^25%/);
    await write(flagFile, definition);
    await until(
      'the problem is gone',
      () => ofFile().length === 0,
      () => ofFile().map(({ message }) => message),
    );
  });

  test('old, too little, then enough: the numbers of both sides from what the receiver got', async function () {
    this.timeout(90_000);
    const port = await until(
      'the receiver listens',
      () => exported.receiver()?.port,
      () => exported.receiver(),
    );
    const says = (pattern: RegExp): Promise<unknown> =>
      until(
        `the fact says ${pattern.source}`,
        () => pattern.test(inlineAt(exported, callLine) ?? ''),
        () => inlineAt(exported, callLine),
        25_000,
      );
    await postCalls(port, 'new-checkout', [{ variant: 'on', error: false, milliseconds: 90 }], Date.now() - 5 * 60_000);
    await says(/min old/);
    await postCalls(
      port,
      'new-checkout',
      Array.from({ length: 12 }, () => ({ variant: 'on', error: false, milliseconds: 90 })),
    );
    await says(/too few/);
    for (let minute = 4; minute >= 0; minute--)
      await postCalls(port, 'new-checkout', traffic(), Date.now() - minute * 60_000);
    await says(/err|▲/);
    assert.ok(exported.facts(file(codeFile))?.lenses.some(({ line, text }) => line === 3 && text.includes('p95')));
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      file(codeFile),
    );
    assert.ok(lenses.some(({ range, command }) => range.start.line === 2 && command?.title.includes('p95')));
  });
});
