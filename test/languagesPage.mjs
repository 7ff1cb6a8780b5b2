// Writes docs/languages.md out of the lists that the suite in VS Code runs over; `--check` only says whether it is so.
import { readFileSync, rmSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import * as prettier from 'prettier';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const file = join(root, 'docs/languages.md');
const out = mkdtempSync(join(tmpdir(), 'sightglass-languages-'));
try {
  const outfile = join(out, 'table.mjs');
  await build({
    entryPoints: [join(root, 'test/host/languages/table.ts')],
    ...{ bundle: true, format: 'esm', platform: 'node', logLevel: 'error', outfile },
  });
  const { languagesPage } = await import(pathToFileURL(outfile).href);
  const config = await prettier.resolveConfig(file);
  const page = await prettier.format(languagesPage(), { ...config, parser: 'markdown' });
  if (!process.argv.includes('--check')) writeFileSync(file, page);
  else if (readFileSync(file, 'utf8') !== page) {
    console.error(
      'docs/languages.md is not what the lists of test/host/languages say: run node test/languagesPage.mjs',
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(out, { recursive: true, force: true });
}
