import { vi } from 'vitest';

/** What a person does when asked: the label of what is picked or pressed, the text typed; undefined = Escape. */
export type Answer = string | undefined;

interface Uri {
  readonly fsPath: string;
}
interface Item {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/** One question as it was put, in the order of asking. */
export interface Asked {
  readonly by: 'pick' | 'input' | 'modal';
  readonly title: string;
  readonly words: string;
  readonly offered: readonly string[];
  readonly password: boolean;
}

/** The parts of VS Code that flows talk to. Questions are answered from `answers` in their order; none left is Escape. */
export const host = {
  files: new Map<string, string>(),
  trusted: true,
  answers: [] as Answer[],
  asked: [] as Asked[],
  /** Notifications that are no question. */
  told: [] as string[],
  opened: [] as string[],
  /** Runs while a modal stands. */
  meanwhile: (): void => undefined,
  reset(): void {
    host.files.clear();
    host.trusted = true;
    host.answers = [];
    host.asked = [];
    host.told = [];
    host.opened = [];
    host.meanwhile = () => undefined;
  },
};

async function modal(
  title: string,
  options: { modal?: boolean; detail?: string } | string | undefined,
  ...buttons: string[]
): Promise<string | undefined> {
  if (typeof options !== 'object' || options.modal !== true) {
    host.told.push(title);
    return undefined;
  }
  host.asked.push({ by: 'modal', title, words: options.detail ?? '', offered: buttons, password: false });
  host.meanwhile();
  const answer = host.answers.shift();
  return buttons.find((button) => button === answer);
}

export const fakeVscode = {
  Uri: {
    file: (fsPath: string): Uri => ({ fsPath }),
    joinPath: ({ fsPath }: Uri, name: string): Uri => ({ fsPath: `${fsPath}/${name}` }),
  },
  QuickPickItemKind: { Separator: -1 },
  ProgressLocation: { Window: 10 },
  commands: { executeCommand: vi.fn() },
  window: {
    showTextDocument: async ({ fsPath }: Uri) => void host.opened.push(fsPath),
    showWarningMessage: modal,
    showInformationMessage: modal,
    showQuickPick: async (
      items: readonly (Item | string)[],
      options: { placeHolder?: string; canPickMany?: boolean } = {},
    ) => {
      const labelOf = (item: Item | string): string => (typeof item === 'string' ? item : item.label);
      const words = items.map((item) =>
        typeof item === 'string' ? item : [item.label, item.description, item.detail].filter(Boolean).join(' | '),
      );
      host.asked.push({
        by: 'pick',
        title: options.placeHolder ?? '',
        words: '',
        offered: words,
        password: false,
      });
      const answer = host.answers.shift();
      if (answer === undefined) return undefined;
      const wanted = answer.split(',');
      const picked = items.filter((item) => wanted.includes(labelOf(item)));
      return options.canPickMany === true ? picked : picked[0];
    },
    showInputBox: async (options: {
      title?: string;
      prompt?: string;
      value?: string;
      password?: boolean;
      validateInput?: (text: string) => string | undefined;
    }) => {
      host.asked.push({
        by: 'input',
        title: options.title ?? '',
        words: options.prompt ?? '',
        offered: [options.value ?? ''],
        password: options.password === true,
      });
      const answer = host.answers.shift();
      // Enter without typing takes what stands there.
      const text = answer === '' ? (options.value ?? '') : answer;
      return text === undefined || options.validateInput?.(text) !== undefined ? undefined : text;
    },
    withProgress: async (_options: object, run: () => Promise<unknown>) => run(),
  },
  workspace: {
    get isTrusted() {
      return host.trusted;
    },
    workspaceFolders: [{ uri: { fsPath: '/w' }, name: 'w' }],
    textDocuments: [],
    getWorkspaceFolder: () => ({ uri: { fsPath: '/w' }, name: 'w' }),
    asRelativePath: (path: string | Uri) => (typeof path === 'string' ? path : path.fsPath).replace('/w/', ''),
    fs: {
      readFile: async ({ fsPath }: Uri) => {
        const text = host.files.get(fsPath);
        if (text === undefined) throw new Error('not there');
        return new TextEncoder().encode(text);
      },
      writeFile: async ({ fsPath }: Uri, data: Uint8Array) =>
        void host.files.set(fsPath, new TextDecoder().decode(data)),
    },
  },
};
