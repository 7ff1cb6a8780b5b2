import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reference } from '../../../src/model/reference';
import { finderOf, root, type Finder } from './finderHarness';

const keys = (checkout: string, lines = 0): string =>
  `${'\n'.repeat(lines)}export const FLAGS = { CHECKOUT: '${checkout}', SEARCH: 'search' } as const;\n`;
const wrapper = (prefix: string): string =>
  `import { OpenFeature } from '@openfeature/server-sdk';\nexport const isOn = (name: string) => OpenFeature.getClient().getBooleanValue(\`${prefix}\${name}\`, false);\n`;
/** One piece of it asks for a constant of one file, another calls a wrapper of another file, a third asks for neither. */
const user = `import { OpenFeature } from '@openfeature/server-sdk';
import { FLAGS } from './keys';
import { isOn } from './wrapper';
export function constant() { return OpenFeature.getClient().getBooleanValue(FLAGS.CHECKOUT, false); }
export function wrapped() { return isOn('beta'); }
export function literal() { return OpenFeature.getClient().getBooleanValue('written-here', false); }
`;
const sources = { 'src/keys.ts': keys('checkout'), 'src/wrapper.ts': wrapper('new-'), 'src/user.ts': user };

const evaluations = (finder: Finder): readonly Reference[] =>
  finder.references().filter(({ path, kind }) => path === 'src/user.ts' && kind === 'evaluation');
const asked = (finder: Finder): (string | null)[] => evaluations(finder).map(({ key }) => key);

async function edited(finder: Finder, path: string, text: string, version: string): Promise<void> {
  await finder.index.edit(path, text, version);
  await finder.settle();
}

describe('invalidation', () => {
  it('makes anew only the part of a file that asked the file which changed', async () => {
    const finder = await finderOf(sources);
    const before = evaluations(finder);
    expect(before.map(({ key }) => key)).toEqual(['checkout', 'new-beta', 'written-here']);
    await edited(finder, 'src/keys.ts', keys('payment'), '1');
    const after = evaluations(finder);
    expect(after.map(({ key }) => key)).toEqual(['payment', 'new-beta', 'written-here']);
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after[2]).toBe(before[2]);
    // The new key is defined where it is written once somebody asks for it.
    expect(finder.updated).toEqual([['src/keys.ts', 'src/user.ts']]);
  });

  it('follows each of several files that change in one go', async () => {
    const finder = await finderOf(sources);
    await finder.index.edit('src/keys.ts', keys('payment'), '1');
    await finder.index.edit('src/wrapper.ts', wrapper('old-'), '1');
    await finder.settle();
    expect(asked(finder)).toEqual(['payment', 'old-beta', 'written-here']);
  });

  it('takes what was edited while it was followed', async () => {
    const finder = await finderOf(sources);
    await finder.index.edit('src/keys.ts', keys('payment'), '1');
    const first = finder.settle();
    await finder.index.edit('src/keys.ts', keys('basket'), '2');
    await first;
    await finder.settle();
    expect(asked(finder)).toEqual(['basket', 'new-beta', 'written-here']);
  });

  it('moves the lines that traces name', async () => {
    const finder = await finderOf(sources);
    await edited(finder, 'src/keys.ts', keys('checkout', 3), '1');
    const [constant] = evaluations(finder);
    expect(constant?.trace.find(({ path }) => path === 'src/keys.ts')?.line).toBe(4);
    expect(finder.updated).toEqual([['src/user.ts']]);
  });

  it('gives after any edits the facts that reading the result gives', async () => {
    const finder = await finderOf(sources);
    const steps: [path: string, text: string][] = [
      ['src/keys.ts', keys('payment', 2)],
      ['src/wrapper.ts', wrapper('old-')],
      ['src/keys.ts', 'export const FLAGS = {} as const;\n'],
      ['src/wrapper.ts', 'export const isOn = (name: string) => name.length > 3;\n'],
      ['src/keys.ts', keys('basket')],
      ['src/user.ts', user.replace("'beta'", 'FLAGS.SEARCH').replace('FLAGS.CHECKOUT', "'now-literal'")],
      ['src/wrapper.ts', wrapper('again-')],
      ['src/keys.ts', keys('basket').replace("'search'", "'found'")],
    ];
    const now: Record<string, string> = { ...sources };
    for (const [index, [path, text]] of steps.entries()) {
      now[path] = text;
      await edited(finder, path, text, String(index));
      expect(finder.references()).toEqual((await finderOf(now)).references());
    }
  });

  it('tells of a file that is gone, and of those that asked it', async () => {
    const finder = await finderOf(sources);
    await finder.files.remove(`${root}/src/keys.ts`);
    await finder.index.changed(['src/keys.ts']);
    expect(asked(finder)).not.toContain('checkout');
    expect(finder.updated.flat().sort()).toEqual(['src/keys.ts', 'src/user.ts']);
  });

  it('takes what an edit does not touch as it was', async () => {
    const finder = await finderOf(sources);
    await finder.index.edit('src/user.ts', user, '1');
    const before = evaluations(finder);
    await edited(finder, 'src/user.ts', user.replace("'written-here'", "'written-now'"), '2');
    const after = evaluations(finder);
    expect(after.map(({ key }) => key)).toEqual(['checkout', 'new-beta', 'written-now']);
    expect(after[1]).toBe(before[1]);
  });

  /** Statements that stand in each other's way, each in several forms: constants, wrappers, guards, routes, members. */
  const statements: readonly (readonly string[])[] = [
    ["import { OpenFeature } from '@openfeature/server-sdk';", "import { Other as OpenFeature } from './other';"],
    ["import express from 'express';"],
    ['const client = OpenFeature.getClient();', 'const client = make();', 'let client = null;'],
    ['const app = express.Router();', 'const app = other();'],
    ["const KEY = 'a';", "const KEY = 'b';", "const KEY = name + 'b';"],
    ['const ALIAS = KEY;', "const ALIAS = 'c';"],
    [
      'function isOn(key) { return client.getBooleanValue(key, false); }',
      "function isOn(key) { return client.getBooleanValue('x-' + key, false); }",
      'function isOn(key) { return key.length > 2; }',
    ],
    ['const outer = (key) => isOn(key);', 'const outer = (key) => !isOn(key);', 'const outer = () => true;'],
    ['const enabled = client.getBooleanValue(ALIAS, false);', "const enabled = outer('d');", 'const enabled = true;'],
    ['const both = enabled && isOn(KEY);', 'const both = !enabled;'],
    ['if (both) { start(); } else { stop(); }', 'if (!enabled) stop();', ''],
    ['function handler() { return outer(ALIAS); }', 'function handler() { if (enabled) return 1; return 2; }'],
    ["app.get('/shop', handler);", "app.post('/buy', handler);", ''],
    [
      "class Shop { sells() { return outer('shop'); } }",
      'class Shop { key = KEY; sells() { return isOn(this.key); } }',
    ],
    ['\n\n', ''],
    ['export { isOn as asks };\nnew Shop().sells();', 'export default client;'],
  ];

  it('gives the same facts by editing statements one by one as by reading the result', async () => {
    const step = fc.record({ at: fc.nat(statements.length - 1), form: fc.nat(2) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
        const forms = statements.map(() => 0);
        const text = (): string => statements.map((of, at) => of[forms[at]! % of.length]).join('\n');
        const finder = await finderOf({ 'src/one.ts': text() });
        await finder.index.edit('src/one.ts', text(), '0');
        for (const [index, { at, form }] of steps.entries()) {
          forms[at] = form;
          const facts = await finder.index.edit('src/one.ts', text(), String(index + 1));
          const fresh = await finderOf({ 'src/one.ts': text() });
          const whole = await fresh.index.edit('src/one.ts', text(), String(index + 1));
          expect(facts).toEqual(whole);
        }
      }),
      { numRuns: 15, seed: 5 },
    );
  }, 120_000);
});
