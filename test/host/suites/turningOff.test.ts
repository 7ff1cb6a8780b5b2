import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SightglassApi } from '../../../src/editor/api';
import { api, codeFile, file, flagFile, openCode, read, until, writeShop } from '../shop';

const ref = { system: 'flags', project: 'shop', key: 'new-checkout' };
const environment = { system: 'flags', project: 'shop', name: 'production' };

interface Asked {
  readonly title: string;
  readonly detail: string;
  readonly buttons: readonly string[];
}

/** Stands where the person is: what was asked is kept, and answered as told. */
function answering(
  choose: (asked: Asked) => string | undefined,
  inputs: readonly string[] = [],
): { asked: Asked[]; prompts: string[]; restore: () => void } {
  const { window } = vscode;
  const before = { warning: window.showWarningMessage, input: window.showInputBox };
  const asked: Asked[] = [];
  const prompts: string[] = [];
  const left = [...inputs];
  const stub = window as unknown as Record<'showWarningMessage' | 'showInputBox', unknown>;
  stub.showWarningMessage = async (
    title: string,
    options: vscode.MessageOptions | string,
    ...items: vscode.MessageItem[]
  ) => {
    if (typeof options !== 'object' || options.modal !== true) return undefined;
    const one = { title, detail: options.detail ?? '', buttons: items.map((item) => item.title) };
    asked.push(one);
    const chosen = choose(one);
    return items.find((item) => item.title === chosen);
  };
  stub.showInputBox = async (options: vscode.InputBoxOptions) => {
    prompts.push(options.prompt ?? '');
    const next = left.shift();
    const complaint = next === undefined ? undefined : await options.validateInput?.(next);
    return complaint ? undefined : next;
  };
  return {
    asked,
    prompts,
    restore: () => {
      stub.showWarningMessage = before.warning;
      stub.showInputBox = before.input;
    },
  };
}

suite('changing a flag', () => {
  let exported: SightglassApi;
  let definition: string;

  suiteSetup(async function () {
    this.timeout(90_000);
    await writeShop();
    exported = await api();
    await openCode();
    definition = await read(flagFile);
    await until(
      'the flag is listed',
      () => JSON.stringify(exported.flags()).includes('new-checkout'),
      () => exported.flags(),
      60_000,
    );
    await vscode.commands.executeCommand('workbench.action.files.saveAll');
  });

  const forged: readonly (readonly [name: string, argument: unknown])[] = [
    [
      'a consent of its own',
      { ref, environment, consent: { who: 'me', at: 0, through: 'sidebar', reason: '' }, confirmed: true, yes: true },
    ],
    ['a plan of its own', { ref, environment, plan: { id: 'x', native: '{}' }, intent: { kind: 'kill' }, force: true }],
    [
      'what looks like an element of the tree',
      { node: { contextValue: 'flag kill' }, ref, environment, through: 'sidebar' },
    ],
  ];
  for (const [name, argument] of forged) {
    for (const command of ['sightglass.killFlag', 'sightglass.toggleFlag']) {
      test(`${command} called with ${name} asks, and sends nothing without a yes`, async () => {
        const person = answering(() => undefined);
        try {
          await vscode.commands.executeCommand(command, argument);
          assert.equal(person.asked.length, 1);
          assert.match(person.asked[0]!.title, /new-checkout.*production/);
          assert.equal(await read(flagFile), definition);
          assert.deepEqual(exported.journal(), []);
        } finally {
          person.restore();
        }
      });
    }
  }

  test('a percentage called with forged arguments asks for the name of the flag, and sends nothing without it', async () => {
    const person = answering(() => undefined, ['90', 'another-flag']);
    try {
      await vscode.commands.executeCommand('sightglass.setPercentage', {
        ref,
        environment,
        share: 0.9,
        name: 'new-checkout',
        reason: 'x',
      });
      assert.equal(person.prompts.length, 2);
      assert.match(person.prompts[1]!, /new-checkout/);
      assert.equal(await read(flagFile), definition);
    } finally {
      person.restore();
    }
  });

  test('arguments that are no proposal are no proposal', async () => {
    const person = answering(() => undefined);
    const { showQuickPick } = vscode.window;
    let picked = 0;
    (vscode.window as unknown as Record<'showQuickPick', unknown>).showQuickPick = async () => {
      picked++;
      return undefined;
    };
    try {
      const editor = await openCode();
      editor.selection = new vscode.Selection(0, 0, 0, 0);
      for (const junk of [
        'new-checkout',
        7,
        [ref],
        { ref: 'new-checkout' },
        { ref: { ...ref, key: 'x'.repeat(5_000) } },
      ])
        await vscode.commands.executeCommand('sightglass.killFlag', junk);
      assert.equal(picked, 5);
      assert.deepEqual(person.asked, []);
    } finally {
      (vscode.window as unknown as Record<'showQuickPick', unknown>).showQuickPick = showQuickPick;
      person.restore();
    }
  });

  test('a kill with a yes is written, journaled and shown; undo takes it back to the byte', async function () {
    this.timeout(60_000);
    await openCode();
    const yes = answering(({ buttons }) => buttons[0]);
    try {
      await vscode.commands.executeCommand('sightglass.killFlag', { ref, environment });
    } finally {
      yes.restore();
    }
    assert.equal(yes.asked.length, 1);
    const written = JSON.parse(await read(flagFile)) as {
      flags: Record<string, { defaultVariant: string; targeting?: unknown }>;
    };
    assert.equal(written.flags['new-checkout']?.defaultVariant, 'off');
    assert.ok(!JSON.stringify(written.flags['new-checkout'].targeting ?? {}).includes('fractional'));
    await until(
      'the journal shows it',
      () => exported.journal().length === 1,
      () => exported.journal(),
    );
    // From which line it was done, which its system's audit log is told as well.
    assert.match(exported.journal()[0]!.tooltip, new RegExp(`\\nAsked for at \\S*\\s?${codeFile}:\\d+\\n`));
    await until(
      'the tree shows it',
      () => JSON.stringify(exported.flags()).includes('off'),
      () => exported.flags(),
    );

    const back = answering(({ buttons }) => buttons[0], ['new-checkout', 'it was a test']);
    try {
      await vscode.commands.executeCommand('sightglass.undoChange', { changeId: exported.journal()[0]!.id });
    } finally {
      back.restore();
    }
    assert.equal(await read(flagFile), definition);
    await until(
      'both are in the journal',
      () => exported.journal().length === 2,
      () => exported.journal(),
    );
  });

  test('the journal is filtered by what it has, and shows everything again', async () => {
    const { showQuickPick } = vscode.window;
    const stub = vscode.window as unknown as Record<'showQuickPick', unknown>;
    const filter = async (...labels: readonly string[]): Promise<readonly (readonly string[])[]> => {
      const offered: string[][] = [];
      stub.showQuickPick = (items: readonly vscode.QuickPickItem[]) => {
        offered.push(items.map(({ label }) => label));
        return Promise.resolve(items.find(({ label }) => label === labels[offered.length - 1]));
      };
      try {
        await vscode.commands.executeCommand('sightglass.filterJournal');
      } finally {
        stub.showQuickPick = showQuickPick;
      }
      return offered;
    };
    const shows = (count: number): Promise<unknown> =>
      until(
        `changes shown: ${String(count)}`,
        () => exported.journal().length === count,
        () => exported.journal(),
      );
    const parts = ['Flag', 'Environment', 'Person', 'Outcome'];
    assert.deepEqual(await filter('Flag', 'new-checkout'), [parts, ['Any', 'new-checkout']]);
    const [narrower, outcomes] = await filter('Outcome', 'undone');
    assert.deepEqual(narrower, [...parts, '$(clear-all) Clear filter']);
    assert.equal(outcomes?.length, 3);
    await shows(1);
    assert.match(exported.journal()[0]!.description, /undone/);
    await filter('Environment');
    await shows(1);
    await vscode.commands.executeCommand('sightglass.clearJournalFilter');
    await shows(2);
    assert.deepEqual(await filter(), [parts]);
  });

  test('a flag file with unsaved changes is not written', async () => {
    const document = await vscode.workspace.openTextDocument(file(flagFile));
    const editor = await vscode.window.showTextDocument(document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '\n'));
    const person = answering(({ buttons }) => buttons[0]);
    try {
      await vscode.commands.executeCommand('sightglass.killFlag', { ref, environment });
      assert.equal(await read(flagFile), definition);
    } finally {
      person.restore();
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
  });
});
