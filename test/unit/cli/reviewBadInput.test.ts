import { execFileSync } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../src/cli/commandLine';
import {
  asking,
  changesOf,
  configuration,
  flagFile,
  impactOn,
  production,
  reviewBench,
  type Bench,
} from './reviewRepository';

let bench: Bench;
beforeAll(async () => {
  bench = await reviewBench();
});
afterAll(() => bench.dispose());

describe('review of histories that are no straight line', () => {
  it('takes of a branch that merged its base what the branch did, and of a merge what it did itself', async () => {
    const repository = await bench.repository('merged');
    await repository.commit({ 'src/a.ts': asking('one'), 'src/b.ts': asking('shared') });
    repository.git('checkout', '-q', '-b', 'feature');
    await repository.commit({ 'src/a.ts': asking('one', 'mine') });
    repository.git('checkout', '-q', 'main');
    await repository.commit({ 'src/b.ts': asking('shared', 'theirs') });
    repository.git('checkout', '-q', 'feature');
    repository.git('merge', '-q', '--no-commit', 'main');
    // Something that neither side had.
    await repository.commit({ 'src/b.ts': asking('shared', 'theirs', 'in-merge') });
    expect(repository.git('rev-list', '--parents', '-n1', 'HEAD').trim().split(' ')).toHaveLength(3);
    const report = await repository.report('--base', 'main', '--head', 'feature');
    expect(changesOf(report).toSorted()).toEqual(['in-merge: added', 'mine: added']);
    expect(changesOf(await repository.report('--base', 'HEAD^1', '--head', 'HEAD')).toSorted()).toEqual([
      'in-merge: added',
      'theirs: added',
    ]);
  });

  it('compares two branches that merged each other with one of the places where they met', async () => {
    const repository = await bench.repository('crossed');
    await repository.commit({ 'src/a.ts': asking('one'), 'src/b.ts': asking('two') });
    repository.git('branch', 'other');
    const mine = await repository.commit({ 'src/a.ts': asking('one', 'mine') });
    repository.git('checkout', '-q', 'other');
    const theirs = await repository.commit({ 'src/b.ts': asking('two', 'theirs') });
    repository.git('merge', '-q', '-m', 'across', mine);
    repository.git('checkout', '-q', 'main');
    repository.git('merge', '-q', '-m', 'across', theirs);
    await repository.commit({ 'src/c.ts': asking('later') });
    expect(repository.git('merge-base', '--all', 'main', 'other').trim().split('\n')).toHaveLength(2);
    const report = await repository.report('--base', 'other', '--head', 'main');
    expect(impactOn(report, 'later')?.change).toBe('added');
  });

  it('reads what lies there where the head is detached', async () => {
    const repository = await bench.repository('detached');
    await repository.commit({ 'src/a.ts': asking('one') });
    await repository.commit({ 'src/a.ts': asking('one', 'two') });
    repository.git('checkout', '-q', '--detach', 'HEAD');
    await repository.write({ 'src/a.ts': asking('one', 'two', 'three') });
    const report = await repository.report('--base', 'main~1');
    expect(changesOf(report).toSorted()).toEqual(['three: added', 'two: added']);
    expect(report.head).toMatchObject({ commit: null });
    expect(changesOf(await repository.report('--base', 'main~1', '--head', 'HEAD'))).toEqual(['two: added']);
  });
});

describe('review of what cannot be read', () => {
  it('tells the others where a file is binary, and names one that passes for source', async () => {
    const repository = await bench.repository('binary');
    const binary = (byte: number) =>
      Uint8Array.from({ length: 5_000 }, (_, at) => (at % 7 === 0 ? 0 : (at * byte) % 256));
    await repository.commit({ 'logo.png': binary(3), 'src/blob.ts': binary(5), 'src/a.ts': asking('one') });
    await repository.commit({ 'logo.png': binary(11), 'src/blob.ts': binary(13), 'src/a.ts': asking('one', 'two') });
    const report = await repository.report('--base', 'HEAD~1');
    expect(changesOf(report)).toEqual(['two: added']);
    expect(report.files.changed).toBe(3);
    expect(report.missing.map(({ words }) => words)).toContain('src/blob.ts was not read whole: binary');
    const { out } = await repository.review('--base', 'HEAD~1');
    expect(out).not.toContain('\0');
  });

  it('says which systems and backends cannot be reached, and tells the rest', async () => {
    const repository = await bench.repository('unreachable');
    // Nobody listens there.
    const url = 'http://127.0.0.1:9';
    await repository.commit({
      '.sightglass.json': JSON.stringify({
        systems: [
          {
            ...{ id: 'far', type: 'unleash', url },
            projects: [{ name: 'default', environments: [{ name: 'production', kind: 'live' }] }],
          },
        ],
        backends: [
          { id: 'prom', type: 'prometheus', url },
          { id: 'traces', type: 'jaeger', url },
        ],
      }),
      'src/a.ts': asking('one'),
    });
    await repository.commit({ 'src/a.ts': asking('one', 'two') });
    repository.variables = {
      ...{ SIGHTGLASS_FAR_URL: url, SIGHTGLASS_FAR_TOKEN: 'planted-secret' },
      ...{ SIGHTGLASS_PROM_URL: url, SIGHTGLASS_TRACES_URL: url },
    };
    const { code, out, err } = await repository.review('--base', 'HEAD~1');
    expect(code).toBe(0);
    const said = out.slice(out.indexOf('**Not known**'), out.indexOf('### '));
    expect(said).toMatch(/far\/default cannot be asked: .*127\.0\.0\.1:9/);
    expect(said).toMatch(/Jaeger traces did not say who calls whom: /);
    expect(said).toMatch(/prom.*(did not answer|cannot be reached|could not be asked)/);
    expect(changesOf(await repository.report('--base', 'HEAD~1'))).toEqual(['two: added']);
    expect(out + err).not.toContain('planted-secret');
  });

  it(
    'reads a change of 5,200 files, and says of how many the functions were looked at',
    { timeout: 120_000 },
    async () => {
      const repository = await bench.repository('most');
      const files = (key: string): Record<string, string> =>
        Object.fromEntries(
          Array.from({ length: 5_200 }, (_, at) => [
            `src/d${String(at % 50)}/f${String(at)}.ts`,
            at % 200 === 0 ? asking(key) : `export const v = '${key}';\n`,
          ]),
        );
      await repository.commit(files('one'));
      await repository.commit(files('two'));
      const report = await repository.report('--base', 'HEAD~1');
      expect(report.files.changed).toBe(5_200);
      expect(changesOf(report)).toEqual(['one: extinct', 'two: added']);
      expect(report.missing.map(({ words }) => words)).toContain(
        'Functions of 5000 of 5200 changed files were looked at.',
      );
    },
  );
});

describe('review --allow-exec', () => {
  it('is refused, on a fork in CI and elsewhere, before anything is read: nothing is run', async () => {
    const repository = await bench.repository('fork');
    await repository.commit({
      '.sightglass.json': configuration([production]),
      'flags.flagd.json': flagFile({ one: 'on' }),
      'src/a.ts': asking('one'),
    });
    const proof = join(bench.folder, 'allowed-to-run');
    await mkdir(join(repository.folder, '.git', 'hooks'), { recursive: true });
    for (const name of ['post-checkout', 'post-index-change', 'reference-transaction'])
      await writeFile(join(repository.folder, '.git', 'hooks', name), `#!/bin/sh\ntouch '${proof}'\n`, { mode: 0o755 });
    await repository.commit({ 'src/a.ts': asking('one', 'two'), 'package.json': '{"scripts":{"prepare":"false"}}' });
    // The commit itself ran them: the proof can fail.
    expect(await stat(proof).catch(() => null)).not.toBeNull();
    execFileSync('rm', [proof]);
    const before = await readdir(repository.folder);
    const ci = { CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'pull_request', GITHUB_HEAD_REF: 'fork' };
    for (const variables of [{}, ci]) {
      repository.variables = variables;
      await expect(repository.review('--base', 'HEAD~1', '--allow-exec')).rejects.toThrow(
        /runs nothing .* --allow-exec/,
      );
      expect(changesOf(await repository.report('--base', 'HEAD~1'))).toEqual(['two: added']);
    }
    expect(() => parseCommandLine(['review', '--base', 'a', '--allow-exec'])).toThrow(/runs nothing/);
    expect(await stat(proof).catch(() => null)).toBeNull();
    expect(await readdir(repository.folder)).toEqual(before);
  });
});
