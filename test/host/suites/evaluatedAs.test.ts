import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SightglassApi } from '../../../src/editor/api';
import { api, codeFile, file, flagFile, openCode, read, until, write, writeShop } from '../shop';

const stagingFile = 'flags/staging.flagd.json';
const key = 'new-checkout';
const ref = { system: 'flags', project: 'shop', key };
const production = { system: 'flags', project: 'shop', name: 'production' };

const flag = (defaultVariant: string, targeting: object) => ({
  flags: { [key]: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant, targeting } },
});
const forPros = { if: [{ '==': [{ var: 'plan' }, 'pro'] }, 'on', 'off'] };

interface Item {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/** Stands where the person is: lists are kept and answered by what `choose` says, inputs in order, questions with yes. */
class Person {
  readonly lists: (readonly Item[])[] = [];
  readonly complaints: string[] = [];
  readonly questions: string[] = [];
  readonly told: string[] = [];
  readonly #before: Record<string, unknown> = {};

  constructor(choose: readonly string[], inputs: readonly string[] = []) {
    const [labels, texts] = [[...choose], [...inputs]];
    this.#stub('showQuickPick', async (items: readonly Item[]) => {
      this.lists.push(items);
      const label = labels.shift();
      return items.find((item) => item.label === label);
    });
    this.#stub('showInputBox', async (options: vscode.InputBoxOptions) => {
      for (let text = texts.shift(); text !== undefined; text = texts.shift()) {
        const complaint = await options.validateInput?.(text);
        if (!complaint) return text;
        this.complaints.push(JSON.stringify(complaint));
      }
      return undefined;
    });
    this.#stub('showWarningMessage', async (title: string, options?: vscode.MessageOptions, ...more: Item[]) => {
      if (typeof options !== 'object' || options.modal !== true) {
        this.told.push(title);
        return undefined;
      }
      this.questions.push(title);
      return more[0];
    });
    this.#stub('showInformationMessage', async (title: string) => {
      this.told.push(title);
      return undefined;
    });
  }

  #stub(name: string, by: unknown): void {
    const window = vscode.window as unknown as Record<string, unknown>;
    this.#before[name] = window[name];
    window[name] = by;
  }

  async does(command: string, argument: unknown): Promise<this> {
    try {
      await vscode.commands.executeCommand(command, argument);
      return this;
    } finally {
      Object.assign(vscode.window, this.#before);
    }
  }
}

suite('what others are given, and what is on for oneself', () => {
  let exported: SightglassApi;

  suiteSetup(async function () {
    this.timeout(90_000);
    await writeShop();
    await write(flagFile, `${JSON.stringify(flag('off', forPros), null, 2)}\n`);
    await write(stagingFile, `${JSON.stringify(flag('on', {}), null, 2)}\n`);
    const configuration = JSON.parse(await read('.sightglass.json')) as {
      systems: { projects: { environments: object[] }[] }[];
      contexts?: object[];
    };
    configuration.systems[0]!.projects[0]!.environments.push({ name: 'staging', kind: 'local', source: [stagingFile] });
    configuration.contexts = [
      { name: 'Pros', attributes: { plan: 'pro' } },
      { name: 'Ana', attributes: { plan: 'pro', email: 'ana@acme.dev' } },
    ];
    await write('.sightglass.json', JSON.stringify(configuration, null, 2));
    exported = await api();
    await openCode();
    await until(
      'both environments are listed',
      () => ['staging', 'evaluate'].every((word) => JSON.stringify(exported.flags()).includes(word)),
      () => exported.flags(),
      60_000,
    );
  });

  suiteTeardown(async () => {
    await vscode.workspace.fs.delete(file(stagingFile));
    await writeShop();
  });

  const rowsOf = (person: Person): readonly Item[] => person.lists.at(-1) ?? [];

  test('a kind of user is picked, and each environment says variant and rule; one that names a person is not offered', async () => {
    const person = await new Person(['Pros']).does('sightglass.evaluateAs', { ref });
    const offered = person.lists[0]!.map(({ label }) => label);
    assert.ok(offered.includes('Pros') && !offered.includes('Ana'), offered.join(', '));
    const [inProduction, inStaging] = rowsOf(person);
    assert.deepEqual(
      [inProduction?.label, inProduction?.description, inStaging?.label, inStaging?.description],
      ['production', '"on" · true', 'staging', '"on" · true'],
    );
    assert.match(inProduction?.detail ?? '', /plan is "pro".*"on".*flagd's own engine/);
    assert.match(inStaging?.detail ?? '', /no rule: what everyone else gets/);
  });

  test('a context is written, kept on this machine alone where it may name a person, and forgotten', async () => {
    const configuration = await read('.sightglass.json');
    const person = await new Person(
      ['Write a context…', 'Keep this context…'],
      ['plan', 'plan=free, targetingKey=ana-smith', 'Ana at home'],
    ).does('sightglass.evaluateAs', { ref });
    assert.equal(person.complaints.length, 1);
    assert.equal(rowsOf(person)[0]?.description, '"off" · false');
    assert.match(person.told.join(' '), /on this machine only: "targetingKey" may say who somebody is/);
    assert.equal(await read('.sightglass.json'), configuration);
    const again = await new Person(['Ana at home']).does('sightglass.evaluateAs', { ref });
    assert.equal(again.lists[0]!.find(({ label }) => label === 'Ana at home')?.detail, 'kept on this machine');
    assert.equal(rowsOf(again)[0]?.description, '"off" · false');
    const forgetting = await new Person(['Forget a context…', 'Ana at home']).does('sightglass.evaluateAs', { ref });
    assert.ok(!rowsOf(forgetting).some(({ label }) => label === 'Ana at home'));
  });

  test('the hover at the call and the tree lead there', async () => {
    const at = new vscode.Position(3, 55);
    const links = await until('the hover has them', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        file(codeFile),
        at,
      );
      const text = hovers.flatMap(({ contents }) => contents.map((one) => (one as vscode.MarkdownString).value)).join();
      return text.includes('sightglass.evaluateAs') && text;
    });
    assert.match(links, /command:sightglass\.onForMe/);
    const [node] = exported.flags().sections.flatMap(({ children }) => children.filter(({ label }) => label === key));
    assert.match(node?.contextValue ?? '', /\btarget\b.*\bevaluate\b/);
  });

  test('a flag is on for me after name and reason, for nobody else, and off again after one yes; undone to the letter', async function () {
    this.timeout(120_000);
    const definition = await read(flagFile);
    const target = { ref, environment: production };
    const person = await new Person([], ['targetingKey', 'ana@acme.dev', 'tester-7', key, 'trying it']).does(
      'sightglass.onForMe',
      target,
    );
    assert.deepEqual(person.complaints.length, 1);
    assert.match(await read(flagFile), /tester-7/);
    await until('the journal tells of it', () => exported.journal().length > 0);
    const mine = await new Person(['Write a context…'], ['targetingKey=tester-7']).does('sightglass.evaluateAs', {
      ref,
    });
    assert.equal(rowsOf(mine)[0]?.description, '"on" · true');
    const other = await new Person(['Write a context…'], ['targetingKey=user-8']).does('sightglass.evaluateAs', {
      ref,
    });
    assert.equal(rowsOf(other)[0]?.description, '"off" · false');

    const out = await new Person(['targetingKey = tester-7']).does('sightglass.removeMe', target);
    assert.equal(out.questions.length, 1);
    assert.equal(await read(flagFile), definition);

    // Taking that back gives it again: as always after name and reason.
    const { id: changeId } = await until(
      'the journal tells it',
      () => exported.journal().find(({ label }) => label.includes('as others for')),
      () => exported.journal().map(({ label }) => label),
    );
    let said: unknown;
    await new Person([], ['another-flag']).does('sightglass.undoChange', { changeId });
    assert.equal(await read(flagFile), definition);
    // Refused as long as the state shown is the one before.
    await until(
      'it is given again',
      async () => {
        said = await new Person([], [key, 'again']).does('sightglass.undoChange', { changeId });
        return (await read(flagFile)).includes('tester-7');
      },
      () => said,
    );
    await until('it is out again', async () => {
      await new Person(['targetingKey = tester-7']).does('sightglass.removeMe', target);
      return (await read(flagFile)) === definition;
    });
  });

  test('nothing is written without a yes, whatever the argument claims', async () => {
    const definition = await read(flagFile);
    const forged = { ref, environment: production, attribute: 'targetingKey', value: 'x', confirmed: true };
    await new Person([], ['targetingKey', 'tester-9', 'another-flag']).does('sightglass.onForMe', forged);
    assert.equal(await read(flagFile), definition);
  });
});
