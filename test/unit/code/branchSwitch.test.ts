import { expect, it } from 'vitest';
import { finderOf, root } from './finderHarness';

const count = 5_000;
const client = `import { OpenFeature } from '@openfeature/server-sdk';\n`;
/** One file in a hundred asks for a flag: those are parsed, the others only searched. */
const text = (index: number, key: string): string =>
  index % 100 === 0
    ? `${client}OpenFeature.getClient().getBooleanValue('${key}', false);\n`
    : `export const x = ${index};\n`;
const path = (index: number): string => `src/f${index}.ts`;
const all = Array.from({ length: count }, (_, index) => index);
const paths = all.map(path);

it('takes in a branch switch of 5,000 files while edits are answered', async () => {
  const finder = await finderOf(Object.fromEntries(all.map((index) => [path(index), text(index, 'old')])));
  expect(finder.references('old')).toHaveLength(count / 100);
  for (const index of all) finder.files.set(`${root}/${path(index)}`, text(index, 'new'));
  const switching = { isDone: false };
  const changed = finder.index.changed(paths).finally(() => (switching.isDone = true));
  let answered = 0;
  while (!switching.isDone) {
    const open = `${client}OpenFeature.getClient().getBooleanValue('typed-${answered}', false);\n`;
    const facts = await finder.index.edit('src/open.ts', open, String(answered));
    expect(facts.references.map(({ key }) => key)).toEqual([`typed-${answered}`]);
    answered++;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await changed;
  expect(answered).toBeGreaterThan(5);
  expect(finder.references('old')).toEqual([]);
  expect(finder.references('new')).toHaveLength(count / 100);
}, 60_000);

it('is stopped when asked to, and loses nothing by it', async () => {
  const finder = await finderOf(Object.fromEntries(all.map((index) => [path(index), text(index, 'old')])));
  for (const index of all) finder.files.set(`${root}/${path(index)}`, text(index, 'new'));
  const stopping = new AbortController();
  const changed = finder.index.changed(paths, stopping.signal);
  await new Promise((resolve) => setImmediate(resolve));
  stopping.abort(new Error('enough'));
  await expect(changed).rejects.toThrow('enough');
  expect(finder.references('new').length).toBeLessThan(count / 100);
  await finder.index.changed([]);
  expect(finder.references('old')).toEqual([]);
  expect(finder.references('new')).toHaveLength(count / 100);
}, 60_000);
