// Every message of ours, from the `t('...')` in src.
// @vscode/l10n-dev only knows calls through the `vscode` module; ours go through the L10n port, so it is shown the
// same calls under the name it knows.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getL10nJson } from '@vscode/l10n-dev';

const root = fileURLToPath(new URL('..', import.meta.url));
/** `t('`, `l10n.t('`, `this.#l10n.t('`: a call by that name whose first argument is a literal. */
const call = /(?<![\w$.])(?:[\w$#]+\??\.)*t\((?=\s*['"`])/g;

/** @returns {Promise<string>} the bundle as it should be, in JSON */
export async function l10nBundle() {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
    .filter((text) => text.search(call) !== -1)
    .map((text) => ({
      extension: '.ts',
      contents: `import * as vscode from 'vscode';\n${text.replace(/^import \* as vscode.*$/m, '').replace(call, 'vscode.l10n.t(')}`,
    }));
  const found = await getL10nJson(sources);
  const sorted = Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify(sorted, null, 2)}\n`;
}
