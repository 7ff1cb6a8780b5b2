import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languageOf } from '../../../src/code/languages/table';
import { readText } from '../../../src/code/readSource';
import { finderOf, installedGrammars } from './finderHarness';

const filler = `const total = values.reduce((sum, value) => sum + value, 0);
  for (const [label, amount] of Object.entries({ total })) console.log(label, amount);`;
/** Statements of every form that is left unread, and their like that are not. */
const statements: Readonly<Record<string, string>> = {
  plain: `export async function plain(values: number[]): Promise<void> {\n  ${filler}\n}`,
  maker: `export function flags() {\n  /* ${'hands out what asks for flags. '.repeat(5)} */\n  return client;\n}`,
  arrow: `export const arrow = async (values: number[]): Promise<void> => {\n  ${filler}\n};`,
  two: `const one = (values: number[]) => {\n  ${filler}\n}, other = { key: 'two' };`,
  class: `export class Totals {\n  #values: number[] = [];\n  static readonly key = 'in-class';\n  sum(values: number[]) {\n  ${filler}\n  }\n}`,
  keys: `export const KEYS = { A: 'key-a', B: 'key-b', /* ${'long '.repeat(40)} */ C: 'key-c' };`,
  hidden: `function hidden(values: number[]) {\n  const same = 'key-a';\n  ${filler}\n}`,
  call: `describe('totals', () => {\n  it('adds', () => {\n  ${filler}\n  });\n});`,
  asks: `export function asks(values: number[]) {\n  if (client.getBooleanValue(KEYS.A, false)) { ${filler} }\n}`,
  inClass: `export function asksByClass() {\n  return client.getBooleanValue(Totals.key, false);\n}`,
  byMaker: `export function asksByMaker() {\n  return flags().getStringValue('by-maker', 'x');\n}`,
  wrapper: `export function isShown(key: string) {\n  return client.getBooleanValue(key, false);\n}`,
  calls: `export function calls(values: number[]) {\n  ${filler}\n  return isShown('by-wrapper');\n}`,
  renamed: `export function callsRenamed(values: number[]) {\n  ${filler}\n  return ask('by-renamed');\n}`,
  defaulted: `export function callsDefault(values: number[]) {\n  ${filler}\n  return check('by-default');\n}`,
  default: `export default function (values: number[]) {\n  ${filler}\n}`,
  commonJs: `exports.later = function (values) {\n  ${filler}\n};`,
  broken: `export function broken(values: number[] {\n  if (values { ${filler} }\n`,
};

const head = `import { OpenFeature } from '@openfeature/server-sdk';
import { isShown as ask } from './wrappers';
import check from './checks';
const client = OpenFeature.getClient();
`;
const others = {
  'src/wrappers.ts': `${head}export function isShown(key: string) { return client.getBooleanValue(key, false); }`,
  'src/checks.ts': `${head}export default function isChecked(key: string) { return client.getBooleanValue(key, false); }`,
};

describe('an index that leaves unread what asks for no flag', () => {
  it('finds what reading everything finds', async () => {
    const names = fc.uniqueArray(fc.constantFrom(...Object.keys(statements)), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(names, async (chosen) => {
        const text = head + chosen.map((name) => statements[name]).join('\n\n');
        const skimmed = await finderOf({ 'src/a.ts': text, ...others });
        const before = skimmed.references();
        // Documents that are open are read whole.
        const whole = await finderOf({ 'src/a.ts': text, ...others });
        await whole.index.edit('src/a.ts', text, '1');
        await whole.settle();
        expect(before).toEqual(whole.references());
        // And so is a file whose facts are asked for.
        const facts = await skimmed.index.facts('src/a.ts');
        expect(facts).toEqual({ ...(await whole.index.facts('src/a.ts')), version: facts?.version });
        expect(skimmed.references()).toEqual(before);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it.each(Object.entries(statements))('keeps the names that %s declares and exports', async (_, statement) => {
    const text = head + statement;
    const skimmed = await readText('src/a.ts', text, { sought: [], enough: 'any' }, installedGrammars);
    const whole = await readText('src/a.ts', text, 'whole', installedGrammars);
    const names = (of: typeof whole): unknown =>
      of.pieces.map((piece) => ({
        decls: piece.decls.filter((decl) => decl.scope === null),
        exports: piece.exports,
        fns: piece.fns
          .filter((fn) => fn.parent === -1 && fn.cls === null && fn.n !== null)
          .map((fn) => [fn.from, fn.to, fn.head, fn.n, fn.q, fn.ret]),
      }));
    expect(names(skimmed)).toEqual(names(whole));
  });

  it('leaves out what it says it does', async () => {
    const unread = async (text: string, sought: readonly string[] = []): Promise<boolean> => {
      const summary = await readText('src/a.ts', text, { sought, enough: 'any' }, installedGrammars);
      expect(summary.sought !== undefined).toBe(summary.pieces.some((piece) => piece.unread));
      return summary.sought !== undefined;
    };
    for (const name of ['plain', 'arrow', 'class', 'hidden', 'call', 'calls', 'default', 'renamed'])
      expect([name, await unread(statements[name] ?? '')]).toEqual([name, name !== 'default']);
    for (const name of ['keys', 'asks', 'wrapper', 'two', 'commonJs'])
      expect([name, await unread(statements[name] ?? '')]).toEqual([name, false]);
    expect(await unread(statements.calls ?? '', ['isShown'])).toBe(false);
    expect(await unread(head + (statements.renamed ?? ''), ['isShown'])).toBe(false);
    expect(await unread(head + (statements.defaulted ?? ''), ['isChecked'])).toBe(false);
    expect(await unread(`import express from 'express';\n${statements.plain ?? ''}`)).toBe(false);
    expect(languageOf('src/a.ts')?.extractor.skim).toBeDefined();
  });
});
