import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readText } from '../../../src/code/readSource';
import { isMinified } from '../../../src/code/scan/decode';
import { fileFactsSchema } from '../../../src/model/reference';
import { finderOf, installedGrammars, root } from './finderHarness';

const client = `import { OpenFeature } from '@openfeature/server-sdk';\nconst client = OpenFeature.getClient();\n`;
const fragments = [
  'client.getBooleanValue(',
  "'k'",
  ', false)',
  'const a = ',
  'if (',
  ') {',
  '}',
  '{',
  'class X {',
  'export ',
  'async ',
  '=>',
  '(',
  ')',
  '`${',
  '`',
  '\n',
  ';',
  'switch (x) {',
  "case 'a':",
  'return ',
  'import { a } from "./b";',
  '<A flagKey=',
  '/>',
  '@Get(',
  'enum E {',
  'const { x } = ',
  '/*',
  '//',
  '\u{1F600}',
  '\0',
  'await ',
  '!',
  '&&',
  '?.',
  '[',
  ']',
  'function* ',
  'new ',
  '...',
  ':',
  'app.get("/x",',
  'module.exports = ',
];
const brokenCode = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ maxLength: 6 })), { maxLength: 60 })
  .map((parts) => parts.join(' '));

describe('any text', () => {
  it('never throws, gives facts of the schema, and the same facts again', async () => {
    const finder = await finderOf({ 'b.ts': 'export const a = "x";' });
    let version = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('a.ts', 'a.tsx', 'a.js'), brokenCode, async (path, text) => {
        const first = await finder.index.edit(path, client + text, String(++version));
        expect(() => fileFactsSchema.parse(first)).not.toThrow();
        const second = await finder.index.edit(path, client + text, String(version));
        expect(second).toEqual(first);
      }),
      { numRuns: 150 },
    );
  });

  it('gives by editing what reading gives', async () => {
    await fc.assert(
      fc.asyncProperty(brokenCode, brokenCode, brokenCode, async (before, inserted, after) => {
        const finder = await finderOf({ 'a.ts': '' });
        await finder.index.edit('a.ts', `${client}${before}\n${after}`, '1');
        const edited = await finder.index.edit('a.ts', `${client}${before}\n${inserted}${after}`, '2');
        const fresh = await (
          await finderOf({ 'c.ts': '' })
        ).index.edit('a.ts', `${client}${before}\n${inserted}${after}`, '2');
        expect(edited.references).toEqual(fresh.references);
      }),
      { numRuns: 60 },
    );
  });

  it('reads everything around a syntax error', async () => {
    const { index } = await finderOf({
      'a.ts': `${client}const broken = (;\nclient.getBooleanValue('k', false);\nfunction f( {`,
    });
    expect((await index.facts('a.ts'))!.references.map(({ key }) => key)).toEqual(['k']);
  });

  it.each([
    ['(', 20_000],
    ['[', 20_000],
    ['a?', 20_000],
    ['if (a) {', 5_000],
    ['f(', 20_000],
    ['`${', 5_000],
    ['a + ', 20_000],
    ['a.b().', 10_000],
  ])('does not fall over %s repeated', async (part, times) => {
    const { index } = await finderOf({ 'a.ts': '' });
    const facts = await index.edit(
      'a.ts',
      `${client}client.getBooleanValue('k', false);\n${'\n'.repeat(200)}${part.repeat(times)}`,
      '1',
    );
    expect(facts.path).toBe('a.ts');
  });
});

describe('large and odd files', () => {
  it('answers for 50,000 lines, and for an edit in them', async () => {
    const lines = Array.from(
      { length: 10_000 },
      (_, i) =>
        `export function f${String(i)}(x: number) {\n  if (x > ${String(i)}) return g(x);\n  const y = x * 2;\n  return y;\n}`,
    );
    lines[5_000] = `export const on = () => client.getBooleanValue('k', false);\n\n\n\n`;
    const text = client + lines.join('\n');
    const { index } = await finderOf({ 'a.ts': text });
    expect((await index.facts('a.ts'))!.references.map(({ key }) => key)).toEqual(['k']);
    await index.edit('a.ts', text, '1');
    const edited = await index.edit('a.ts', text.replace("'k'", "'kk'"), '2');
    expect(edited.references.map(({ key, line }) => [key, line])).toEqual([['kk', 25_003]]);
  }, 60_000);

  it('takes 10,000 known keys', async () => {
    const knownKeys = Array.from({ length: 10_000 }, (_, i) => `flag-${String(i)}`);
    const { index } = await finderOf({ 'a.ts': `${client}client.getBooleanValue('flag-9999', false);` }, { knownKeys });
    expect((await index.facts('a.ts'))!.references).toHaveLength(1);
  });

  it.each([
    ['binary', new Uint8Array([99, 108, 0, 1, 2])],
    ['larger than 2 MB', new Uint8Array(2 * 1024 * 1024 + 1).fill(32)],
    ['minified', new TextEncoder().encode(`${client}${'a();'.repeat(10_000)}`)],
  ])('says why a file was not read: %s', async (why, data) => {
    const finder = await finderOf({ 'src/b.ts': client });
    finder.files.set(`${root}/src/a.ts`, data);
    await finder.index.changed(['src/a.ts']);
    expect(await finder.index.facts('src/a.ts')).toMatchObject({ references: [], codePaths: [], truncated: why });
  });

  it('marks generated files', async () => {
    const { index } = await finderOf({ 'a.ts': `// @generated\n${client}client.getBooleanValue('k', false);` });
    expect((await index.facts('a.ts'))!.references[0]).toMatchObject({ generated: true });
  });

  it('calls nothing minified that people write', () => {
    expect(isMinified('const a = 1;\n'.repeat(10_000))).toBe(false);
  });

  it('answers for a file of no language with nothing', async () => {
    expect((await readText('a.css', 'a {}', 'whole', installedGrammars)).truncated).toBe(
      'not a language the finder reads',
    );
  });
});
