import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ripgrepSearch } from '../../../src/code/scan/ripgrep';
import type { Search } from '../../../src/code/scan/search';
import { javascriptSearch } from '../../../src/code/scan/walk';
import { writtenKeys } from '../../../src/code/scan/writtenKeys';
import { nodeFiles } from '../../../src/platform/node/files';
import { nodePaths } from '../../../src/platform/node/paths';
import { nodeProcesses } from '../../../src/platform/node/processes';
import { packagedRipgrep } from '../../../src/platform/node/ripgrepPackage';

let root = '';
const signal = new AbortController().signal;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sightglass-written-'));
  await mkdir(join(root, 'src'));
  await mkdir(join(root, 'left'));
  await writeFile(
    join(root, 'src/a.ts'),
    'export const defaults = { use_local_proxy: false, "dash-ed.key": 1 }; // in_comment\n',
  );
  await writeFile(join(root, 'src/b.go'), 'package b\n\nconst x = "by$sign(1)"\n');
  await writeFile(join(root, 'left/c.ts'), 'const key = "left-out";\n');
  await writeFile(join(root, 'flags.json'), '{ "only-in-json": {} }\n');
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function engines(): Promise<readonly Search[]> {
  const [ripgrep] = await packagedRipgrep();
  return [
    ...(ripgrep === undefined ? [] : [ripgrepSearch(nodeProcesses, ripgrep)]),
    javascriptSearch(nodeFiles, nodePaths),
  ];
}

describe('keys that stand in the text of source files', () => {
  it('are found as words of their own by each engine, whatever they are there', async () => {
    const keys = [
      'use_local_proxy',
      'dash-ed.key',
      'in_comment',
      'by$sign(1)',
      'local_proxy',
      'left-out',
      'only-in-json',
      'ab',
    ];
    const all = await engines();
    expect(all.length).toBeGreaterThan(0);
    for (const search of all) {
      const tools = { searches: [search], files: nodeFiles, paths: nodePaths };
      const found = await writtenKeys(tools, { root, keys, exclude: ['left/**'] }, signal);
      expect([search.engine, [...found].sort()]).toEqual([
        search.engine,
        ['ab', 'by$sign(1)', 'dash-ed.key', 'in_comment', 'use_local_proxy'],
      ]);
    }
  });

  it('are found among thousands', async () => {
    const [search] = await engines();
    const keys = [...Array.from({ length: 5_000 }, (_, at) => `key-number-${at.toString(36)}`), 'in_comment'];
    const tools = { searches: [search!], files: nodeFiles, paths: nodePaths };
    expect(await writtenKeys(tools, { root, keys, exclude: [] }, signal)).toEqual(['in_comment']);
  });

  it('are not said to be absent where no engine answers', async () => {
    const failing = { ...(await engines())[0]!, matching: () => Promise.reject(new Error('no engine')) };
    const tools = { searches: [failing], files: nodeFiles, paths: nodePaths };
    await expect(writtenKeys(tools, { root, keys: ['in_comment'], exclude: [] }, signal)).rejects.toThrow('no engine');
  });
});
