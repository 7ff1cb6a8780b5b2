import { expect, it } from 'vitest';
import { mostCrashes } from '../../../src/code/bounds';
import { languageOf } from '../../../src/code/languages/table';
import { UnparsableError } from '../../../src/code/parserLibrary';
import { finderOf, installedGrammars } from './finderHarness';

const php = languageOf('a.php')!;
/** Recurses out of the WebAssembly stack. What the finder gives the parser is blanked before it nests so deeply. */
const crashing = (more = ''): string => `<?php ${'"{$'.repeat(3_000)}${more}`;
const parsed = (text: string): Promise<number> =>
  installedGrammars.parsing(php, 'php', (parser) => {
    const tree = parser.parse(text);
    const { endIndex } = tree.rootNode;
    tree.delete();
    return endIndex;
  });
const client = `import { OpenFeature } from '@openfeature/server-sdk';\nconst flags = OpenFeature.getClient();\n`;
const asks = (key: string): string => `${client}export const on = flags.getBooleanValue('${key}', false);\n`;
const keys = (facts: { readonly references: readonly { readonly key: string | null }[] }): (string | null)[] =>
  facts.references.map(({ key }) => key);

it('a text that ends the parsers costs itself: other files and languages, and documents that are open, are read on', async () => {
  const finder = await finderOf({ 'src/a.ts': asks('first') });
  expect(keys(await finder.index.edit('src/a.ts', asks('second'), '1'))).toContain('second');
  await expect(parsed(crashing())).rejects.toThrow(/php parser broke down on it/);
  expect(keys(await finder.index.edit('src/a.ts', asks('third'), '2'))).toContain('third');
  expect(keys(await finder.index.edit('src/b.ts', asks('other'), '1'))).toContain('other');
  expect(await parsed('<?php echo 1;')).toBe(13);
  // Known by its text: no parser is spent on it again.
  await expect(parsed(crashing())).rejects.toBeInstanceOf(UnparsableError);
  expect(keys(await finder.index.edit('src/a.ts', asks('fourth'), '3'))).toContain('fourth');
});

it('a grammar that breaks down on ever other texts is given up, and the others live on', async () => {
  for (let at = 0; at < mostCrashes; at += 1) await parsed(crashing(' '.repeat(at + 1))).catch(() => undefined);
  await expect(parsed('<?php echo 1;')).rejects.toThrow(/no longer used/);
  const finder = await finderOf({ 'src/a.ts': asks('first') });
  expect(keys(await finder.index.edit('src/a.ts', asks('second'), '1'))).toContain('second');
}, 60_000);
