import type * as vscode from 'vscode';
import type { Secrets } from '../secrets';

const prefix = 'sightglass.token:';

/** Tokens in VS Code's SecretStorage under the origin they were entered for, and handed out for that origin only. */
export function originSecrets(storage: vscode.SecretStorage): Secrets {
  const name = (origin: string): string => `${prefix}${new URL(origin).origin}`;
  return {
    get: async (origin) => storage.get(name(origin)),
    set: async (origin, token) => storage.store(name(origin), token),
    delete: async (origin) => storage.delete(name(origin)),
    onDidChange: (listener) => storage.onDidChange(({ key }) => key.startsWith(prefix) && listener()),
  };
}
