// Sizes of what ships. `npm run package` holds them to their budgets.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const kilobytes = (path) => `${(statSync(path).size / 1024).toFixed(0)} KB`;

export async function run({ root, figure }) {
  for (const file of [
    'extension.js',
    'worker-code.js',
    'worker-telemetry.js',
    'http.js',
    'cli.js',
    'webview/detail.js',
  ]) {
    const path = join(root, 'dist', file);
    if (existsSync(path)) figure(`dist/${file}`, kilobytes(path), file === 'extension.js' ? 'under 600 KB' : undefined);
  }
  const vsix = readdirSync(root).find((file) => file.endsWith('.vsix'));
  if (vsix) figure(vsix, kilobytes(join(root, vsix)), 'under 8 MB');
  else figure('VSIX', 'not packaged (npm run package)');
}
