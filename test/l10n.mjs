// Writes l10n/bundle.l10n.json from every `t('...')` in src, or with `--check` fails when it is not current.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { l10nBundle } from './l10nMessages.mjs';

const file = fileURLToPath(new URL('../l10n/bundle.l10n.json', import.meta.url));
const bundle = await l10nBundle();
if (!process.argv.includes('--check')) {
  writeFileSync(file, bundle);
  console.log(`${Object.keys(JSON.parse(bundle)).length} messages in l10n/bundle.l10n.json`);
} else if (bundle !== readFileSync(file, 'utf8')) {
  console.error('l10n/bundle.l10n.json is not current: run node test/l10n.mjs');
  process.exitCode = 1;
}
