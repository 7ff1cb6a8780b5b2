import { describe, expect, it } from 'vitest';
import { finderOf, found } from './finderHarness';

const client = `import { OpenFeature } from '@openfeature/server-sdk';\nconst client = OpenFeature.getClient();\n`;

describe('keys', () => {
  it.each([
    [`const KEY = 'k'; client.getBooleanValue(KEY, false);`, ['k@3 constant']],
    [`enum F { A = 'k' } client.getBooleanValue(F.A, false);`, ['k@3 enum']],
    [`const FLAGS = { pay: { fast: 'k' } } as const; client.getBooleanValue(FLAGS.pay.fast, false);`, ['k@3 property']],
    [`const FLAGS = Object.freeze({ fast: 'k' }); client.getBooleanValue(FLAGS['fast'], false);`, ['k@3 property']],
    [`class Flags { static readonly FAST = 'k'; } client.getBooleanValue(Flags.FAST, false);`, ['k@3 property']],
    [`const P = 'exp-'; client.getBooleanValue(\`\${P}one\`, false);`, ['exp-one@3 constant']],
    ['client.getBooleanValue(`exp-${x}-end`, false);', ['/exp-*-end/@3 template dynamic']],
    [`client.getBooleanValue('exp-' + x, false);`, ['/exp-*/@3 template dynamic']],
    [`client.getBooleanValue(x ? 'a' : 'b', false);`, ['a@3 literal', 'b@3 literal']],
    [
      `const KEY = 'outer'; function f() { const KEY = 'inner'; return client.getBooleanValue(KEY, false); }`,
      ['inner@3 constant'],
    ],
    [`function f() { for (const KEY of keys) client.getBooleanValue(KEY, false); }`, ['/*/@3 template dynamic']],
    [`let key = 'a'; key = other(); client.getBooleanValue(key, false);`, ['/*/@3 template dynamic']],
    [`client.getBooleanValue("it\\'s\\u0041", false);`, [`it'sA@3 literal`]],
  ])('%s', async (source, expected) => {
    expect(await found(client + source)).toEqual(expected);
  });

  it("follows paths of the configuration that a tsconfig refers to, as in Vite's templates", async () => {
    const others = {
      'web/tsconfig.json':
        '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./tsconfig.node.json" }] }',
      'web/tsconfig.app.json': '{ "compilerOptions": { /* Bundler mode */ "paths": { "@/*": ["./src/*"] } } }',
      'web/tsconfig.node.json': '{ "include": ["vite.config.ts"] }',
      'web/src/keys.ts': `export enum Flags { New = 'k' }`,
    };
    const source = `import { useFeatureFlagEnabled } from 'posthog-js/react';\nimport { Flags } from '@/keys';\nexport const F = () => useFeatureFlagEnabled(Flags.New);`;
    expect(await found(source, 'web/src/a.ts', others)).toEqual(['k@3 enum']);
  });

  it('follows imports, re-exports, tsconfig paths and workspace packages', async () => {
    const finder = await finderOf({
      'tsconfig.json':
        '{ // comment\n "compilerOptions": { "baseUrl": ".", "paths": { "@flags/*": ["lib/flags/*"] } } }',
      'packages/keys/package.json': '{ "name": "@shop/keys", "main": "dist/index.js" }',
      'packages/keys/src/index.ts': `export * from './deep';`,
      'packages/keys/src/deep.ts': `export const DEEP = 'deep-key';`,
      'lib/flags/names.ts': `export const NAMES = { pay: 'pay-key' } as const;`,
      'lib/barrel.ts': `export { NAMES as Names } from '@flags/names';`,
      'lib/default.js': `module.exports = { OLD: 'old-key' };`,
      'src/a.ts': `${client}import { Names } from 'lib/barrel'; import { DEEP } from '@shop/keys'; import * as all from '../lib/flags/names'; import old from '../lib/default.js';
client.getBooleanValue(Names.pay, false);
client.getBooleanValue(DEEP, false);
client.getBooleanValue(all.NAMES.pay, false);
client.getBooleanValue(old.OLD, false);`,
    });
    const facts = (await finder.index.facts('src/a.ts'))!;
    expect(facts.references.map(({ key, line, via }) => [key, line, via])).toEqual([
      ['pay-key', 4, 'property'],
      ['deep-key', 5, 'constant'],
      ['pay-key', 6, 'property'],
      ['old-key', 7, 'property'],
    ]);
    expect(facts.references[0]!.trace[0]).toEqual({
      words: 'property Names.pay = "pay-key"',
      path: 'lib/flags/names.ts',
      line: 1,
    });
    const definitions = finder.references('pay-key').filter((reference) => reference.kind === 'definition');
    expect(definitions.map(({ path, line }) => `${path}:${String(line)}`)).toEqual(['lib/flags/names.ts:1']);
  });

  it('survives modules that export each other in circles', async () => {
    const others = {
      'src/b.ts': `export * from './c'; export * from './d';`,
      'src/c.ts': `export * from './b'; export * from './d';`,
      'src/d.ts': `export * from './b'; export * from './c'; export const X = 'x';`,
    };
    expect(
      await found(
        `${client}import { X, Y } from './b'; client.getBooleanValue(X, false); client.getBooleanValue(Y, false);`,
        'src/a.ts',
        others,
      ),
    ).toEqual(['x@3 constant', '/*/@3 template dynamic']);
  });

  it('marks tests as tests', async () => {
    const { index } = await finderOf({ 'src/a.test.ts': `${client}client.getBooleanValue('k', false);` });
    expect((await index.facts('src/a.test.ts'))!.references.map(({ kind }) => kind)).toEqual(['test']);
  });
});
