import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Choices } from '../../../src/editor/choices';
import type { CodeIndex } from '../../../src/editor/codeIndex';
import { changeCommands, type ChangeCommandsOf } from '../../../src/editor/changeCommands';
import { FlagPick } from '../../../src/editor/flagPick';
import type { FrontDocument } from '../../../src/editor/frontDocument';
import { SurfaceArgument } from '../../../src/editor/surfaceArgument';
import type { ChangeRequest } from '../../../src/change/api';
import { FlagStore } from '../../../src/flags/store';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { flagDeps } from '../flags/flagDeps';

const host = vi.hoisted(() => ({
  window: {
    showWarningMessage: vi.fn(),
    showErrorMessage: vi.fn(),
    showInformationMessage: vi.fn(),
    showQuickPick: vi.fn(),
    withProgress: (_options: object, run: () => Promise<unknown>) => run(),
    activeTextEditor: {},
  },
  workspace: { isTrusted: true },
}));
vi.mock('vscode', () => host);

const flag = { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'on' };
const icon = '$(check) b](command:evil)';
const qa = { system: 'flags', project: 'shop', name: 'qa' };
const ref = { system: 'flags', project: 'shop', key: 'a' };
const line = { line: 0, character: 0 };

/** A store with two environments, a cursor on flag `a`, and `qa` chosen. */
async function opened(): Promise<{
  store: FlagStore;
  pick: FlagPick;
  asked: ChangeRequest[];
  run: (argument: unknown) => Promise<void>;
  undo: (argument: unknown) => Promise<void>;
  undone: string[];
}> {
  const world = flagDeps();
  const environments = ['qa', 'production'].map((name) => ({ name, kind: 'live', source: [`${name}.json`] }));
  world.files.set(
    '/w/.sightglass.json',
    JSON.stringify({ systems: [{ id: 'flags', type: 'flagd', projects: [{ name: 'shop', environments }] }] }),
  );
  for (const name of ['qa', 'production'])
    world.files.set(`/w/${name}.json`, JSON.stringify({ flags: { a: flag, [icon]: flag } }));
  const store = new FlagStore(world.deps);
  await store.setFolders(['/w']);
  const pick = new FlagPick({
    flags: store,
    code: {
      facts: () => ({ references: [{ key: 'a', line: 1, column: 1, endLine: 1 }] }),
    } as unknown as CodeIndex,
    choices: { environment: qa } as unknown as Choices,
    front: { current: undefined } as unknown as FrontDocument,
    l10n: memoryL10n,
    describe: () => ({ text: icon, regressing: false }),
  });
  host.window.activeTextEditor = { document: { uri: { fsPath: '/w/a.ts' } }, selection: { active: line } };
  const asked: ChangeRequest[] = [];
  const undone: string[] = [];
  const commands = changeCommands({
    changes: {
      change: async (request: ChangeRequest) => {
        asked.push(request);
        return { kind: 'refused', entry: null, words: icon };
      },
      undo: async (id: string) => {
        undone.push(id);
        return { kind: 'cancelled' };
      },
      undoable: () => true,
      list: async () => ({ entries: [{ id: 'newest', plan: { ref } }], unreadable: [], more: false }),
    },
    flags: store,
    pick,
    l10n: memoryL10n,
    facts: () => [],
    place: ({ key }: { key: string }) => `src/${key}.ts:3`,
  } as unknown as ChangeCommandsOf);
  return {
    store,
    pick,
    asked,
    undone,
    run: async (argument) => commands['sightglass.killFlag'](argument),
    undo: async (argument) => commands['sightglass.undoChange'](argument),
  };
}

beforeEach(() => {
  for (const each of Object.values(host.window)) if (vi.isMockFunction(each)) each.mockReset();
  host.workspace.isTrusted = true;
});

describe('what a write command is about', () => {
  it('is what was named, else the cursor and the environment chosen', async () => {
    const { run, asked } = await opened();
    await run({ ref, environment: { ...qa, name: 'production' } });
    await run(undefined);
    expect(asked.map(({ environment }) => environment.name)).toEqual(['production', 'qa']);
  });

  it('is never another flag than the one named, nor another environment', async () => {
    const { run, asked } = await opened();
    await run({ ref: { ...ref, key: 'gone](command:evil)' }, environment: qa });
    await run({ ref, environment: { ...qa, name: 'staging' } });
    expect(asked).toEqual([]);
    expect(host.window.showQuickPick).not.toHaveBeenCalled();
    const told = host.window.showWarningMessage.mock.calls.map(([words]) => String(words));
    expect(told).toHaveLength(2);
    expect(told[0]).toContain('gone');
    expect(told[1]).toContain('staging');
    expect(told.join()).not.toContain('](');
  });

  it('is for an undo the change named or none, and the latest only when none is named', async () => {
    const { undo, undone } = await opened();
    await undo({ changeId: 'forgotten' });
    expect(undone).toEqual([]);
    await undo({});
    expect(undone).toEqual(['newest']);
  });

  it('is asked for from the code in front, but not where a view is what was clicked', async () => {
    class Row extends SurfaceArgument {
      readonly through = 'sidebar';
      readonly ref = ref;
      readonly environment = qa;
    }
    const { run, asked } = await opened();
    await run({ ref, environment: qa });
    await run(new Row());
    expect(asked.map(({ through, place }) => [through, place])).toEqual([
      ['command', `src/${ref.key}.ts:3`],
      ['sidebar', undefined],
    ]);
  });

  it('says through what it was asked in no words of the caller, and takes no state or fact from it', async () => {
    const { run, asked, store } = await opened();
    const argument = Object.create({
      ref,
      environment: qa,
      through: 'sidebar',
      seen: { version: 'forged' },
      facts: ['all is well'],
      place: 'elsewhere',
      consent: { who: 'ana' },
    }) as object;
    await run(argument);
    expect(asked[0]).toMatchObject({
      through: 'command',
      facts: [],
      place: expect.not.stringContaining('elsewhere') as string,
    });
    expect(asked[0]?.seen).toBe(store.state(ref, qa));
    expect(Object.keys(asked[0] ?? {}).sort()).toEqual([
      'environment',
      'facts',
      'intent',
      'place',
      'ref',
      'seen',
      'through',
    ]);
  });

  it('reads an argument once: a getter cannot show one flag and name another', async () => {
    const { run, asked } = await opened();
    let reads = 0;
    await run({
      environment: qa,
      get ref() {
        return reads++ === 0 ? ref : { ...ref, key: icon };
      },
    });
    expect(asked[0]?.ref).toEqual(ref);
    const throwing = {
      get ref(): never {
        throw new Error('no');
      },
    };
    await expect(run(throwing)).rejects.toThrow('no');
    expect(asked).toHaveLength(1);
  });

  it('writes nothing from a workspace that is not trusted', async () => {
    const { run, undo, asked, undone } = await opened();
    host.workspace.isTrusted = false;
    await run({ ref, environment: qa });
    await undo({ changeId: 'newest' });
    expect([...asked, ...undone]).toEqual([]);
  });

  it('is picked from names that draw no icons, and refused in words that make no links', async () => {
    const { run } = await opened();
    host.window.activeTextEditor = { document: { uri: { fsPath: '/elsewhere.ts' } }, selection: { active: line } };
    host.window.showQuickPick.mockImplementation(async (items: { label: string }[]) => items.at(-1));
    await run({ environment: qa });
    const items = host.window.showQuickPick.mock.calls[0]?.[0] as { label: string; description: string }[];
    expect(items).toHaveLength(2);
    expect(items.map(({ label, description }) => label + description).join()).not.toContain('$(');
    expect(String(host.window.showErrorMessage.mock.calls[0]?.[0])).not.toContain('](');
  });
});
