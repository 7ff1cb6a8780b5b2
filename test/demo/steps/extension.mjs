import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

/** Puts the built extension where VS Code finds it installed. @param {string} extensions the extensions-dir */
export function placeExtension(extensions) {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const to = join(extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  for (const name of ['package.json', 'package.nls.json', 'dist', 'media', 'l10n', 'LICENSE', 'README.md']) {
    const from = join(root, name);
    if (existsSync(from)) cpSync(from, join(to, name), { recursive: true });
  }
}
