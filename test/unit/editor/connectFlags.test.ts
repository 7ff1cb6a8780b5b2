import { beforeEach, expect, it, vi } from 'vitest';
import { connectFlags, type ConnectFlagsOf } from '../../../src/editor/connectFlags';
import { memoryL10n } from '../../../src/platform/memory/l10n';
import { memoryPaths } from '../../../src/platform/memory/paths';

interface Uri {
  readonly fsPath: string;
}
const host = vi.hoisted(() => ({
  files: new Map<string, string>(),
  trusted: { is: true },
  showTextDocument: vi.fn(),
  showWarningMessage: vi.fn(),
  showInformationMessage: vi.fn(),
}));
vi.mock('vscode', () => ({
  Uri: {
    file: (fsPath: string): Uri => ({ fsPath }),
    joinPath: ({ fsPath }: Uri, name: string): Uri => ({ fsPath: `${fsPath}/${name}` }),
  },
  commands: { executeCommand: vi.fn() },
  window: {
    showTextDocument: host.showTextDocument,
    showWarningMessage: host.showWarningMessage,
    showInformationMessage: host.showInformationMessage,
    // The first of every list: the file found, and how it takes effect.
    showQuickPick: async (items: unknown[]) => items[0],
  },
  workspace: {
    get isTrusted() {
      return host.trusted.is;
    },
    workspaceFolders: [{ uri: { fsPath: '/w' }, name: 'w' }],
    getWorkspaceFolder: () => undefined,
    asRelativePath: (path: string) => path,
    fs: {
      stat: async ({ fsPath }: Uri) => {
        if (!host.files.has(fsPath)) throw new Error('not there');
      },
      writeFile: async ({ fsPath }: Uri, data: Uint8Array) =>
        void host.files.set(fsPath, new TextDecoder().decode(data)),
    },
  },
}));

const target = '/w/.sightglass.json';
const show = vi.fn();
const of = {
  flags: { configurationFor: () => undefined },
  detection: { look: async () => undefined, files: [{ path: '/w/flags.json', keys: ['a'] }] },
  diff: { show },
  l10n: memoryL10n,
  paths: memoryPaths,
} as unknown as ConnectFlagsOf;

/** The person's answer to the modal: `Write .sightglass.json`, or none. */
function answer(yes: boolean): void {
  host.showInformationMessage.mockImplementation(
    async (_words: string, options: { modal?: boolean }, write: string) => {
      expect(options.modal).toBe(true);
      return yes ? write : undefined;
    },
  );
}

beforeEach(() => {
  vi.resetAllMocks();
  host.files.clear();
  host.trusted.is = true;
});

it('writes a configuration only after a yes to what was shown', async () => {
  answer(false);
  await connectFlags(of);
  expect(show).toHaveBeenCalledOnce();
  expect(host.files.size).toBe(0);
  answer(true);
  await connectFlags(of);
  expect(host.files.get(target)).toBe(String(show.mock.calls[1]?.[2]));
  expect(host.files.get(target)).toContain('"definition"');
});

it('leaves alone what was written there while the question stood', async () => {
  host.showInformationMessage.mockImplementation(async (_words: string, _options: object, write: string) => {
    host.files.set(target, '{}');
    return write;
  });
  await connectFlags(of);
  expect(host.files.get(target)).toBe('{}');
});

it('writes nothing into a workspace that is not trusted', async () => {
  host.trusted.is = false;
  answer(true);
  await connectFlags(of);
  expect(host.files.size).toBe(0);
  expect(host.showWarningMessage).toHaveBeenCalledOnce();
});

it('opens a configuration that is there and broken, or leads elsewhere, and never replaces it', async () => {
  host.files.set(target, '{ broken');
  answer(true);
  await connectFlags(of);
  expect(host.files.get(target)).toBe('{ broken');
  expect(host.showTextDocument).toHaveBeenCalledOnce();
});
