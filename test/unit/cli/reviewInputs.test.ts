import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  asking,
  changesOf,
  configuration,
  flagFile,
  impactOn,
  production,
  reasonsOf,
  Repository,
  reviewBench,
  type Bench,
} from './reviewRepository';

let bench: Bench;
beforeAll(async () => {
  bench = await reviewBench();
});
afterAll(() => bench.dispose());

const missingOf = (report: {
  readonly missing: readonly { readonly source: string; readonly words: string }[];
}): string =>
  report.missing
    .filter(({ source }) => source === 'git')
    .map(({ words }) => words)
    .join('\n');

describe('review: repositories as they are', () => {
  it('reads the working tree with what is new in it, and what is staged', async () => {
    const repository = await bench.repository('worktree');
    await repository.commit({ 'src/a.ts': asking('one'), '.gitignore': 'ignored.ts\n' });
    await repository.write({ 'src/a.ts': asking('one', 'two') });
    repository.git('add', '-A');
    await repository.write({ 'src/a.ts': asking('two'), 'src/new.ts': asking('three'), 'ignored.ts': asking('four') });
    expect(changesOf(await repository.report('--base', 'HEAD'))).toEqual([
      'one: extinct',
      'three: added',
      'two: added',
    ]);
    expect(changesOf(await repository.report('--base', 'HEAD', '--staged'))).toEqual(['two: added']);
    expect(changesOf(await repository.report('--base', 'HEAD', '--head', 'HEAD'))).toEqual([]);
  });

  it('says the same of a change whether it is checked out, another is, or nothing', async () => {
    const repository = await bench.repository('elsewhere');
    const wrapper = `import { OpenFeature } from '@openfeature/server-sdk';
const client = OpenFeature.getClient();
export const isOn = (key: string) => client.getBooleanValue(key, false);
`;
    const calls = (key: string): string => `import { isOn } from './flags';\nexport const a = () => isOn('${key}');\n`;
    await repository.commit({ 'src/flags.ts': wrapper, 'src/a.ts': calls('one'), 'src/b.ts': calls('one') });
    repository.git('checkout', '-q', '-b', 'feature');
    await repository.commit({ 'src/a.ts': calls('two'), 'src/c.ts': calls('three') });
    const asked = ['--base', 'main', '--head', 'feature'];
    const here = await repository.report(...asked);
    expect(changesOf(here)).toEqual(['one: removed', 'three: added', 'two: added']);
    expect(impactOn(here, 'one')?.left.places).toMatchObject([{ path: 'src/b.ts', line: 2 }]);
    repository.git('checkout', '-q', 'main');
    await repository.write({ 'src/b.ts': 'export {};\n' });
    const elsewhere = await repository.report(...asked);
    repository.git('clone', '-q', '--bare', repository.folder, join(bench.folder, 'bare.git'));
    const bare = await new Repository(bench.folder, join(bench.folder, 'bare.git')).report(...asked);
    expect(elsewhere.flags).toEqual(here.flags);
    expect(bare.flags).toEqual(here.flags);
  });

  it('compares with where a branch left its base, as a pull request does', async () => {
    const repository = await bench.repository('branch');
    await repository.commit({ 'src/a.ts': asking('one') });
    repository.git('checkout', '-q', '-b', 'feature');
    await repository.commit({ 'src/b.ts': asking('two') });
    repository.git('checkout', '-q', 'main');
    await repository.commit({ 'src/c.ts': asking('three') });
    repository.git('checkout', '-q', '--detach', 'feature');
    expect(changesOf(await repository.report('--base', 'main'))).toEqual(['two: added']);
    repository.git('merge', '-q', '--no-edit', 'main');
    expect(changesOf(await repository.report('--base', 'main', '--head', 'HEAD'))).toEqual(['two: added']);
  });

  it('follows a rename with edits: what stood there was not removed', async () => {
    const repository = await bench.repository('rename');
    const filling = Array.from({ length: 40 }, (_, line) => `export const line${line} = ${line};\n`).join('');
    await repository.commit({ 'src/old.ts': asking('one', 'two') + filling });
    await repository.commit({ 'src/old.ts': null, 'src/deep/new.ts': `// first\n${asking('one', 'three')}${filling}` });
    const report = await repository.report('--base', 'HEAD~1');
    expect(changesOf(report)).toEqual(['three: added', 'two: extinct']);
  });

  it('reports on a clone that is cut off, and says what that means', async () => {
    const repository = await bench.repository('deep');
    await repository.commit({ 'src/a.ts': asking('one') });
    repository.git('checkout', '-q', '-b', 'feature');
    await repository.commit({ 'src/b.ts': asking('two') });
    repository.git('checkout', '-q', 'main');
    await repository.commit({ 'src/c.ts': asking('three') });
    const shallow = await bench.repository('shallow');
    shallow.git('fetch', '-q', '--depth=1', `file://${repository.folder}`, 'main:base', 'feature:feature');
    const report = await shallow.report('--base', 'base', '--head', 'feature');
    expect(missingOf(report)).toContain('This clone is shallow');
    expect(changesOf(report)).toEqual(['three: extinct', 'two: added']);
    await expect(shallow.review('--base', 'v1', '--head', 'feature')).rejects.toThrow(
      /no revision v1.*shallow.*--unshallow/,
    );
  });

  it('takes all as new where there is no commit yet', async () => {
    const repository = await bench.repository('unborn');
    await repository.write({ 'src/a.ts': asking('one') });
    const report = await repository.report('--base', 'main');
    expect(changesOf(report)).toEqual(['one: added']);
    expect(missingOf(report)).toContain('There is no commit yet');
  });

  it('reads files in conflict as they lie there', async () => {
    const repository = await bench.repository('conflict');
    await repository.commit({ 'src/a.ts': asking('one') });
    repository.git('checkout', '-q', '-b', 'feature');
    await repository.commit({ 'src/a.ts': asking('two'), 'src/b.ts': asking('four') });
    repository.git('checkout', '-q', 'main');
    await repository.commit({ 'src/a.ts': asking('three') });
    expect(() => repository.git('merge', '-q', 'feature')).toThrow();
    const report = await repository.report('--base', 'main');
    expect(missingOf(report)).toContain('Files in conflict are read as they lie there, marks and all: src/a.ts');
    expect(changesOf(report)).toContain('four: added');
    expect(changesOf(report)).toContain('two: added');
  });

  it('leaves out, and names, submodules and what is kept in LFS; links are not followed', async () => {
    const inner = await bench.repository('inner');
    await inner.commit({ 'src/a.ts': asking('inside') });
    const repository = await bench.repository('outer');
    await repository.commit({ 'src/a.ts': asking('one') });
    repository.git('submodule', '--quiet', 'add', inner.folder, 'vendor');
    await writeFile(join(bench.folder, 'outside.ts'), asking('outside'));
    await symlink(join(bench.folder, 'outside.ts'), join(repository.folder, 'src/link.ts'));
    await repository.commit({
      'model.bin': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`,
      'picture.ts': new Uint8Array([0, 1, 2, 3, 255, 10, 0]),
      'src/b.ts': asking('two'),
    });
    const report = await repository.report('--base', 'HEAD~1');
    expect(changesOf(report)).toEqual(['two: added']);
    expect(missingOf(report)).toContain('What changed within submodules is not looked at: vendor');
    expect(missingOf(report)).toContain('What is kept in Git LFS is not looked at: model.bin');
  });

  it('tells the terminal no signs that would steer it', async () => {
    const repository = await bench.repository('terminal');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12345\n`;
    await repository.commit({ 'src/a.ts': asking('one') });
    await repository.commit({ 'a\u001b[2J\n0 problems\u202e.bin': pointer });
    const { err } = await repository.review('--base', 'HEAD~1');
    expect(err).toContain('What is kept in Git LFS is not looked at: a [2J 0 problems .bin\n');
    expect(err.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('says how many files a clone without them lacks, and fetches none', async () => {
    const repository = await bench.repository('full');
    await repository.commit({ 'src/a.ts': asking('one') });
    await repository.commit({ 'src/a.ts': asking('two') });
    repository.git('config', 'uploadpack.allowFilter', 'true');
    const partial = join(bench.folder, 'partial');
    repository.git('clone', '-q', '--bare', '--filter=blob:none', `file://${repository.folder}`, partial);
    const report = await new Repository(bench.folder, partial).report('--base', 'HEAD~1', '--head', 'HEAD');
    expect(missingOf(report)).toMatch(/git could not tell lines and renames/);
    expect(missingOf(report)).toMatch(/1 files are not in this clone: src\/a\.ts/);
    expect(changesOf(report)).toEqual([]);
  });

  it.each([
    ['a line break', 'src/a\nb.ts'],
    ['a carriage return', 'src/a\r\nb.ts'],
    ['quotes and a tab', 'src/"a"\tb.ts'],
    ['spaces and what begins an option', '-- src/ a b.ts'],
    ['what begins a header of a patch', 'src/+++ b/x.ts'],
    ['marks', 'src/](x) @you `#1` <b>.ts'],
    ['other scripts', 'src/配置-ü.ts'],
  ])('reads a file whose name has %s', async (_, path) => {
    const repository = await bench.repository(`name-${Buffer.from(path).toString('hex')}`);
    await repository.commit({ [path]: asking('one') });
    await repository.commit({ [path]: asking('one', 'two') });
    const report = await repository.report('--base', 'HEAD~1');
    expect(impactOn(report, 'two')?.added).toMatchObject([{ path, line: 5 }]);
    expect(changesOf(report)).toEqual(['two: added']);
    expect((await repository.review('--base', 'HEAD~1')).out).not.toMatch(/<b>|@you|\]\(x\)/);
  });

  it('reads lines that look like a patch as lines', async () => {
    const repository = await bench.repository('patch');
    await repository.commit({ 'src/a.ts': `${asking('one')}/*\n-- a/x\n*/\n` });
    await repository.commit({ 'src/a.ts': `/*\n++ b/src/x.ts\n@@ -1 +1,100 @@\n*/\n${asking('one')}/*\n*/\n` });
    const report = await repository.report('--base', 'HEAD~1');
    expect(changesOf(report)).toEqual([]);
    expect(report.files.changed).toBe(1);
  });

  it('reads lines of files that the change says have none', async () => {
    const guarded = (text: string): string =>
      `${asking()}export const a = async () => {\n  if (await client.getBooleanValue('one', false)) {\n    return '${text}';\n  }\n};\n`;
    const repository = await bench.repository('unlined');
    await repository.commit({ 'src/a.ts': guarded('old') });
    await repository.commit({ 'src/a.ts': guarded('new'), '.gitattributes': '*.ts -diff\n' });
    const report = await repository.report('--base', 'HEAD~1');
    expect(changesOf(report)).toEqual(['one: guards']);
    const [place, ...others] = impactOn(report, 'one')?.guarded ?? [];
    expect(others).toEqual([]);
    expect(place?.line).toBe(place?.endLine);
  });

  it('reads a change of 3,000 files', { timeout: 60_000 }, async () => {
    const repository = await bench.repository('many');
    const files = (key: string): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length: 3_000 }, (_, at) => [
          `src/d${at % 50}/f${at}.ts`,
          at % 100 === 0 ? asking(key) : `export const v = '${key}';\n`,
        ]),
      );
    await repository.commit(files('one'));
    await repository.commit(files('two'));
    const report = await repository.report('--base', 'HEAD~1');
    expect(report.files.changed).toBe(3_000);
    // Its text stands nowhere any more either.
    expect(changesOf(report)).toEqual(['one: extinct', 'two: added']);
    expect(impactOn(report, 'two')?.added).toHaveLength(30);
    const { out } = await repository.review('--base', 'HEAD~1');
    expect(out.length).toBeLessThan(65_536);
  });

  it('says where there is no repository', async () => {
    await mkdir(join(bench.folder, 'none'), { recursive: true });
    await expect(new Repository(bench.folder, join(bench.folder, 'none')).review('--base', 'main')).rejects.toThrow(
      /is in no working tree of git/,
    );
    await rm(join(bench.folder, 'none'), { recursive: true });
  });

  it('writes nothing, neither files nor what git keeps', async () => {
    const repository = await bench.repository('untouched');
    await repository.commit({
      '.sightglass.json': configuration([production]),
      'flags.flagd.json': flagFile({ one: 'on' }),
      'src/a.ts': asking(),
    });
    await repository.write({ 'src/a.ts': asking('one') });
    const index = await readFile(join(repository.folder, '.git/index'));
    const before = repository.git('status', '--porcelain=v2', '--untracked-files=all');
    expect(reasonsOf(await repository.report('--base', 'main'))).toEqual(['live-on-deploy one']);
    expect(repository.git('--no-optional-locks', 'status', '--porcelain=v2', '--untracked-files=all')).toBe(before);
    expect(index.length).toBeGreaterThan(0);
  });
});
